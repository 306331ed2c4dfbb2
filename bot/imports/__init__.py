"""Files that an office hands over: people, groups, members of groups."""

"""The scheduled clean-up of group members (articles 五.8, 二.6, 五.5 to 五.9)."""

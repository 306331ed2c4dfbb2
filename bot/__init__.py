"""The runtime between DingTalk and the handlers: settings, doors, dispatch, schedule, command line."""

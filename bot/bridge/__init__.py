"""Reading all messages of a group from another program, where that is allowed (docs/bridge.md)."""

"""What the bot does, a folder a capability. Nothing here touches the network or waits."""

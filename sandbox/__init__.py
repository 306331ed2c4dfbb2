"""A DingTalk stand-in on localhost with a sample college in it. Shares no protocol code with the bot."""

"""A platform that does as little as it can beside the bot: it pushes messages at a rate and notes what comes back."""

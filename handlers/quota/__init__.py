"""How many of the month's calls are gone, how long the rest lasts, and what waits when it does not."""

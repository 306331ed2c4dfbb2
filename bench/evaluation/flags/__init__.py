"""How often content rules find what is meant, and leave in peace what is not."""

"""From a question to the articles that speak of it, and whether any of them answers it."""

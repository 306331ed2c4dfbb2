"""Regulations as documents: from a file to articles that people can name, versions, and the matter they share."""

"""The language model that may rephrase what was found: calls to an OpenAI-compatible address."""

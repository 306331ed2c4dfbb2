"""From words to vectors: by a model on this machine, or at an OpenAI-compatible address."""

"""From a message to what people read: which questions it asks, and an answer in plain words with the article beside it."""

"""The page of the sandbox: chat as anybody of the organisation, and move the clock."""

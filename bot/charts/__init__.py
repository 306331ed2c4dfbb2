"""Pictures of numbers: drawn in a process of its own, uploaded, and shown in the message that asked for them."""

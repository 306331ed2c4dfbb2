"""Finding out what `/自检` and `steward doctor` tell: over the network, and of the file and its disk."""

// Keccak-256 of 64-byte pairs and of messages.

"""Others send to us: what arrives is kept durably before it is acknowledged."""

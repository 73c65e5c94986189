"""A mail that is reported to Signal Spam: what may leave, and in which shape."""

"""What a terminal sees: a Django app without tables."""

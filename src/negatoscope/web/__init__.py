"""What a person sees: a Django app without tables."""

"""One normaliser a product."""

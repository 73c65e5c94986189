"""Tiny helpers with no domain word in them."""

"""Frozen dataclasses, pure: what the practice is made of, and what we can say of it."""

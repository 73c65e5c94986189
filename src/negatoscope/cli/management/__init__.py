"""Django's home for verbs."""

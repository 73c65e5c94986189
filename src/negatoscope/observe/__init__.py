"""We go and look."""

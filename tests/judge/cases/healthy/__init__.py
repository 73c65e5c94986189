"""The facts of a healthy practice, a file a topic: each has ``FACTS``."""

"""The chain of custody of an incident's evidence, on paper: to be signed by whoever hands over and whoever receives."""

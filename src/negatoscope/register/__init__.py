"""New observations and what is known become changes; pure."""

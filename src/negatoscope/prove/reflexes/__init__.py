"""A reflex sheet on paper: two pages that need neither network nor console."""

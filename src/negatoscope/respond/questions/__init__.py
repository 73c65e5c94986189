"""Rule 38's three questions: who is alike, what can be reached, who was spoken with; and how it got in."""

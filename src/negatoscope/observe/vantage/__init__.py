"""What answers to a place: TCP ports opened and closed again, a first word heard, a first page asked for."""

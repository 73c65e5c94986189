"""What a launch of the alert chain showed, on paper."""

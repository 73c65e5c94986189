"""Flow records: what exporters tell of who talked with whom, reduced to conversations."""

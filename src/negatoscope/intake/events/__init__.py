"""Lines and records that others send or leave in files: kept as they came, durably, before they are acknowledged."""

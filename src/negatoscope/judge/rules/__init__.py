"""Forty rules, one file each, found by their number."""

"""Sigma: rules compiled once, matched against many events."""

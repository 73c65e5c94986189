"""Firewalls' own settings, one reader a maker: bytes in, a rule base in one shape out."""

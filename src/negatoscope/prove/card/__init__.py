"""Whom to call, on paper: a card for the wallet and the call tree for the wall."""

"""Responding: whom alerts reach by which way; what an intrusion owes to whom and until when. Pure where it thinks."""

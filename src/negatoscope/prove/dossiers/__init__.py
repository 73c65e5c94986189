"""A dossier of declaration on paper: every field in the order of its portal, to be copied, signed and filed."""

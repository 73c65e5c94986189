"""The five situations of rule 26, one file each."""

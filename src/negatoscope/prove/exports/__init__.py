"""The same judgement, for machines and spreadsheets."""

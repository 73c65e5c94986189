"""What pages read: questions to the tables, answered with frozen values; nothing is written here."""

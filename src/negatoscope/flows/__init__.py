"""The only place where rooms meet; transactions live here."""

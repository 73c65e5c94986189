"""Mail sent on to elsewhere: Sieve, Postfix tables, Exchange and Microsoft 365. Who it goes to is never kept."""

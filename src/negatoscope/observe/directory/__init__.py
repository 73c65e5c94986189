"""Central directories over LDAP: what is asked, what is kept, and how it is read."""

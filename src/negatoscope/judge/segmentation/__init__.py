"""Who can reach whom through a gateway: rule bases evaluated exactly, as sets of packets."""

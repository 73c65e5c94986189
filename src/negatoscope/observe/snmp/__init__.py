"""Switches, routers and printers told by themselves: SNMP, read only, bounded in time, size and place."""

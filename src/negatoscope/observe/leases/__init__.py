"""Who was given an address, or spoke beside a device: tables of DHCP servers and of neighbours. One file a format."""

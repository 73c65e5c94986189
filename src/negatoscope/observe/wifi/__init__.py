"""Radio networks, as access points and their controllers are set. One file a maker; no passphrase is ever kept."""

"""nmap without its scripts: what it may be asked (``arguments``), how its answers are kept and read."""

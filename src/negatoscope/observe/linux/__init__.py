"""A Linux host: what to run on it (``probes``), how to read what came back (``read``); nothing touches the world."""

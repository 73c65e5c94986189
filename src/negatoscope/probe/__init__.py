"""The program on the network: it looks, seals what it saw for the console, and cannot read it again."""

"""The graph of the network, drawn from facts: who is joined to whom, on whose word, and what hangs on whom. Pure."""

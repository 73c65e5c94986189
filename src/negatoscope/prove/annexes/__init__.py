"""The network's register on paper, an annex a question: what is known, on whose word, since when; and what is not."""

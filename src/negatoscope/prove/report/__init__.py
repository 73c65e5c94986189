"""The same judgement, on paper."""

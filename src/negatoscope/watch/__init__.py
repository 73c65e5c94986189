"""The room that watches: events normalised, matched against Sigma rules and the five situations of rule 26."""

"""Exercises: an incident played on a scenario, by a clock of its own, and held against what the scenario expects."""

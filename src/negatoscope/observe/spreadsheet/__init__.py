"""Lists kept in a spreadsheet: persons and accounts, from Excel or CSV, handed over by a person."""

from negatoscope.observe.spreadsheet.collector import SPREADSHEET

__all__ = ["SPREADSHEET"]

"""Printers and print servers asked how they print (IPP); nothing is ever sent to be printed."""

"""Reads what inventory agents posted: computers as GLPI and FusionInventory agents describe them."""

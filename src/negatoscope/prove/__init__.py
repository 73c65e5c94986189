"""Ledger, plan, reports and exports."""

"""Factory log-ins tried on who allowed it: published pairs alone, few and slowly, and no word of them is kept."""

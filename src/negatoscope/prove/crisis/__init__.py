"""What a practice reads on the day when its network is gone: one page that needs nothing but a browser."""

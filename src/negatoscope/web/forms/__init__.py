"""What people fill in; parsed at the door into typed values."""

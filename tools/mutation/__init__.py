"""What is broken on purpose, to see whether a test notices."""

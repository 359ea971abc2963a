"""What phrases mean."""

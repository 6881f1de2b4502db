"""What holds for a fake and the real thing alike, and for every capture."""

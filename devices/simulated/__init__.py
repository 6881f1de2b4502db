"""A phone made of software. It shares no code with the program that it tests."""

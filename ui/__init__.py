"""The window. It reads and asks through services; it never knows the database or a phone."""

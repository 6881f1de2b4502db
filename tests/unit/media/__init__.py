"""Hostile files: what they are, how they are called, what may be made of them."""

"""Mirrors that are compared on one modelled phone: three common ways of reading a chat off a screen, and ours."""

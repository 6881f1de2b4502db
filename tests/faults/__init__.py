"""Storms: seeded messages, replies and faults on simulated phones, a recorded history, and a checker."""

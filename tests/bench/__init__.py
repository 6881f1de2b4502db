"""Measurements: one command, results as a table. Never part of the tests; figures on simulated phones are called that."""

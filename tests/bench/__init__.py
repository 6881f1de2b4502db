"""Measurements: one command, results as a table. Figures of simulated phones are called that."""

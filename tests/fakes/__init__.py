"""Ports in memory, and simulated phones in a process of their own."""

"""The simulated app alone, on a host in memory."""

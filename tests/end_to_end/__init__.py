"""Services, worker and command line from one end to the other."""

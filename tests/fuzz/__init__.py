"""Garbage for everything that reads what phones print: it may refuse, as documented, and it must end in time."""

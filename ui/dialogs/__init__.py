"""Questions and notices: opened and awaited, never executed."""

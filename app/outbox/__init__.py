"""What may be sent, when, and what became of it. Pure functions of history and now."""

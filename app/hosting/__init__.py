"""A PostgreSQL server that this PC runs for its team: made, started, watched, backed up."""

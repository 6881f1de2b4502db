"""A real PostgreSQL, run as it is for a team."""

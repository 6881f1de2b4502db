"""The team's database. All SQL lives here; services speak to it in domain values."""

"""What only a server's database has: roles, rights by row and column, triggers, and how they are put there."""

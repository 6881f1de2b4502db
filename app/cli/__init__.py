"""The command line: tables for people, JSON with --json. Standard output holds the answer alone."""

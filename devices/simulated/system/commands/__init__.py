"""Commands of the phone's shell, one family a file; each answers as the phone, exit code too."""

"""What runs: the supervisor, one worker a phone, the feed. Hands services a phone, a clock and a time limit."""

"""What a team's database and its PCs must survive: kills, cuts, full disks, frozen drivers and fail-over."""

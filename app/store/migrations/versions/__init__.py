"""One file a step; additive only."""

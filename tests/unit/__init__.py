"""Pure parts, one folder a room of the source."""

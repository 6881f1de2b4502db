"""The parts of hosting that need no server."""

"""Ways that take several pages."""

"""Values, events, ports and rules. Standard library only, frozen, no clock."""

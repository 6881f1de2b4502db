"""How people share a number, as rules: states, cases, clocks, opening hours, who answers, what is in the way. Pure."""

"""Planning: prices and limits, searches for the cheapest way to pass, what-if scenarios, what still counts in time."""

"""The facts: what the schools and the county reported, its data dictionary and its readers."""

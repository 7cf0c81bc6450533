"""The first page after signing in, and what is found from everywhere."""

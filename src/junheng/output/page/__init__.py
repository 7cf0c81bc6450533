"""One county's answer as one page that needs nothing beside it: no network, no other file."""

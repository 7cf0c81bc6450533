"""One county's answer as a single HTML page that needs nothing beside it: no network, no server, no framework."""

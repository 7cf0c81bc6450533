"""The project's settings, its URLs, and the list of what reacts to what."""

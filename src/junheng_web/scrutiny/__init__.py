"""Signs that a figure deserves a second look: the office's working papers, never a verdict on anybody."""

"""Signed and sealed paper: the mark that names a version, and the scan that is matched with it (P15)."""

"""Workbooks in: read, what they would change, and the change."""

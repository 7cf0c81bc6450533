"""Workbooks of the national statistics: mappings that the office makes of its forms, and the census read by them."""

"""One answer in the forms that people and programs read: terminal tables, JSON."""

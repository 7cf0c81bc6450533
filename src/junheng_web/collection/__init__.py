"""Collection: each number once, of the one who owns it, checked, signed and approved."""

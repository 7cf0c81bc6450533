"""A form on its way: filled in, checked, answered for, signed, reviewed, confirmed, approved, sent back (P14)."""

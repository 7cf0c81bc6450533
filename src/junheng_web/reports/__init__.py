"""What the county hands in and makes known: written, reviewed, signed with every figure frozen, and packed."""

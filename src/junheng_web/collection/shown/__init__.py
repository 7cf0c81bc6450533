"""What pages show of a ledger and its forms, for the reader's eyes: no page computes, nothing here writes a fact."""

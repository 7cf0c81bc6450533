"""A period's two ledgers: whose fact is where, what was entered and when, what a ledger takes in, and its facts."""

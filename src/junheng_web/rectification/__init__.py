"""What is wrong and who puts it right: the ledger of issues, the veto register, and the figures of both."""

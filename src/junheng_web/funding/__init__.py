"""The funding ledger (附件3): what money is for, where it comes from, how far it has got, and whether it adds up."""

"""Forms of the national statistics, read by a mapping that is data: which cell of which form is which fact."""

"""One county's answer as a workbook: live formulas over the reported numbers, each with the engine's value."""

"""One county's answer as a Word file: a page for the county, then a page for each school with findings."""

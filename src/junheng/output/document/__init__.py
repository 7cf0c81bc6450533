"""One county's answer as a Word document: a page about the county, then one for each school with findings."""

"""Who answers for what: each unit's duties word for word, the table of indicators and units, and recurring reports."""

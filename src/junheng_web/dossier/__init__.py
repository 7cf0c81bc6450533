"""The checklist of evidence: what each indicator has to show, whose it is, what was handed in and approved."""

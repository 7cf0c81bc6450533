"""Official papers (公文): texts whose figures are references, on pages in the format of GB/T 9704-2012."""

"""Files: what was handed in, by content; links to whatever it proves; downloads that ask who is asking."""

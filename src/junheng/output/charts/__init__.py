"""Charts as SVG and PNG: `drawing` knows shapes and SVG, `png` paints the same shapes, `plan` lays out a plan's.

`bars` sets figures beside their limits.
"""

"""Facts and rules in force to sections, values, spreads, gaps and verdicts.

The data flows one way: schools -> campuses -> sections -> measures -> verdicts, totals -> spreads -> the answer. Each
arrow is one SQL statement of `pipeline`; what SQL cannot decide exactly is decided with fractions in `spread`.
"""

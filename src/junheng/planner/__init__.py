"""The cheapest plan to pass.

`prepare` makes the problem, `model` and `cones` say it as mathematics, `search` solves it in the process of `worker`,
`check` and the engine confirm what is found (`confirm`), and `planning` puts the answer together.
"""

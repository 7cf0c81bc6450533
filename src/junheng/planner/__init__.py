"""The cheapest plan to pass.

`prepare` makes the problem (`case`, `terms`). As mathematics it is `variables`, one function for each family of
constraints in the room of its subject (`teachers`, `things`, `lines`, `limits`, and `cones` for the spreads), and
`costs`; `model` is their list. `search` solves it in the process of `worker`, `check` and the engine confirm what is
found (`confirm`), and `planning` puts the answer together. `persons` finds people of a register for its transfers.
"""

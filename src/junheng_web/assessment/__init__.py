"""Snapshots of facts, runs of the engine over them, and the pages that show and explain their results."""

"""Checks on facts and values, declared as data. Nothing stands here yet."""

"""Checks on facts and values, declared as data under `checks/`: what a finding means and what to do about it."""

"""Passwords of tests: hashed as everywhere, with the least work that the algorithm allows; else one takes 0.2 s."""

from __future__ import annotations

from django.contrib.auth.hashers import Argon2PasswordHasher


class QuickArgon2(Argon2PasswordHasher):
    """The platform's hasher with no work to speak of; that the platform's own is dear, test_house_rules says."""

    time_cost, memory_cost, parallelism = 1, 8, 1

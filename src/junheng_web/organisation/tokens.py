"""Tokens of the API: shown once, stored hashed, bound to an account and a county, expiring."""

from __future__ import annotations

import hashlib

from django.db import models

from junheng_web.organisation.areas import CountyOwned
from junheng_web.organisation.people import Account


def hashed(token: str) -> str:
    """Return what is stored of a token; 256 random bits need no salt."""
    return hashlib.sha256(token.encode()).hexdigest()


class Token(CountyOwned):
    """Lets a program read what its account may read in one county."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="tokens")
    name = models.CharField("用途", max_length=80)
    digest = models.CharField(max_length=64, unique=True)
    expires = models.DateTimeField("有效期至")
    created_at = models.DateTimeField(auto_now_add=True)

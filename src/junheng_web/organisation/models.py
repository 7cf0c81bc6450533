"""The room's models, one module for each subject."""

from __future__ import annotations

from junheng_web.organisation.areas import Area, CountyOwned, OwnedQuerySet
from junheng_web.organisation.contacts import Contact
from junheng_web.organisation.groups import Group, Seat
from junheng_web.organisation.journal import AuditRow, Event, Handled, Job, OwnedOnce, Seal
from junheng_web.organisation.people import Account, Appointment, Person, Post, Unit
from junheng_web.organisation.publications import Publication
from junheng_web.organisation.schools import School, SchoolAlias, SchoolChange
from junheng_web.organisation.tokens import Token

__all__ = [
    "Account",
    "Appointment",
    "Area",
    "AuditRow",
    "Contact",
    "CountyOwned",
    "Event",
    "Group",
    "Handled",
    "Job",
    "OwnedOnce",
    "OwnedQuerySet",
    "Person",
    "Post",
    "Publication",
    "School",
    "SchoolAlias",
    "SchoolChange",
    "Seal",
    "Seat",
    "Token",
    "Unit",
]

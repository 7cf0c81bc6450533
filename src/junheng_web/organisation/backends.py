"""Who may sign in."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.backends import ModelBackend

from junheng_web.organisation.people import Account


class Accounts(ModelBackend):
    """Accounts by name and password; those of the demonstration only where a demonstration is given."""

    def user_can_authenticate(self, user: Account) -> bool:
        return super().user_can_authenticate(user) and (settings.DEMONSTRATION or not user.demonstration)

    def get_user(self, user_id: int) -> Account | None:
        user = super().get_user(user_id)
        return user if user is not None and self.user_can_authenticate(user) else None

"""Who may sign in at all."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.backends import ModelBackend

from junheng_web.organisation.people import Account


class AccountBackend(ModelBackend):
    """Accounts with a password; those of the demonstration only where the demonstration is meant."""

    def user_can_authenticate(self, user: Account | None) -> bool:
        """Return whether an account may sign in or stay so: the password of a demonstration is known to everybody."""
        if user is not None and user.demonstration and not settings.DEMONSTRATION:
            return False
        return super().user_can_authenticate(user)

    def get_user(self, user_id: int) -> Account | None:
        """Return whom a session is of, with the person: every page says who is signed in."""
        account = Account.objects.select_related("person").filter(pk=user_id).first()
        return account if self.user_can_authenticate(account) else None

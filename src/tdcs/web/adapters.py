"""Accounts are given by the branch: nobody signs up."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class ClosedAccounts(DefaultAccountAdapter):  # type: ignore[misc]
    """Sign-in only."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

"""allauth's two hooks: nobody signs up by themselves, and a provider never creates access."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.http import HttpRequest


class KontoAdapter(DefaultAccountAdapter):
    """A person exists because a coordinator or a leader registered them with a Verv."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


class LeverandoerAdapter(DefaultSocialAccountAdapter):
    """Feide, Entra ID and ID-porten sign in people who are registered already; they register nobody."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

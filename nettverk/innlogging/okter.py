"""Sessions that nobody can use any more, with the address and the browser they were used from."""

from datetime import timedelta

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.core.management import call_command
from django.utils import timezone


def purge_sessions() -> int:
    """Delete them; returns how many people's sessions went."""
    call_command("clearsessions")
    grense = timezone.now() - timedelta(seconds=settings.SESSION_COOKIE_AGE)
    antall, _detaljer = UserSession.objects.filter(last_seen_at__lt=grense).delete()
    return antall

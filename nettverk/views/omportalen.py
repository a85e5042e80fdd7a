"""About the portal: the accessibility statement and how it treats personal data."""

from datetime import timedelta

from allauth.mfa import app_settings as mfa
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from nettverk.arbeid.jobber import JOBBER_BEHOLDES
from nettverk.innlogging import forsoek, kjent
from nettverk.models import Nettverk


@login_not_required
@require_safe
def tilgjengelighet(request: HttpRequest) -> HttpResponse:
    """What works, what we know does not, and where to tell us."""
    erklaeringer = (
        Nettverk.objects.filter(er_offentlig=True)
        .exclude(tilgjengelighetserklaering_url="")
        .only("navn", "tilgjengelighetserklaering_url")
    )
    return render(request, "konto/tilgjengelighet.html", {"erklaeringer": erklaeringer})


@login_not_required
@require_safe
def personvern(request: HttpRequest) -> HttpResponse:
    """What is kept, why, who sees it and how long – the times as they are set in this installation."""
    context = {
        "kode_minutter": settings.KODE_VARER // timedelta(minutes=1),
        "kode_forsok": forsoek.KODE.antall,
        "okt_dager": timedelta(seconds=settings.SESSION_COOKIE_AGE).days,
        "spraak_dager": timedelta(seconds=settings.LANGUAGE_COOKIE_AGE).days,
        "brev_dager": settings.BREV_TEKST_BEHOLDES.days,
        "logg_dager": settings.SIKKERHETSLOGG_BEHOLDES.days,
        "kodebrev_dager": settings.BREV_INNLOGGING_BEHOLDES.days,
        "jobb_dager": JOBBER_BEHOLDES.days,
        "okt_navn": settings.SESSION_COOKIE_NAME,
        "csrf_navn": settings.CSRF_COOKIE_NAME,
        "spraak_navn": settings.LANGUAGE_COOKIE_NAME,
        "enhet_navn": mfa.TRUST_COOKIE_NAME,
        "kjent_navn": kjent.cookie_name(),
        "kjent_dager": kjent.VARER.days,
        "tellere_timer": forsoek.KONTO.vindu // timedelta(hours=1),
    }
    return render(request, "konto/personvern.html", context)

"""Sign-in: e-mailed code for everybody; Feide, Entra ID and ID-porten when they are configured."""

import json
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ImproperlyConfigured

KJENTE: dict[str, dict[str, Any]] = {
    "FEIDE": {
        "provider_id": "feide",
        "name": "Feide",
        "server_url": "https://auth.dataporten.no/",
        # Never userid-nin: the portal has no use for a national identity number.
        "scope": ["openid", "userinfo-name", "email", "userid-feide"],
        # Most schools' Feide is a password alone; the network says when it is more.
        "sterk": [],
    },
    "ENTRA": {
        "provider_id": "microsoft",
        "name": "Microsoft",
        "server_url": "",
        "scope": ["openid", "profile", "email"],
        "sterk": ["mfa"],
    },
    "IDPORTEN": {
        "provider_id": "idporten",
        "name": "ID-porten",
        "server_url": "https://idporten.no/",
        "scope": ["openid"],
        "sterk": ["idporten-loa-substantial", "idporten-loa-high"],
    },
}


def leverandoerer(miljo: Mapping[str, str]) -> list[dict[str, Any]]:
    """The OpenID Connect providers whose settings are in the environment.

    `<NAME>_CLIENT_ID` and `<NAME>_SECRET` switch one on (FEIDE, ENTRA, IDPORTEN); `<NAME>_SERVER`
    is its address (needed for ENTRA: one tenant); `<NAME>_DOMENER` a JSON list of e-mail domains
    whose addresses this provider is trusted for; `<NAME>_STERK` one of the levels (`acr`, `amr` or `acrs`
    of its token) that are as good as a passkey. Raises ImproperlyConfigured on half a set.
    """
    return [
        _app(navn, kjent, miljo) for navn, kjent in KJENTE.items() if miljo.get(f"{navn}_CLIENT_ID")
    ]


def _app(navn: str, kjent: dict[str, Any], miljo: Mapping[str, str]) -> dict[str, Any]:
    server = miljo.get(f"{navn}_SERVER") or kjent["server_url"]
    if not miljo.get(f"{navn}_SECRET") or not server:
        raise ImproperlyConfigured(
            f"{navn}_CLIENT_ID er satt, men {navn}_SECRET eller {navn}_SERVER mangler."
        )
    domener = _words(f"{navn}_DOMENER", miljo, [])
    sterk = _words(f"{navn}_STERK", miljo, kjent["sterk"])
    return {
        "provider_id": kjent["provider_id"],
        "name": kjent["name"],
        "client_id": miljo[f"{navn}_CLIENT_ID"],
        "secret": miljo[f"{navn}_SECRET"],
        "settings": {
            "server_url": server.rstrip("/"),
            "scope": kjent["scope"],
            "uid_field": "sub",
            "oauth_pkce_enabled": True,
            "email_authentication": bool(domener),
            "verified_email": domener,
            "sterk": sterk,
        },
    }


def _words(navn: str, miljo: Mapping[str, str], ellers: list[str]) -> list[str]:
    """A JSON list of words; `ellers` when it is not set."""
    if not miljo.get(navn):
        return ellers
    try:
        verdi = json.loads(miljo[navn])
    except ValueError:
        verdi = None
    if not isinstance(verdi, list) or not all(isinstance(ord_, str) for ord_ in verdi):
        raise ImproperlyConfigured(f'{navn}={miljo[navn]!r}: skriv en JSON-liste, som ["mfa"].')
    return verdi

"""Where the settings say that files are kept: the machine's own disk, or an S3-compatible store.

Read by the settings, so nothing of Django but its error.
"""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ImproperlyConfigured

STILER = ("path", "virtual")


def storage(miljo: Mapping[str, str]) -> dict[str, Any]:
    """STORAGES["default"]: the disk (MEDIA_ROOT), or the store when LAGER_S3_BUCKET names one."""
    satt = {
        navn: miljo.get(f"LAGER_S3_{navn}", "").strip()
        for navn in ("BUCKET", "ADRESSE", "REGION", "NOEKKEL", "HEMMELIGHET", "MAPPE", "STIL")
    }
    if not satt["BUCKET"]:
        if rest := [navn for navn, verdi in satt.items() if verdi]:
            raise ImproperlyConfigured(
                f"LAGER_S3_{rest[0]} er satt, men ikke LAGER_S3_BUCKET. Sett den, eller fjern LAGER_S3_{rest[0]}."
            )
        return {"BACKEND": "nettverk.filer.lager.HeltLager"}
    if mangler := [navn for navn in ("NOEKKEL", "HEMMELIGHET") if not satt[navn]]:
        raise ImproperlyConfigured(
            f"LAGER_S3_BUCKET er satt, men ikke {' og '.join(f'LAGER_S3_{navn}' for navn in mangler)}."
        )
    if satt["ADRESSE"] and not satt["ADRESSE"].startswith(("https://", "http://")):
        raise ImproperlyConfigured("LAGER_S3_ADRESSE: skriv hele adressen, med https:// foran.")
    stil = satt["STIL"] or "path"
    if stil not in STILER:
        raise ImproperlyConfigured("LAGER_S3_STIL: skriv path eller virtual.")
    return {
        "BACKEND": "nettverk.filer.s3lager.S3Lager",
        "OPTIONS": {
            "bucket_name": satt["BUCKET"],
            "endpoint_url": satt["ADRESSE"] or None,
            "region_name": satt["REGION"] or None,
            "access_key": satt["NOEKKEL"],
            "secret_key": satt["HEMMELIGHET"],
            "location": satt["MAPPE"].strip("/"),
            "addressing_style": stil,
        },
    }

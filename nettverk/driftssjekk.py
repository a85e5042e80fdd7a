"""Is it ready to be used? Each part of a portal in production asked in earnest, with what mends it.

For the administrator at the keyboard (`manage.py driftssjekk`, `make sjekk-drift`). What watches day and
night is /helse/.
"""

import datetime
import json
import os
import shutil
import smtplib
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import redis
from django.conf import settings
from django.core import checks
from django.core.cache import caches
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.mail import get_connection
from django.db import Error as DatabaseError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from nettverk.filer.lager import LagerBorte
from nettverk.maskinrom import biblioteker
from nettverk.mellomlager import klient
from nettverk.signaler import HJERTESLAG_NOEKKEL, KLOKKESLAG_NOEKKEL

MINSTE_POSTGRES = 17
# Seconds that two clocks may differ before codes, leases and meetings go wrong.
KLOKKESLINGRING = 2
LITEN_PLASS = 2 * 1024**3
_LOKALT = {"localhost", "127.0.0.1", "::1"}


class Mangel(Exception):
    """What is wrong, and how it is mended."""

    def __init__(self, hva: str, raad: str) -> None:
        super().__init__(f"{hva} {raad}")


@dataclass(frozen=True)
class Sjekksvar:
    """One line: what was asked about, what is wrong with it ("" when it is well), and else a word on it."""

    del_: str
    feil: str = ""
    merknad: str = ""


def run() -> Iterator[Sjekksvar]:
    """Every part in turn; one that fails stops no other."""
    for del_, sjekk in SJEKKER.items():
        try:
            yield Sjekksvar(del_, merknad=sjekk())
        except Mangel as feil:
            yield Sjekksvar(del_, feil=str(feil))
        except DatabaseError:
            yield Sjekksvar(del_, feil="Kan ikke sjekkes før databasen svarer.")
        except redis.RedisError:
            yield Sjekksvar(del_, feil="Kan ikke sjekkes før Redis svarer.")
        except Exception as feil:  # a part that we had not thought could fail so
            yield Sjekksvar(del_, feil=f"Sjekken stoppet: {type(feil).__name__}: {feil}")


def _innstillinger() -> str:
    if settings.DEBUG:
        raise Mangel("DEBUG=1 er for utvikling.", "Fjern DEBUG fra miljøet.")
    funn = [en for en in checks.run_checks(include_deployment_checks=True) if en.level >= 30]
    if funn := [en for en in funn if not en.is_silenced()]:
        raise Mangel("; ".join(f"{en.id}: {en.msg}" for en in funn), funn[0].hint or "")
    return "check --deploy har ingen merknader"


def _noekler() -> str:
    noekkel = settings.SECRET_KEY
    if len(noekkel) < 50 or len(set(noekkel)) < 10 or "bytt" in noekkel.lower():
        raise Mangel(
            "SECRET_KEY er for svak eller ikke byttet.",
            "Lag en ny: python3 -c 'import secrets; print(secrets.token_hex(48))'",
        )
    passord = str(connection.settings_dict.get("PASSWORD") or "")
    if passord and len(passord) < 12 and connection.settings_dict["HOST"] not in {"", *_LOKALT}:
        raise Mangel("Passordet til databasen er kortere enn 12 tegn.", "Bytt det til et lengre.")
    return f"SECRET_KEY er {len(noekkel)} tegn"


def _adressen() -> str:
    if not settings.ALLOWED_HOSTS or "*" in settings.ALLOWED_HOSTS:
        raise Mangel("ALLOWED_HOSTS mangler eller er *.", "Skriv vertsnavnet, portal.example.")
    if settings.ALLOWED_HOSTS[0].endswith(".example"):
        raise Mangel("ALLOWED_HOSTS er fortsatt eksempelet.", "Skriv vertsnavnet portalen har.")
    vert = urlsplit(settings.PORTAL_ADRESSE).hostname or ""
    if not any(vert == en.lstrip(".") or vert.endswith(en) for en in settings.ALLOWED_HOSTS):
        raise Mangel(
            f"Lenkene i e-postene går til {settings.PORTAL_ADRESSE}, som portalen ikke svarer på.",
            "Rett PORTAL_ADRESSE, eller legg vertsnavnet i ALLOWED_HOSTS.",
        )
    return settings.PORTAL_ADRESSE


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SHOW server_version_num")
            nummer = int(cursor.fetchone()[0])
    except DatabaseError as feil:
        raise Mangel(
            f"Får ikke kontakt ({_first_line(feil)}).",
            "Se at PostgreSQL går, og at DATABASE_URL er riktig.",
        ) from feil
    if nummer // 10000 < MINSTE_POSTGRES:
        raise Mangel(
            f"PostgreSQL {nummer // 10000} er for gammel.", f"Bruk {MINSTE_POSTGRES} eller nyere."
        )
    return f"PostgreSQL {nummer // 10000}.{nummer % 100}"


def _tabeller() -> str:
    executor = MigrationExecutor(connection)
    if plan := executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise Mangel(
            f"{len(plan)} endringer av tabellene er ikke gjort (første: {plan[0][0]}).",
            "Kjør: sudo drift/portal migrate",
        )
    kjente = set(executor.loader.disk_migrations)
    egne = {app for app, _navn in kjente}
    if nyere := [m for m in executor.loader.applied_migrations if m[0] in egne and m not in kjente]:
        erstattet = {m for mig in executor.loader.disk_migrations.values() for m in mig.replaces}
        if nyere := [m for m in nyere if m not in erstattet]:
            raise Mangel(
                f"Databasen er fra en nyere utgave (den har {'.'.join(nyere[0])}).",
                "Ta i bruk den utgaven igjen.",
            )
    return "alle er i rute"


def _klokka() -> str:
    foer = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        databasens = cursor.fetchone()[0]
    etter = timezone.now()
    _same_time("databasen", max(foer - databasens, databasens - etter))
    if slag := klient().get(HJERTESLAG_NOEKKEL):
        # The beat is some seconds old; only one from the time to come tells of a clock that is wrong.
        _same_time("arbeideren", datetime.datetime.fromisoformat(_text(slag)) - timezone.now())
    return "går likt med databasen" + (" og arbeideren" if slag else "")


def _text(svar: bytes | str) -> str:
    return svar.decode() if isinstance(svar, bytes) else svar


def _same_time(hvem: str, forskjell: datetime.timedelta) -> None:
    if (sekunder := forskjell.total_seconds()) > KLOKKESLINGRING:
        raise Mangel(
            f"Klokka her og klokka til {hvem} er {sekunder:.0f} sekunder fra hverandre.",
            "Slå på tidstjenesten på begge: sudo timedatectl set-ntp true",
        )


def _redis() -> str:
    adresse = urlsplit(str(settings.CACHES["default"]["LOCATION"]))
    try:
        klient().ping()
    except redis.RedisError as feil:
        raise Mangel(
            f"Mellomlageret på {adresse.hostname or adresse.path} svarer ikke ({_first_line(feil)}).",
            "Se at Redis går, og at REDIS_URL er riktig.",
        ) from feil
    caches["default"].set("driftssjekk", 1, 5)
    koe = urlsplit(settings.CELERY_BROKER_URL)
    from nettverk.celery import app

    try:
        with app.connection_for_read(connect_timeout=2) as forbindelse:
            forbindelse.ensure_connection(max_retries=1, interval_start=0)
    except Exception as feil:
        raise Mangel(
            f"Køen på {koe.hostname or koe.path} svarer ikke ({_first_line(feil)}).",
            "Rett CELERY_BROKER_URL.",
        ) from feil
    return "mellomlageret og køen svarer"


def _arbeideren() -> str:
    if not klient().exists(HJERTESLAG_NOEKKEL):
        raise Mangel(
            "Ingen arbeider går, så e-poster og rapporter venter.",
            "Start den: sudo systemctl start portal-worker",
        )
    return "hjertet slår"


def _nettet() -> str:
    """The web server of this machine, behind the proxy."""
    adresse = f"http://127.0.0.1:{os.environ.get('GRANIAN_PORT') or 8000}/helse/web/"
    try:
        with urllib.request.urlopen(adresse, timeout=8):
            return adresse
    except urllib.error.HTTPError as feil:
        raise Mangel(f"{adresse} svarer {feil.code}.", "Se: journalctl -u portal-web") from feil
    except OSError as feil:
        raise Mangel(
            f"Ingen svarer på {adresse}.",
            "Start nettprosessen: sudo systemctl start portal-web. Stopper det, se: journalctl -u portal-web",
        ) from feil


def _planen() -> str:
    if not klient().exists(KLOKKESLAG_NOEKKEL):
        raise Mangel(
            "Klokka (beat) går ikke, så det som skal skje av seg selv, blir liggende.",
            "Start den: sudo systemctl start portal-beat",
        )
    return "hjertet slår"


def _lageret() -> str:
    bucket = getattr(default_storage, "bucket_name", "")
    hvor = f"bøtta {bucket}" if bucket else str(settings.MEDIA_ROOT)
    innhold = uuid4().hex.encode()
    try:
        navn = default_storage.save(f"helse/{uuid4()}", ContentFile(innhold))
        with default_storage.open(navn) as fil:
            lest = fil.read()
        getattr(default_storage, "delete_now", default_storage.delete)(navn)
    except LagerBorte as feil:
        raise Mangel(
            f"Får ikke skrevet, lest og slettet i {hvor} ({_first_line(feil.__cause__ or feil)}).",
            "Rett LAGER_S3_-variablene, eller rettighetene til nøkkelen (les, skriv, slett, list).",
        ) from feil
    except OSError as feil:
        raise Mangel(
            f"Får ikke skrevet i {hvor} ({feil.strerror or feil}).",
            "Mappa må kunne skrives av brukeren som portalen går som.",
        ) from feil
    if lest != innhold or default_storage.exists(navn):
        raise Mangel(f"{hvor} gir ikke tilbake det som ble skrevet.", "Bruk et annet lager.")
    if bucket:
        return _lager_i_drift(hvor)
    ledig = shutil.disk_usage(settings.MEDIA_ROOT).free
    if ledig < LITEN_PLASS:
        raise Mangel(
            f"Bare {ledig // 1024**2} MB er ledig der filene ligger.", "Gi disken mer plass."
        )
    return f"{hvor}, {ledig // 1024**3} GB ledig"


def _lager_i_drift(hvor: str) -> str:
    adresse = urlsplit(getattr(default_storage, "endpoint_url", "") or "")
    if adresse.scheme == "http" and adresse.hostname not in _LOKALT:
        raise Mangel("Filene sendes ukryptert til lageret.", "Bruk https:// i LAGER_S3_ADRESSE.")
    navn = f"helse/{uuid4()}"
    try:
        foerst = default_storage.put_new(navn, ContentFile(b"1"))  # type: ignore[attr-defined]
        igjen = default_storage.put_new(navn, ContentFile(b"2"))  # type: ignore[attr-defined]
    finally:
        default_storage.delete(navn)
    if not foerst or igjen:
        raise Mangel(
            "Lageret lar en fil skrives over en annen (det kjenner ikke If-None-Match).",
            "Bruk en nyere utgave av lageret.",
        )
    return hvor


def _epost() -> str:
    if settings.EMAIL_BACKEND.rpartition(".")[2] != "SmtpBackend":
        raise Mangel(f"E-post går til {settings.EMAIL_BACKEND}.", "Fjern EMAIL_BACKEND.")
    hvor = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
    post = get_connection(fail_silently=False)
    try:
        post.open()
        post.close()
    except smtplib.SMTPAuthenticationError as feil:
        raise Mangel(
            f"{hvor} godtar ikke brukeren ({feil.smtp_code}).",
            "Rett EMAIL_HOST_USER og EMAIL_HOST_PASSWORD.",
        ) from feil
    except (OSError, smtplib.SMTPException) as feil:
        raise Mangel(
            f"E-posttjeneren {hvor} svarer ikke ({_first_line(feil)}). Ingen får koden sin.",
            "Rett EMAIL_HOST, EMAIL_PORT og EMAIL_USE_TLS, eller åpne veien dit.",
        ) from feil
    avsender = settings.DEFAULT_FROM_EMAIL
    if avsender.rstrip(">").endswith(("@localhost", ".example")):
        raise Mangel(
            f"Avsenderen er {avsender}.", "Sett DEFAULT_FROM_EMAIL til en adresse dere eier."
        )
    aapent = settings.EMAIL_HOST_PASSWORD and not settings.EMAIL_USE_TLS
    if aapent and settings.EMAIL_HOST not in _LOKALT:
        raise Mangel("Passordet til e-posttjeneren sendes ukryptert.", "Sett EMAIL_USE_TLS=1.")
    return f"{hvor} svarer, avsender {avsender}"


def _statiske() -> str:
    rot = Path(settings.STATIC_ROOT)
    try:
        navnene = json.loads((rot / "staticfiles.json").read_bytes())["paths"]
        (rot / navnene["designsystemet.css"]).read_bytes()
    except (OSError, ValueError, KeyError) as feil:
        raise Mangel(
            f"De statiske filene er ikke samlet i {rot}, eller kan ikke leses.",
            "Kjør: sudo make bygg",
        ) from feil
    kilder = [po for mappe in settings.LOCALE_PATHS for po in Path(mappe).rglob("*.po")]
    if mangler := [po for po in kilder if not po.with_suffix(".mo").exists()]:
        raise Mangel(f"Språkfila {mangler[0].parts[-3]} mangler.", "Kjør: sudo make bygg")
    return "samlet, med språk"


def _pdf() -> str:
    try:
        biblioteker.load()
        biblioteker.check()
    except OSError as feil:
        raise Mangel(
            f"Pango, som lager PDF-ene, mangler ({feil}).",
            "Kjør: sudo apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0",
        ) from feil
    return "Pango er på plass"


def _first_line(feil: BaseException) -> str:
    return (str(feil).strip().splitlines() or [type(feil).__name__])[0]


SJEKKER: dict[str, Callable[[], str]] = {
    "innstillinger": _innstillinger,
    "nøkler": _noekler,
    "adressen": _adressen,
    "database": _database,
    "tabeller": _tabeller,
    "redis": _redis,
    "nettet": _nettet,
    "arbeider": _arbeideren,
    "klokke": _planen,
    "tiden": _klokka,
    "lager": _lageret,
    "e-post": _epost,
    "statiske filer": _statiske,
    "pdf": _pdf,
}

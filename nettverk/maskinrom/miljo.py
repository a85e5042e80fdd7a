"""Where the portal's database and queue are: the environment first, then the running servers.

Standard library only, since the settings read this before anything else is there.
"""

import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import parse_qs, quote, urlencode, urlsplit, urlunsplit

ROT = Path(__file__).resolve().parent.parent.parent
MILJOFIL = "miljo.json"


class IngenServere(RuntimeError):
    """Neither the environment nor a running supervisor says where the database and the queue are."""


def adresser() -> dict[str, str]:
    """DATABASE_URL, REDIS_URL and CELERY_BROKER_URL (and MEDIA_ROOT when a supervisor runs)."""
    funnet = {**(running() or {}), **named()}
    if mangler := [navn for navn in ("DATABASE_URL", "REDIS_URL") if navn not in funnet]:
        raise IngenServere(
            f"Fant ingen adresse for {' og '.join(mangler)}, og portalens egne servere går ikke. "
            "Start dem med «make run» eller «python -m nettverk.maskinrom servere», kjør kommandoen "
            "gjennom «python -m nettverk.maskinrom med -- …», eller sett adressene i miljøet."
        )
    return funnet


def named() -> dict[str, str]:
    """The addresses that the environment says: whole, or in parts where a password is as people write it.

    A whole address wins over its parts. A password with / # @ : or % breaks an address that is put
    together by hand, so here the parts are quoted.
    """
    funnet = {}
    if database := os.environ.get("DATABASE_URL") or _database_of_parts():
        funnet["DATABASE_URL"] = database
    if redis := os.environ.get("REDIS_URL") or _redis_of_parts():
        funnet["REDIS_URL"] = redis
        funnet["CELERY_BROKER_URL"] = broker_url(redis)
    if koe := os.environ.get("CELERY_BROKER_URL"):
        funnet["CELERY_BROKER_URL"] = koe
    return funnet


def missing(miljo: Mapping[str, str]) -> list[str]:
    """The variables without which the settings do not load, by the names people set."""
    satt = {**(running() or {}), **named()}
    utvikling = miljo.get("DEBUG", "").strip().lower() in {"1", "true", "ja", "yes", "on"}
    trengs = [] if utvikling or miljo.get("SECRET_KEY") else ["SECRET_KEY"]
    if not utvikling and not miljo.get("ALLOWED_HOSTS", "").strip():
        trengs.append("ALLOWED_HOSTS")
    return trengs + [navn for navn in ("DATABASE_URL", "REDIS_URL") if navn not in satt]


def _database_of_parts() -> str:
    vert = os.environ.get("POSTGRES_HOST", "")
    bruker = os.environ.get("POSTGRES_BRUKER") or "portal"
    passord = os.environ.get("POSTGRES_PASSORD", "")
    database = os.environ.get("POSTGRES_DATABASE") or "portal"
    hvem = ":".join(quote(del_, safe="") for del_ in (bruker, passord) if del_)
    sted = f"{quote(vert, safe='')}:{os.environ.get('POSTGRES_PORT') or 5432}"
    return f"postgresql://{hvem}@{sted}/{quote(database, safe='')}" if vert else ""


def _redis_of_parts() -> str:
    vert = os.environ.get("REDIS_HOST", "")
    passord = os.environ.get("REDIS_PASSORD", "")
    hvem = f":{quote(passord, safe='')}@" if passord else ""
    return f"redis://{hvem}{vert}:{os.environ.get('REDIS_PORT') or 6379}/0" if vert else ""


def broker_url(redis_url: str, steg: int = 1) -> str:
    """The queue lives in the database beside the cache's, so that clearing the cache spares it."""
    deler = urlsplit(redis_url)
    if deler.scheme == "unix":
        nummer = int(parse_qs(deler.query).get("db", ["0"])[0]) + steg
        return f"redis+socket://{deler.path}?virtual_host={nummer}"
    nummer = int(deler.path.strip("/") or 0) + steg
    return urlunsplit(deler._replace(path=f"/{nummer}"))


def shift_database(redis_url: str, steg: int) -> str:
    """The same Redis server, `steg` databases further on."""
    deler = urlsplit(redis_url)
    if deler.scheme == "unix":
        valg = {navn: verdier[0] for navn, verdier in parse_qs(deler.query).items()}
        valg["db"] = str(int(valg.get("db", 0)) + steg)
        return f"unix://{deler.path}?{urlencode(valg)}"
    return urlunsplit(deler._replace(path=f"/{int(deler.path.strip('/') or 0) + steg}"))


def running() -> dict[str, str] | None:
    """What the supervisor of this checkout wrote about its servers, if it is alive."""
    for mappe in candidate_folders():
        if innhold := read_running(mappe):
            return {navn: verdi for navn, verdi in innhold.items() if navn.isupper()}
    return None


def read_running(mappe: Path) -> dict[str, str] | None:
    """The running supervisor's file in one data folder; None when nobody runs there."""
    try:
        innhold: dict[str, str] = json.loads((mappe / MILJOFIL).read_text())
        os.kill(int(innhold["pid"]), 0)
    except PermissionError:
        return None  # another user's portal
    except (OSError, ValueError, KeyError):
        return None  # none was started, or it was killed and its servers died with it
    return innhold


def write_running(mappe: Path, innhold: dict[str, str]) -> None:
    """Tell other commands where the servers are. It holds passwords, so only for the owner."""
    fil = mappe / MILJOFIL
    midlertidig = fil.with_suffix(".tmp")
    midlertidig.unlink(missing_ok=True)
    with os.fdopen(os.open(midlertidig, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as f:
        json.dump({**innhold, "pid": str(os.getpid())}, f, indent=1)
    midlertidig.replace(fil)


def candidate_folders() -> list[Path]:
    """The data folders this checkout's portal may use, the likeliest first."""
    if valgt := os.environ.get("NETTVERK_VAR"):
        return [Path(valgt).resolve()]
    return [ROT / "var", system_folder()]


def system_folder() -> Path:
    """For root, when the service account cannot reach the checkout (a private home, say)."""
    merke = hashlib.sha256(str(ROT).encode()).hexdigest()[:8]
    return Path(f"/var/lib/nettverksportalen-{merke}")

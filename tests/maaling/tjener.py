"""A process that answers requests for one database and tells what each of them cost.

Reads one JSON line per order on standard input, writes one per answer. The requests go through the
whole WSGI application in this process, so processor time is the web server's own, without the client.
"""

import gzip
import io
import json
import os
import re
import sys
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import django
from django.conf import settings

NETTLESER = "gzip, br"


def _start() -> Callable:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nettverk.settings")
    django.setup()
    settings.ROOT_URLCONF = "tests.maaling.adresser"
    from django.core.wsgi import get_wsgi_application

    return get_wsgi_application()


def _environ(adresse: str, kake: str, htmx: bool = False) -> dict[str, Any]:
    deler = urlsplit(adresse)
    return {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": deler.path,
        "QUERY_STRING": deler.query,
        "SERVER_NAME": "portal.example",
        "SERVER_PORT": "443",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": "portal.example",
        "HTTP_X_FORWARDED_PROTO": "https",
        "HTTP_ACCEPT_ENCODING": NETTLESER,
        "HTTP_COOKIE": kake,
        "wsgi.url_scheme": "https",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        "wsgi.version": (1, 0),
        **({"HTTP_HX_REQUEST": "true"} if htmx else {}),
    }


def session_of(person: Any) -> str:
    """The key of a new session in which the person is signed in."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    okt = SessionStore()
    okt[SESSION_KEY] = str(person.pk)
    okt[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    okt[HASH_SESSION_KEY] = person.get_session_auth_hash()
    okt.save()
    return str(okt.session_key)


def signed_in(oekt: str) -> dict[str, str]:
    """The headers of one who posts in the session, to a web server without https, which names its cookies so."""
    from django.middleware.csrf import _get_new_csrf_string

    hemmelig = _get_new_csrf_string()
    return {
        "Cookie": f"sessionid={oekt}; csrftoken={hemmelig}; {settings.SESSION_COOKIE_NAME}={oekt}",
        "X-CSRFToken": hemmelig,
    }


def _first_with(**verv: Any) -> str:
    """The session of the first in the first network who holds such a Verv."""
    from nettverk.models import Verv

    return session_of(
        Verv.objects.gyldig()
        .filter(gruppe__nettverk__slug="test-001", **verv)
        .select_related("person")
        .order_by("pk")[0]
        .person
    )


def coordinator() -> str:
    """The session of the first network's coordinator."""
    from nettverk.models import Gruppe, Rolle

    return _first_with(
        gruppe__type=Gruppe.Type.KOORDINERINGSGRUPPE,
        rolle__in=[Rolle.LEDER, Rolle.KOORDINATOR],
    )


class Tjener:
    """The application, with a coordinator and a unit leader of the first network signed in."""

    def __init__(self) -> None:
        self.app = _start()
        from nettverk.models import Gruppe, Rolle

        oekter = {
            "koordinator": coordinator(),
            "enhetsleder": _first_with(
                gruppe__type=Gruppe.Type.UTVIKLINGSGRUPPE, rolle=Rolle.FORMELL_LEDER
            ),
        }
        self.kaker = {
            hvem: f"{settings.SESSION_COOKIE_NAME}={oekt}" for hvem, oekt in oekter.items()
        }

    def hent(
        self, adresse: str, *, som: str = "koordinator", htmx: bool = False
    ) -> tuple[int, dict[str, str], bytes]:
        svar: dict[str, Any] = {}

        def start(status: str, hoder: list[tuple[str, str]], exc_info: object = None) -> None:
            svar["status"], svar["hoder"] = int(status.split(maxsplit=1)[0]), dict(hoder)

        deler = self.app(_environ(adresse, self.kaker[som], htmx), start)
        innhold = b"".join(deler)
        if hasattr(deler, "close"):
            deler.close()
        return svar["status"], svar["hoder"], innhold

    def adressene(self) -> dict[str, Any]:
        """Ids that the pages' addresses need."""
        from rolu.models import Deltakelse, Samling

        samling = max(
            Samling.objects.filter(nettverk__slug="test-001").past(),
            key=lambda s: Deltakelse.objects.filter(samling=s).count(),
        )
        deltakelser = Deltakelse.objects.filter(samling=samling)
        med_kommune = deltakelser.exclude(kommune=None).order_by("kommune")
        return {
            "samling": samling.pk,
            "serie": samling.serie_id,
            "kommune": med_kommune.values_list("kommune", flat=True)[0],
            "deltakere": deltakelser.count(),
        }

    def spoerringer(self, adresse: str, *, som: str, htmx: bool) -> int:
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        self.hent(adresse, som=som, htmx=htmx)
        with CaptureQueriesContext(connection) as spurt:
            self.hent(adresse, som=som, htmx=htmx)
        return len(spurt)

    def maal(self, adresse: str, antall: int, *, som: str, htmx: bool) -> dict[str, Any]:
        vegg, prosessor = [], []
        for _ in range(antall):
            t0, c0 = time.perf_counter(), time.process_time()
            status, _hoder, innhold = self.hent(adresse, som=som, htmx=htmx)
            prosessor.append(time.process_time() - c0)
            vegg.append(time.perf_counter() - t0)
            if status != 200:
                raise RuntimeError(f"{adresse}: {status}")
        return {"vegg": vegg, "prosessor": prosessor, "bytes": len(innhold)}

    def foerste_besok(self, adresse: str) -> dict[str, int]:
        """Compressed bytes of the page and of every file it names (the font is preloaded, so it is one)."""
        _status, hoder, innhold = self.hent(adresse)
        kode = gzip.decompress(innhold) if hoder.get("Content-Encoding") == "gzip" else innhold
        filer = set(re.findall(rb'(?:href|src)="(/static/[^"#]+)', kode))
        stoerrelser = {adresse: len(innhold)}
        for fil in sorted(filer):
            _s, _h, data = self.hent(fil.decode())
            stoerrelser[fil.decode()] = len(data)
        return stoerrelser


def main() -> None:
    tjener = Tjener()
    sys.stdout.write(json.dumps({"klar": True, **tjener.adressene()}) + "\n")
    sys.stdout.flush()
    for linje in sys.stdin:
        ordre = json.loads(linje)
        svar = getattr(tjener, ordre.pop("gjoer"))(**ordre)
        sys.stdout.write(json.dumps(svar) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()

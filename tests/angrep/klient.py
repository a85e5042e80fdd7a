"""A browser with nothing but a socket: cookies, the form's token, and what an attacker may add.

It speaks as the proxy in front of the portal does (X-Forwarded-Proto), so that the cookies are those of
production. Every answer is kept whole: what is hidden in it is looked for afterwards.
"""

import gzip
import http.client
import io
import secrets
import string
import time
import zipfile
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from urllib.parse import urlencode, urlsplit

# Longer than any page may take; what has not answered by then, hangs.
TAALMOD = 20.0
# A connection that has lain this long is not used again.
UROERT = 3.0
_TEGN = string.ascii_letters + string.digits


class Borte(Exception):
    """Nobody answers at the address: refused, or broken off before the answer."""


class Heng(Exception):
    """The answer did not come in time."""


@dataclass(frozen=True)
class Svar:
    """One answer."""

    status: int
    hoder: dict[str, str]
    innhold: bytes

    @property
    def tekst(self) -> str:
        return self.innhold.decode(errors="replace")

    @property
    def sted(self) -> str:
        return self.hoder.get("location", "")

    @property
    def er_rent_503(self) -> bool:
        """The portal's own «not now»: said as 503, and as a page or as health's own list."""
        return self.status == 503 and (
            "retry-after" in self.hoder or b'"mangler"' in self.innhold or b"<h1" in self.innhold
        )

    def everything(self) -> bytes:
        """The body, with what lies packed in it (a spreadsheet is a zip), and the headers."""
        deler = [self.innhold, repr(self.hoder).encode()]
        if self.innhold[:2] == b"PK":
            with zipfile.ZipFile(io.BytesIO(self.innhold)) as pakke:
                deler += [pakke.read(navn) for navn in pakke.namelist()]
        return b"\n".join(deler)


@dataclass
class Klient:
    """One person at one browser. Not for two threads at once: `copy()` is another tab."""

    adresse: str
    kaker: dict[str, str] = field(default_factory=dict)
    csrf_kake: str = "csrftoken"
    taalmod: float = TAALMOD
    sikker: bool = True
    fra: str = ""  # X-Forwarded-For: where the proxy says that the person sits
    _sist: float = field(default=0.0, repr=False)
    _forbindelse: http.client.HTTPConnection | None = field(default=None, repr=False)

    def copy(self) -> "Klient":
        return Klient(
            self.adresse,
            dict(self.kaker),
            self.csrf_kake,
            self.taalmod,
            self.sikker,
            self.fra,
        )

    def get(self, sti: str, **hoder: str) -> Svar:
        return self.ask("GET", sti, hoder=hoder)

    def htmx(self, sti: str) -> Svar:
        return self.ask("GET", sti, hoder={"HX-Request": "true"})

    def post(
        self,
        sti: str,
        felt: dict[str, object] | None = None,
        *,
        filer: list[tuple[str, str, str, bytes]] | None = None,
        **hoder: str,
    ) -> Svar:
        """A form, with the token that the browser has. `filer`: (field, name, type, bytes)."""
        self.kaker.setdefault(self.csrf_kake, "".join(secrets.choice(_TEGN) for _ in range(32)))
        hoder = {"X-CSRFToken": self.kaker[self.csrf_kake], **hoder}
        if filer is None:
            kropp = urlencode(felt or {}, doseq=True, errors="surrogatepass").encode()
            slag = "application/x-www-form-urlencoded"
        else:
            kropp, slag = _multipart(felt or {}, filer)
        return self.ask("POST", sti, kropp, {"Content-Type": slag, **hoder})

    def ask(
        self, metode: str, sti: str, kropp: bytes | None = None, hoder: dict[str, str] | None = None
    ) -> Svar:
        deler = urlsplit(self.adresse)
        egne = {
            "Host": deler.netloc,
            "Cookie": "; ".join(f"{navn}={verdi}" for navn, verdi in self.kaker.items()),
            **(
                {"X-Forwarded-Proto": "https", "Referer": f"https://{deler.netloc}/"}
                if self.sikker
                else {}
            ),
            **({"X-Forwarded-For": self.fra} if self.fra else {}),
            **(hoder or {}),
        }
        if time.monotonic() - self._sist > UROERT:
            self.close()  # the server may have closed it, and a form is not sent twice
        self._sist = time.monotonic()
        for forsok in (1, 2):
            ny = self._forbindelse is None
            if ny:
                self._forbindelse = http.client.HTTPConnection(
                    deler.hostname or "", deler.port, timeout=self.taalmod
                )
            try:
                self._forbindelse.request(metode, sti, kropp, egne)
                raatt = self._forbindelse.getresponse()
                svar = Svar(
                    raatt.status,
                    {navn.lower(): verdi for navn, verdi in raatt.getheaders()},
                    raatt.read(),
                )
            except TimeoutError:
                self.close()
                raise Heng(f"{metode} {sti[:200]}") from None
            except (OSError, http.client.HTTPException) as feil:
                self.close()
                # A connection kept open may have been closed meanwhile; nothing was answered on it.
                if ny or forsok == 2 or metode != "GET":
                    raise Borte(f"{metode} {sti[:200]}: {feil!r}") from None
                continue
            self._keep_cookies(raatt.headers.get_all("Set-Cookie") or [])
            if svar.hoder.get("content-encoding") == "gzip":
                svar = Svar(svar.status, svar.hoder, gzip.decompress(svar.innhold))
            return svar
        raise AssertionError

    def close(self) -> None:
        if self._forbindelse:
            self._forbindelse.close()
            self._forbindelse = None

    def _keep_cookies(self, linjer: list[str]) -> None:
        for linje in linjer:
            try:
                bit = SimpleCookie(linje)
            except CookieError:
                continue
            for navn, kake in bit.items():
                if kake["max-age"] == "0" or not kake.value:
                    self.kaker.pop(navn, None)
                else:
                    self.kaker[navn] = kake.value


def _multipart(
    felt: dict[str, object], filer: list[tuple[str, str, str, bytes]]
) -> tuple[bytes, str]:
    skille = secrets.token_hex(16)
    ut = bytearray()
    for navn, verdi in felt.items():
        ut += f'--{skille}\r\nContent-Disposition: form-data; name="{navn}"\r\n\r\n{verdi}\r\n'.encode()
    for navn, filnavn, slag, innhold in filer:
        ut += (
            f'--{skille}\r\nContent-Disposition: form-data; name="{navn}"; filename="{filnavn}"\r\n'
            f"Content-Type: {slag}\r\n\r\n"
        ).encode()
        ut += innhold + b"\r\n"
    ut += f"--{skille}--\r\n".encode()
    return bytes(ut), f"multipart/form-data; boundary={skille}"

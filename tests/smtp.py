"""A real mail server on a real socket, small, and with moods: it refuses, thinks, hangs up."""

import socketserver
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage


class Posttjener(socketserver.ThreadingTCPServer):
    """Keeps what it takes in `mottatt`, as (address, bytes). Set its moods before the letters come."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Samtale)
        self.mottatt: list[tuple[str, bytes]] = []
        self.samtaler = 0
        self.nekter: dict[str, str] = {}  # address: «550 Unknown user»
        self.legger_paa_foer_svar: set[str] = set()  # keeps the letter, and hangs up without a word
        self.tenketid = 0.0  # before and after a letter is kept
        self.per_samtale = 0  # letters before it ends the talk; 0 is as many as one likes
        self.etter: Callable[[str], None] | None = None

    @property
    def port(self) -> int:
        return self.server_address[1]

    @property
    def til(self) -> list[str]:
        return [til for til, _innhold in self.mottatt]

    def brev(self, nummer: int = -1) -> EmailMessage:
        return message_from_bytes(self.mottatt[nummer][1], policy=policy.default)

    def antall(self) -> Counter[str]:
        return Counter(self.til)


class _Samtale(socketserver.StreamRequestHandler):
    server: Posttjener

    def svar(self, linje: str) -> None:
        self.wfile.write(f"{linje}\r\n".encode())

    def handle(self) -> None:
        self.server.samtaler += 1
        self.svar("220 proeve ESMTP")
        til, sendt = "", 0
        while linje := self.rfile.readline():
            ord_ = linje.decode().strip()
            kommando = ord_.upper()
            if kommando.startswith("EHLO"):
                self.svar("250 proeve")
            elif kommando.startswith("MAIL"):
                if self.server.per_samtale and sendt >= self.server.per_samtale:
                    return self.svar("421 Too many")
                self.svar("250 OK")
            elif kommando.startswith("RCPT"):
                til = ord_.partition("<")[2].partition(">")[0]
                self.svar(self.server.nekter.get(til, "250 OK"))
            elif kommando == "DATA":
                self.svar("354 go")
                if not self._keep(til):
                    return None
                sendt += 1
            elif kommando == "QUIT":
                return self.svar("221 bye")
            else:
                self.svar("250 OK")
        return None

    def _keep(self, til: str) -> bool:
        linjer = []
        while (linje := self.rfile.readline()) not in {b".\r\n", b""}:
            linjer.append(linje)
        time.sleep(self.server.tenketid)
        self.server.mottatt.append((til, b"".join(linjer)))
        time.sleep(self.server.tenketid)
        if til in self.server.legger_paa_foer_svar:
            return False
        if self.server.etter:
            self.server.etter(til)
        self.svar(f"250 OK queued as {len(self.server.mottatt)} for someone@else.example")
        return True


@contextmanager
def posttjener() -> Iterator[Posttjener]:
    with Posttjener() as tjener:
        traad = threading.Thread(target=tjener.serve_forever, args=(0.05,), daemon=True)
        traad.start()
        try:
            yield tjener
        finally:
            tjener.shutdown()
            traad.join()


def use(settings, tjener: Posttjener) -> None:
    """Let the portal in this process send its mail to `tjener`."""
    settings.EMAIL_BACKEND = "nettverk.arbeid.epost.SmtpBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", tjener.port

"""`python -m nettverk.maskinrom kjor | servere | med -- KOMMANDO`."""

import argparse
import os
import socket
import subprocess
import sys

from nettverk.maskinrom import drift, miljo
from nettverk.maskinrom.feil import Maskinromfeil
from nettverk.maskinrom.servere import Servere
from nettverk.maskinrom.tilsyn import watch
from nettverk.maskinrom.utvikling import environment


def main() -> int:
    valg = _parser().parse_args()
    try:
        kode: int = valg.handling(valg)
    except KeyboardInterrupt:
        drift.say("Stoppet.")
        return 0
    except Maskinromfeil as feil:
        print(feil, file=sys.stderr)
        return 1
    except OSError as feil:
        if feil.filename is None:
            raise
        # A full or read-only disk, or a file that is another's.
        print(f"Får ikke brukt {feil.filename} ({feil.strerror}).", file=sys.stderr)
        return 1
    except subprocess.CalledProcessError as feil:
        print(f"«{' '.join(map(str, feil.cmd))}» feilet (kode {feil.returncode}).", file=sys.stderr)
        return 1
    return kode


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m nettverk.maskinrom", description=__doc__)
    kommandoer = parser.add_subparsers(required=True)
    kjor = kommandoer.add_parser("kjor", help="start hele portalen (make run)")
    kjor.add_argument("--port", type=int, default=os.environ.get("PORT") or "8000")
    kjor.set_defaults(handling=lambda valg: drift.run(valg.port))
    servere = kommandoer.add_parser("servere", help="start bare PostgreSQL og Valkey")
    servere.set_defaults(handling=_servere)
    med = kommandoer.add_parser("med", help="kjør en kommando med servernes adresser i miljøet")
    med.add_argument("kommando", nargs=argparse.REMAINDER)
    med.set_defaults(handling=_med)
    return parser


def _servere(valg: argparse.Namespace) -> int:
    with drift.stopped_by_signals(), Servere(si=drift.say) as servere:
        servere.announce()
        if not _tell_systemd():
            for navn, verdi in servere.addresses().items():
                drift.say(f"{navn}={verdi}")
            drift.say("Stopp med Ctrl-C.")
        watch(servere.watched())
    return 0


def _tell_systemd() -> bool:
    """That those who wait for the servers may start (Type=notify in drift/systemd/portal-servere.service).
    False when a person started them, who is shown the addresses; what systemd is told, all may read."""
    if not (sted := os.environ.get("NOTIFY_SOCKET")):
        return False
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sokkel:
        sokkel.sendto(b"READY=1", f"\0{sted[1:]}" if sted.startswith("@") else sted)
    return True


def _med(valg: argparse.Namespace) -> int:
    """With the running servers if there are any, else with servers of its own while it lasts."""
    kommando = valg.kommando[1:] if valg.kommando[:1] == ["--"] else valg.kommando
    if not kommando:
        raise Maskinromfeil("Skriv kommandoen etter «med --».")
    if mappe := next((m for m in miljo.candidate_folders() if miljo.read_running(m)), None):
        return _run(kommando, environment(mappe, miljo.adresser()))
    with Servere() as servere:
        servere.announce()
        return _run(kommando, environment(servere.mappe, servere.addresses()))


def _run(kommando: list[str], miljoet: dict[str, str]) -> int:
    try:
        return subprocess.run(kommando, env=miljoet).returncode
    except FileNotFoundError:
        raise Maskinromfeil(f"Fant ikke kommandoen «{kommando[0]}».") from None


if __name__ == "__main__":
    sys.exit(main())

"""The fault tests: what the portal stands on is killed, stopped and filled up while people work.

Counted: 5xx that are no clean 503, pages that never answer, jobs and letters and sentences that were lost
or doubled. Each fault is followed by a wait until the health page says that all is well again.
"""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Collection, Iterator
from pathlib import Path

from django.db import OperationalError, connection
from django.urls import reverse

from kommuner.gyldighet import idag
from nettverk.models import Brev, Jobb
from rolu.models import Vedlegg
from tests.angrep.belastning import at_work
from tests.angrep.kapploep import (
    ask_for_code,
    is_signed_in,
    message_ids,
    wait_for_letters,
)
from tests.angrep.klient import Borte, Heng
from tests.angrep.portal import Portal
from tests.angrep.utfall import Utfall
from tests.angrep.verden import Angrepsverden

OPP_IGJEN = 60.0
# A page may wait for the mail server no longer than this.
SVARTID = 5.0
FULL_MB = 24

Feil = Callable[[Portal, Angrepsverden, Utfall], None]


def attack(
    portal: Portal, verden: Angrepsverden, slutt: float, bare: Collection[str] = ()
) -> Utfall:
    utfall = Utfall("avbrudd")
    alle: list[Feil] = [
        mail_away,
        mail_hangs,
        kill_worker_in_pdf,
        kill_worker_in_sending,
        kill_redis,
        redis_away,
        restart_postgres,
        full_disk,
        kill_web_worker,
        kill_web_master,
    ]
    for ett in [ett for ett in alle if not bare or ett.__name__ in bare]:
        if time.monotonic() > slutt:
            utfall.skipped(f"{ett.__name__}: tida var ute")
            continue
        try:
            ett(portal, verden, utfall)
            portal.wait_until_up(OPP_IGJEN)
        except (LookupError, Borte, Heng, AssertionError, OperationalError) as feil:
            utfall.found("annet", f"{ett.__name__}: {feil!r}")
        except TimeoutError as feil:
            utfall.found("annet", f"{ett.__name__}: {feil}")
            break  # what comes after would only say the same
    return utfall


# --- the web server


def kill_web_worker(portal: Portal, verden: Angrepsverden, utfall: Utfall) -> None:
    """One of the web server's processes is gone: the others answer, and a new one comes."""
    with at_work(portal, verden.loep, utfall, "drept webprosess", uten_web=True) as last:
        time.sleep(1)
        foer = portal.web_workers()
        assert foer, "fant ingen webprosess"
        os.kill(foer[-1], signal.SIGKILL)
        last.svar["tid til frisk, s"] = round(_up_again(portal))
    _expect_new(portal, utfall, foer[-1:], "en webprosess")


def kill_web_master(portal: Portal, verden: Angrepsverden, utfall: Utfall) -> None:
    """The web server itself is gone: nothing of the old holds the port, and a new one answers."""
    with at_work(portal, verden.loep, utfall, "drept webtjener", uten_web=True) as last:
        time.sleep(1)
        foer = [portal.web_master(), *portal.web_workers()]
        os.kill(foer[0], signal.SIGKILL)
        last.svar["tid til frisk, s"] = round(_up_again(portal))
    _expect_new(portal, utfall, foer, "webtjeneren")


def _up_again(portal: Portal) -> float:
    time.sleep(0.5)
    return portal.wait_until_up(OPP_IGJEN)


def _expect_new(portal: Portal, utfall: Utfall, drept: list[int], hva: str) -> None:
    igjen = [pid for pid in drept if Path(f"/proc/{pid}").exists() and pid in portal.processes("")]
    if igjen:
        utfall.found("annet", f"{hva}: {len(igjen)} gamle prosesser lever")
    if not portal.web_workers():
        utfall.found("annet", f"{hva}: ingen nye prosesser kom")


# --- the worker


def kill_worker_in_pdf(portal: Portal, verden: Angrepsverden, utfall: Utfall) -> None:
    """All of the worker is killed while it makes a report: the next one finishes it, once."""
    klient = portal.signed_in(verden.loep.koordinator)
    adresse = reverse("evaluering:aarsrapport_pdf", args=["lop", idag().year])
    svar = klient.post(adresse)
    utfall.tried()
    assert svar.status in {302, 303}, f"bestillingen ga {svar.status}"
    jobb = Jobb.objects.filter(nettverk=verden.loep.nettverk, slag__contains="pdf").latest("pk")
    _wait(lambda: _again(jobb).status == Jobb.Status.KJORER, 20, "jobben begynte ikke")
    portal.kill_worker()
    if not _wait_softly(lambda: _again(jobb).status == Jobb.Status.FERDIG, 60):
        utfall.found("tapt", f"PDF-jobben ble stående som «{_again(jobb).status}»")
    antall = Jobb.objects.filter(gjelder=jobb.gjelder, slag=jobb.slag).count()
    if antall > 1:
        utfall.found("dobbelt", f"{antall} jobber for én bestilling")
    if _again(jobb).resultat and not _again(jobb).resultat.storage.exists(
        _again(jobb).resultat.name
    ):
        utfall.found("tapt", "PDF-en er meldt ferdig, og fila er ikke der")


def kill_worker_in_sending(portal: Portal, verden: Angrepsverden, utfall: Utfall) -> None:
    """Killed with the letters half sent: nobody gets two, and the fate of each is known."""
    from rolu.samlinger.publisering import publish

    samling = verden.loep.samling("Sending som ble avbrutt")
    foer = len(portal.post.mottatt)
    portal.post.tenketid = 0.2
    try:
        publish(samling, by=verden.loep.koordinator)
        _wait(lambda: len(portal.post.mottatt) >= foer + 3, 30, "sendingen begynte ikke")
        portal.kill_worker()
        utfall.tried()
        if not wait_for_letters(60):
            utfall.found("tapt", "sendingen ble aldri ferdig")
    finally:
        portal.post.tenketid = 0.0
    kommet = message_ids(portal)
    for brev in Brev.objects.about(samling):
        antall = kommet.count(brev.melding_id)
        uvisst = brev.tilstand == Brev.Tilstand.FEILET and brev.grunn == Brev.Grunn.UVISST
        if antall > 1:
            utfall.found("dobbelt", f"{brev.epost} fikk samme brev {antall} ganger")
        if antall == 0 and not uvisst:
            utfall.found("tapt", f"brevet til {brev.epost} er «{brev.tilstand}» og kom ikke")
    utfall.tall["brev med uviss skjebne"] = (
        Brev.objects.about(samling).filter(grunn=Brev.Grunn.UVISST).count()
    )


# --- Redis


def kill_redis(portal: Portal, verden: Angrepsverden, utfall: Utfall) -> None:
    """Redis dies and comes back while people work."""
    valkey = portal.servere.valkey
    assert valkey
    with at_work(portal, verden.loep, utfall, "drept Redis"):
        time.sleep(1)
        _kill_and_wait(valkey.barn)
        time.sleep(2)
        valkey.start()
        portal.wait_until_up(OPP_IGJEN)


def redis_away(portal: Portal, verden: Angrepsverden, utfall: Utfall) -> None:
    """While it is away: whoever signs out is out, also when it comes back; a limit is a limit."""
    valkey = portal.servere.valkey
    assert valkey
    ute = portal.signed_in(verden.loep.medlemmer[6])
    inne = portal.signed_in(verden.loep.medlemmer[7])
    gammel = ute.copy()
    assert is_signed_in(ute), "personen var ikke inne"
    is_signed_in(inne)
    person = verden.loep.medlemmer[8]
    foer = portal.post.antall()[person.epost]
    _kill_and_wait(valkey.barn)
    try:
        svar = ute.post(reverse("account_logout"))
        utfall.tried(12)
        if svar.status >= 500 and not svar.er_rent_503:
            utfall.found("5xx", f"utlogging uten Redis ga {svar.status}")
        meldt_ut = svar.status in {302, 303}
        if meldt_ut and is_signed_in(gammel):
            utfall.found("annet", "utlogget uten Redis, og fremdeles inne")
        for nr in range(10):
            bestilt = portal.klient(fra=f"203.0.{nr}.9").post(
                reverse("account_login"), {"login": person.epost}
            )
            if bestilt.status >= 500 and not bestilt.er_rent_503:
                utfall.found("5xx", f"bestilling av kode uten Redis ga {bestilt.status}")
        if not is_signed_in(inne):
            utfall.found("annet", "de som var inne, ble kastet ut mens Redis var borte")
    finally:
        valkey.start()
    portal.wait_until_up(OPP_IGJEN)
    if meldt_ut and is_signed_in(gammel):
        utfall.found("annet", "utlogging mens Redis var borte, holdt ikke da den kom igjen")
    time.sleep(2)
    koder = portal.post.antall()[person.epost] - foer
    utfall.tall["koder sendt av 10 bestilt uten Redis"] = koder
    if koder > 5:
        utfall.found("dobbelt", f"{koder} koder til én adresse mens Redis var borte")


def _kill_and_wait(barn: object) -> None:
    prosess = barn.prosess
    os.kill(prosess.pid, signal.SIGKILL)
    prosess.wait(10)


# --- PostgreSQL


def restart_postgres(portal: Portal, verden: Angrepsverden, utfall: Utfall) -> None:
    """Restarted, and then killed, under load: what was said to be saved is there."""
    postgres = portal.servere.postgres
    assert postgres
    assert postgres.barn
    with at_work(portal, verden.loep, utfall, "PostgreSQL startet på nytt"):
        time.sleep(1)
        postgres.stop()
        time.sleep(2)
        postgres.start()
        connection.close()
        portal.wait_until_up(OPP_IGJEN)
    with at_work(portal, verden.loep, utfall, "drept PostgreSQL"):
        time.sleep(1)
        _kill_and_wait(postgres.barn)
        postgres.start()
        connection.close()
        portal.wait_until_up(OPP_IGJEN)


# --- the mail server


def mail_away(portal: Portal, verden: Angrepsverden, utfall: Utfall) -> None:
    """It refuses: sign-in answers quickly, and without a 500."""
    person = verden.loep.medlemmer[9]
    portal.post.nekter[person.epost] = "451 Not now"
    try:
        _ask_quickly(portal, utfall, person.epost, "e-posttjener som nekter")
    finally:
        portal.post.nekter.clear()


def mail_hangs(portal: Portal, verden: Angrepsverden, utfall: Utfall) -> None:
    """It thinks for long: nobody waits for it at the page, and others are let in meanwhile."""
    portal.post.tenketid = 8.0
    try:
        for nr in (10, 11):
            _ask_quickly(portal, utfall, verden.loep.medlemmer[nr].epost, "e-posttjener som henger")
    finally:
        portal.post.tenketid = 0.0
    time.sleep(9)  # the talk that is under way
    klient = portal.klient(fra="192.0.2.77")
    kode = ask_for_code(portal, klient, verden.loep.ledere[0])
    svar = klient.post(reverse("account_confirm_login_code"), {"code": kode})
    if not is_signed_in(klient):
        utfall.found("annet", f"innlogging etterpå gikk ikke ({svar.status})")


def _ask_quickly(portal: Portal, utfall: Utfall, epost: str, hva: str) -> None:
    klient = portal.klient(fra="192.0.2.66")
    t0 = time.monotonic()
    svar = klient.post(reverse("account_login"), {"login": epost})
    brukt = time.monotonic() - t0
    utfall.tried()
    if svar.status >= 500 and not svar.er_rent_503:
        utfall.found("5xx", f"{hva}: innlogging ga {svar.status}")
    if brukt > SVARTID:
        utfall.found("heng", f"{hva}: innlogging svarte etter {brukt:.0f} s")


# --- the disk


def full_disk(portal: Portal, verden: Angrepsverden, utfall: Utfall) -> None:
    """No room for files: it is said, nothing is kept by halves, and reading goes on."""
    with _small_disk(portal) as mappe:
        if mappe is None:
            utfall.skipped("full disk: vi får ikke lage en liten disk her (krever root)")
            return
        arbeid = verden.loep.arbeid[7]
        klient = portal.signed_in(verden.loep.ledere[7])
        adresse = reverse("rolu:vedlegg_ny", args=["lop", arbeid.pk])
        _fill(mappe)
        innhold = b"Et notat som er for stort.\n" * 40_000
        svar = klient.post(adresse, {}, filer=[("filer", "stort.txt", "text/plain", innhold)])
        utfall.tried(3)
        if svar.status >= 500 and not svar.er_rent_503:
            utfall.found("5xx", f"full disk: opplasting ga {svar.status}")
        if (
            svar.status in {302, 303}
            and Vedlegg.objects.filter(mellomarbeid=arbeid, navn="stort.txt").exists()
        ):
            utfall.found("tapt", "full disk: fila ble meldt lagt ved")
        halve = [fil for fil in mappe.rglob("*") if fil.is_file() and fil.name != "fyll"]
        if halve:
            utfall.found("tapt", f"full disk: {len(halve)} halve filer ble liggende")
        if klient.get("/lop/hjem/").status != 200:
            utfall.found("annet", "full disk: hjemsiden svarte ikke")


@contextlib.contextmanager
def _small_disk(portal: Portal) -> Iterator[Path | None]:
    """A small disk over the folder of files, for as long as it lasts."""
    mappe = Path(portal.miljo["MEDIA_ROOT"])
    mappe.mkdir(exist_ok=True)
    valg = ["mount", "-t", "tmpfs", "-o", f"size={FULL_MB}m", "tmpfs", str(mappe)]
    laget = subprocess.run(valg, capture_output=True).returncode == 0
    try:
        yield mappe if laget else None
    finally:
        if laget:
            subprocess.run(["umount", "-l", str(mappe)], check=True)


def _fill(mappe: Path) -> None:
    with (mappe / "fyll").open("wb") as fil, contextlib.suppress(OSError):
        while True:
            fil.write(b"\0" * 65536)
            fil.flush()


# --- waiting


def _again(jobb: Jobb) -> Jobb:
    return Jobb.objects.get(pk=jobb.pk)


def _wait_softly(ferdig: Callable[[], bool], sekunder: float) -> bool:
    slutt = time.monotonic() + sekunder
    while time.monotonic() < slutt:
        if ferdig():
            return True
        time.sleep(0.05)
    return False


def _wait(ferdig: Callable[[], bool], sekunder: float, ellers: str) -> None:
    if not _wait_softly(ferdig, sekunder):
        raise LookupError(ellers)

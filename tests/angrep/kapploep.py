"""The race tests: twenty to forty real posts at the same moment, and what was made, doubled or lost."""

import datetime
import hashlib
import io
import re
import secrets
import threading
import time
from collections.abc import Callable, Collection
from functools import partial

from django.db import connection
from django.urls import reverse

from kommuner.gyldighet import idag
from nettverk.models import Brev, Jobb, Person
from rolu.models import Deltakelse, Loggpost, Oppdrag, Samling, Vedlegg
from tests.angrep.klient import Borte, Heng, Klient, Svar
from tests.angrep.portal import Portal
from tests.angrep.samtidig import at_once, same
from tests.angrep.skjema import form_with
from tests.angrep.utfall import Utfall
from tests.angrep.verden import Angrepsverden

ANTALL = 20
GJETT = 40
# The same picture as when three of them took the web process to gigabytes: small as a file, huge when opened.
BOMBE_SIDE = 11_000
MINNE_MAKS_MB = 1200

Loep = Callable[[Portal, Angrepsverden, Utfall], None]


def attack(
    portal: Portal, verden: Angrepsverden, slutt: float, bare: Collection[str] = ()
) -> Utfall:
    utfall = Utfall("kappløp")
    alle: list[Loep] = [
        guess_the_code,
        ask_for_codes,
        make_samling,
        give_oppdrag,
        sign_up,
        write_together,
        publish,
        upload,
        upload_bombs,
    ]
    for ett in [ett for ett in alle if not bare or ett.__name__ in bare]:
        if time.monotonic() > slutt:
            utfall.skipped(f"{ett.__name__}: tida var ute")
            continue
        try:
            ett(portal, verden, utfall)
        except (LookupError, Borte, Heng, AssertionError) as feil:
            utfall.found("annet", f"{ett.__name__}: {feil!r}")
    return utfall


# --- signing in


def guess_the_code(portal: Portal, verden: Angrepsverden, utfall: Utfall) -> None:
    """Forty guesses at once on one code. The right one is sent when ten have been answered: by then the
    code is dead, whatever is still on its way."""
    person = verden.loep.medlemmer[0]
    klient = portal.klient(fra="192.0.2.10")
    kode = ask_for_code(portal, klient, person)
    adresse = reverse("account_confirm_login_code")
    besvart = threading.Semaphore(0)

    def guess(k: Klient, gjett: str) -> Svar:
        svar = _try_code(k, adresse, gjett)
        besvart.release()
        return svar

    heldig = klient.copy()

    def guess_right(_k: Klient) -> Svar:
        for _nr in range(10):
            besvart.acquire(timeout=20)
        return _try_code(heldig, adresse, kode)

    gale = [partial(guess, gjett=_wrong(kode, nr)) for nr in range(1, GJETT)]
    at_once([klient] * GJETT, [*gale, guess_right], utfall, "gjetting av kode")
    if is_signed_in(heldig):
        utfall.found("annet", "riktig kode slapp inn etter ti gale på én gang")
    sist = klient.copy()
    _try_code(sist, adresse, kode)
    utfall.tried()
    if is_signed_in(sist):
        utfall.found("annet", f"riktig kode slapp inn etter {GJETT} gale")


def ask_for_codes(portal: Portal, verden: Angrepsverden, utfall: Utfall) -> None:
    """Twenty who ask for a code to one address at once: few letters."""
    person = verden.loep.medlemmer[1]
    adresse = reverse("account_login")
    klienter = [portal.klient(fra=f"198.51.{nr}.7") for nr in range(ANTALL)]
    felt = {"login": person.epost}
    at_once(
        klienter, [lambda k: k.post(adresse, felt)] * ANTALL, utfall, "mange koder til én adresse"
    )
    time.sleep(2)
    antall = portal.post.antall()[person.epost]
    utfall.tall[f"koder sendt av {ANTALL} bestilt"] = antall
    if antall > 5:
        utfall.found("dobbelt", f"{antall} koder til én adresse på et øyeblikk")


def ask_for_code(portal: Portal, klient: Klient, person: Person) -> str:
    """The code, out of the letter that the mail server got."""
    foer = portal.post.antall()[person.epost]
    klient.post(reverse("account_login"), {"login": person.epost})
    slutt = time.monotonic() + 15
    while portal.post.antall()[person.epost] <= foer:
        if time.monotonic() > slutt:
            raise LookupError("brevet med koden kom ikke")
        time.sleep(0.05)
    nummer = max(nr for nr, til in enumerate(portal.post.til) if til == person.epost)
    brev = portal.post.brev(nummer)
    tekst = brev.get_content()
    funnet = re.search(r"^\s{2,}([0-9A-Z][0-9A-Z -]{4,20})\s*$", tekst, re.MULTILINE)
    if not funnet:
        raise LookupError("fant ingen kode i brevet")
    return funnet[1]


def _wrong(kode: str, nummer: int) -> str:
    """Another code of the same make."""

    def turn(tegn: str, steg: int) -> str:
        if tegn.isdigit():
            return str((int(tegn) + steg) % 10)
        return tegn

    hale = f"{nummer:03}"
    ny, igjen = list(kode), len(hale)
    for plass in range(len(ny) - 1, -1, -1):
        if ny[plass].isalnum() and igjen:
            igjen -= 1
            siffer = int(hale[igjen])
            ny[plass] = (
                turn(ny[plass], siffer) if ny[plass].isdigit() else _letter(ny[plass], siffer)
            )
    return "".join(ny) if "".join(ny) != kode else "".join(reversed(kode))


def _letter(tegn: str, steg: int) -> str:
    alfabet = "ABCDEFGHJKLMNPQRSTUVWXYZ" if tegn.isupper() else "abcdefghjkmnpqrstuvwxyz"
    return alfabet[(alfabet.index(tegn) + steg) % len(alfabet)] if tegn in alfabet else tegn


def _try_code(klient: Klient, adresse: str, kode: str) -> Svar:
    return klient.post(adresse, {"code": kode})


def is_signed_in(klient: Klient) -> bool:
    fane = klient.copy()
    try:
        return fane.get(reverse("nettverk:konto")).status == 200
    finally:
        fane.close()


# --- making the same thing many times


def make_samling(portal: Portal, verden: Angrepsverden, utfall: Utfall) -> None:
    klient = portal.signed_in(verden.loep.koordinator)
    adresse = reverse("rolu:samling_ny", args=["lop"])
    tittel = f"Kappløp {secrets.token_hex(4)}"
    dag = f"{idag() + datetime.timedelta(days=60)}"
    felt = form_with(klient.get(adresse).tekst, "tittel") | {
        "tittel": tittel,
        "sted": "Salen",
        "type": "rolu",
        "dag_1_0": dag,
        "dag_1_1": "09.00",
        "dag_1_2": "15.00",
    }
    same(klient, ANTALL, lambda k: k.post(adresse, felt), utfall, "ny samling")
    _exactly_one(utfall, "samling", Samling.objects.filter(tittel=tittel).count())


def give_oppdrag(portal: Portal, verden: Angrepsverden, utfall: Utfall) -> None:
    samling = verden.loep.samling("Med oppdrag", status=Samling.Status.INVITERT, publisert=_now())
    klient = portal.signed_in(verden.loep.koordinator)
    adresse = reverse("rolu:samling_oppdrag", args=["lop", samling.pk])
    tittel = f"Kappløp {secrets.token_hex(4)}"
    felt = form_with(klient.get(adresse).tekst, "tittel") | {
        "tittel": tittel,
        "tekst": "Prøv noe.",
        "frist": f"{idag() + datetime.timedelta(days=30)}",
    }
    spurt = form_with(klient.post(adresse, felt).tekst, "tittel") | {"gi": "1"}
    same(klient, ANTALL, lambda k: k.post(adresse, spurt), utfall, "nytt oppdrag")
    _exactly_one(utfall, "oppdrag", Oppdrag.objects.filter(tittel=tittel).count())
    wait_for_letters()
    ett = Oppdrag.objects.filter(tittel=tittel).first()
    if ett:
        _one_letter_each(portal, utfall, "oppdrag", ett)


def publish(portal: Portal, verden: Angrepsverden, utfall: Utfall) -> None:
    """Published twenty times at once: each leader gets one letter, and is invited once."""
    samling = verden.loep.samling(f"Kappløp {secrets.token_hex(4)}")
    klient = portal.signed_in(verden.loep.koordinator)
    adresse = reverse("rolu:samling_publiser", args=["lop", samling.pk])
    side = klient.get(adresse).tekst
    try:
        felt = form_with(side, "til-enheter")
    except LookupError:
        felt = {"til-enheter": "on"}
    same(klient, ANTALL, lambda k: k.post(adresse, felt), utfall, "publisering")
    samling.refresh_from_db()
    if samling.status != Samling.Status.INVITERT:
        utfall.found("tapt", "samlingen ble ikke publisert")
    rader = list(Deltakelse.objects.filter(samling=samling).values_list("verv", flat=True))
    if len(rader) != len(set(rader)):
        utfall.found("dobbelt", "samme verv invitert to ganger")
    wait_for_letters()
    _one_letter_each(portal, utfall, "invitasjon", samling)


def _exactly_one(utfall: Utfall, hva: str, antall: int) -> None:
    if antall > 1:
        utfall.found("dobbelt", f"{ANTALL} trykk på én gang laget {antall} av {hva}")
    if antall == 0:
        utfall.found("tapt", f"{ANTALL} trykk på én gang laget ingen {hva}")


def _one_letter_each(portal: Portal, utfall: Utfall, hva: str, ting: object) -> None:
    """Counted at the mail server, by Message-ID: what the portal thinks it sent is not asked."""
    brevene = list(Brev.objects.about(ting).values_list("epost", "melding_id"))
    kommet = message_ids(portal)
    for epost, melding_id in brevene:
        if kommet.count(melding_id) == 0:
            utfall.found("tapt", f"{hva}: brevet til {epost} kom ikke")
        if kommet.count(melding_id) > 1:
            utfall.found("dobbelt", f"{hva}: {epost} fikk brevet flere ganger")
    adresser = [epost for epost, _melding in brevene]
    for epost in set(adresser):
        if adresser.count(epost) > 1:
            utfall.found("dobbelt", f"{hva}: {adresser.count(epost)} brev skrevet til {epost}")
    if not brevene:
        utfall.found("tapt", f"{hva}: ingen brev ble skrevet")


def message_ids(portal: Portal) -> list[str]:
    return [
        str(portal.post.brev(nr)["Message-ID"]).strip() for nr in range(len(portal.post.mottatt))
    ]


def wait_for_letters(sekunder: float = 40) -> bool:
    """Until no job is under way and no letter waits. False when that did not happen."""
    slutt = time.monotonic() + sekunder
    while time.monotonic() < slutt:
        connection.close_if_unusable_or_obsolete()
        venter = Brev.objects.filter(tilstand__in=["venter", "sender"])
        if not Jobb.objects.active().exists() and not venter.exists():
            return True
        time.sleep(0.2)
    return False


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


# --- answering and writing together


def sign_up(portal: Portal, verden: Angrepsverden, utfall: Utfall) -> None:
    """A leader's form twenty times, while the member answers twenty times: one answer each."""
    from rolu.samlinger.publisering import publish as act

    samling = verden.loep.samling(f"Påmelding {secrets.token_hex(4)}")
    act(samling, by=verden.loep.koordinator)
    leder = portal.signed_in(verden.loep.ledere[2])
    medlem = portal.signed_in(verden.loep.medlemmer[2])
    adresse = reverse("rolu:paamelding", args=["lop", samling.pk])
    gruppesvar = form_with(leder.get(adresse).tekst, "stand")
    eget = form_with(medlem.get(adresse).tekst, "deltakelse") | {"svar": "ja"}
    trykk = [lambda k: k.post(adresse, gruppesvar), lambda k: k.post(adresse, eget)] * ANTALL
    svar = at_once([leder, medlem] * ANTALL, trykk, utfall, "påmelding")
    rader = Deltakelse.objects.filter(
        samling=samling, verv__person__in=[verden.loep.ledere[2], verden.loep.medlemmer[2]]
    )
    verv = list(rader.values_list("verv", flat=True))
    if len(verv) != len(set(verv)):
        utfall.found("dobbelt", "samme verv påmeldt to ganger")
    # A leader whose page was older than the member's answer is asked to look again, and loses nothing.
    for hvem, egne in ((verden.loep.ledere[2], svar[::2]), (verden.loep.medlemmer[2], svar[1::2])):
        tatt_imot = any(ett is not None and ett.status in {302, 303} for ett in egne)
        staar = rader.filter(verv__person=hvem, status=Deltakelse.Status.PAAMELDT).exists()
        if tatt_imot and not staar:
            utfall.found("tapt", "en påmelding som ble tatt imot, står ikke der")


def write_together(portal: Portal, verden: Angrepsverden, utfall: Utfall) -> None:
    """Two people, ten tabs each, one text: what is not saved comes back to the one who wrote it."""
    arbeid = verden.loep.arbeid[3]
    leder = portal.signed_in(verden.loep.ledere[3])
    medlem = portal.signed_in(verden.loep.medlemmer[3])
    post = Loggpost.objects.create(
        mellomarbeid=arbeid,
        fase=Loggpost.Fase.PROEVE,
        tekst="Det vi begynte med.",
        skrevet_av=verden.loep.ledere[3],
        **_new_key(),
    )
    adresse = reverse("rolu:loggpost", args=["lop", arbeid.pk, post.noekkel])
    felt = form_with(leder.get(adresse).tekst, "versjon")
    setninger = [f"Setning {secrets.token_hex(6)}." for _nr in range(ANTALL)]
    svar = at_once(
        [leder, medlem] * (ANTALL // 2),
        [partial(_write, adresse=adresse, felt=felt | {"tekst": s}) for s in setninger],
        utfall,
        "to faner på samme tekst",
    )
    post.refresh_from_db()
    vant = 0
    for setning, ett in zip(setninger, svar, strict=True):
        if ett is None:
            continue
        if ett.status in {302, 303}:
            vant += 1
            if setning not in post.tekst:
                utfall.found("tapt", "en setning som ble meldt lagret, står ikke der")
        elif setning not in ett.tekst:
            utfall.found("tapt", f"en setning som ikke ble lagret, kom ikke tilbake ({ett.status})")
    if vant != 1:
        utfall.found("dobbelt" if vant else "tapt", f"{vant} av {ANTALL} faner fikk lagre")


def _write(klient: Klient, adresse: str, felt: dict[str, object]) -> Svar:
    return klient.post(adresse, felt)


def _new_key() -> dict[str, object]:
    import uuid

    return {"noekkel": uuid.uuid4(), "dato": idag()}


# --- files


def upload(portal: Portal, verden: Angrepsverden, utfall: Utfall) -> None:
    """Twenty files at once: each that was taken, stands there whole, once."""
    arbeid = verden.loep.arbeid[4]
    klient = portal.signed_in(verden.loep.ledere[4])
    adresse = reverse("rolu:vedlegg_ny", args=["lop", arbeid.pk])
    innhold = [f"Notat {secrets.token_hex(8)}\n".encode() * 2000 for _nr in range(ANTALL)]
    svar = at_once(
        [klient] * ANTALL,
        [
            partial(_send, adresse=adresse, navn=f"n{nr}.txt", innhold=i)
            for nr, i in enumerate(innhold)
        ],
        utfall,
        "tjue filer på én gang",
    )
    lagret: list[str] = []
    for fil in Vedlegg.objects.filter(mellomarbeid=arbeid):
        with fil.fil.open("rb") as f:
            lagret.append(hashlib.sha256(f.read()).hexdigest())
    for ett, bytes_ in zip(svar, innhold, strict=True):
        antall = lagret.count(hashlib.sha256(bytes_).hexdigest())
        if ett is not None and ett.status in {302, 303} and antall == 0:
            utfall.found("tapt", "en fil som ble meldt lagt ved, er ikke der")
        if antall > 1:
            utfall.found("dobbelt", "en fil ble lagt ved to ganger")
    utfall.tall[f"filer tatt imot av {ANTALL}"] = len(lagret)


def _send(
    klient: Klient, adresse: str, navn: str, innhold: bytes, slag: str = "text/plain"
) -> Svar:
    return klient.post(adresse, {"beskrivelse": ""}, filer=[("filer", navn, slag, innhold)])


def upload_bombs(portal: Portal, verden: Angrepsverden, utfall: Utfall) -> None:
    """A picture that is small as a file and huge when opened, four at once: the memory holds."""
    from PIL import Image

    lerret = io.BytesIO()
    Image.new("L", (BOMBE_SIDE, BOMBE_SIDE)).save(lerret, "PNG")
    arbeid = verden.loep.arbeid[5]
    klient = portal.signed_in(verden.loep.ledere[5], taalmod=60.0)
    adresse = reverse("rolu:vedlegg_ny", args=["lop", arbeid.pk])
    trykk = [
        partial(_send, adresse=adresse, navn="b.png", innhold=lerret.getvalue(), slag="image/png")
    ]
    with portal.watched_memory() as minne:
        at_once([klient] * 4, trykk * 4, utfall, "bilde med 121 megapiksler")
    utfall.tall["mest minne i en prosess, MB"] = minne.mest
    if minne.mest > MINNE_MAKS_MB:
        utfall.found("annet", f"en prosess brukte {minne.mest} MB på et stort bilde")

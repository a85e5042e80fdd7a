"""A round of questions: made, opened to whoever has the code, closed, and its results shown or not."""

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from evaluering.models import Skjema, Undersokelse
from nettverk.models import Nettverk
from nettverk.side import kode as tegnet
from nettverk.skriving.konflikt import KanIkke


def make(skjema: Skjema, *, nettverk: Nettverk, tittel: str) -> Undersokelse:
    """A round that nobody can answer yet."""
    return tegnet.make_coded(Undersokelse, nettverk=nettverk, skjema=skjema, tittel=tittel)


def by_code(kode: str) -> Undersokelse | None:
    """The round that has the code, with its network and form. One query."""
    rader = Undersokelse.objects.select_related("nettverk", "skjema")
    return rader.filter(kode=tegnet.read(kode)).first()


@transaction.atomic
def open_it(undersokelse: Undersokelse) -> None:
    """Let people answer, also again after it was closed. Twice is once. From now on its questions stand."""
    naa = _held(undersokelse)
    if naa.frosset:
        raise KanIkke(_("Svarene er slettet, så skjemaet kan ikke åpnes igjen."))
    if not naa.skjema.sporsmaal.exists():
        raise KanIkke(_("Skjemaet må ha minst ett spørsmål."))
    naa.aapnet, naa.stengt = naa.aapnet or timezone.now(), None
    _save(naa, undersokelse)


@transaction.atomic
def close(undersokelse: Undersokelse) -> None:
    """No more answers, but for what is on its way (`FRIST`). Twice is once; the first time stands."""
    naa = _held(undersokelse)
    if naa.aapnet is None:
        raise KanIkke(_("Skjemaet er ikke åpnet."))
    naa.stengt = naa.stengt or timezone.now()
    _save(naa, undersokelse)


@transaction.atomic
def show(undersokelse: Undersokelse, *, vis: bool) -> None:
    """Let the results stand where the room sees them, or take them away."""
    naa = _held(undersokelse)
    if vis and naa.aapnet is None:
        raise KanIkke(_("Skjemaet er ikke åpnet."))
    naa.viser_resultater = vis
    _save(naa, undersokelse)


def _held(undersokelse: Undersokelse) -> Undersokelse:
    rader = Undersokelse.objects.select_related("skjema")
    return rader.select_for_update(of=["self"], no_key=True).get(pk=undersokelse.pk)


def _save(naa: Undersokelse, kjent: Undersokelse) -> None:
    """Keep it, and let the caller's own copy stand as the row does."""
    naa.versjon += 1
    felt = ["aapnet", "stengt", "viser_resultater", "versjon"]
    naa.save(update_fields=felt)
    for navn in felt:
        setattr(kjent, navn, getattr(naa, navn))


# --- the way in


def path(undersokelse: Undersokelse) -> str:
    """Where one answers, inside the portal."""
    return reverse("undersokelse", args=[undersokelse.kode])


def address(undersokelse: Undersokelse) -> str:
    """The whole address, for a QR code and for paper."""
    return tegnet.whole(path(undersokelse))


def qr(undersokelse: Undersokelse) -> SafeString:
    return tegnet.qr(address(undersokelse), tittel=_("QR-kode til skjemaet"))

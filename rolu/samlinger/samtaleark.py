"""Paper for the tables of a gathering's tankesmie: what is printed of any (`fremtidsbilder.tankesmier.ark`), asked for
by those who hold the gathering."""

from collections.abc import Callable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fremtidsbilder.tankesmier import ark as arkene
from fremtidsbilder.tankesmier.ark import Arkslag, Bordblokk, Lapp
from nettverk.arbeid.gjelder import find, gjelder
from nettverk.arbeid.jobber import Arbeid, JobbFeil, jobbslag, order_jobb
from nettverk.models import Jobb, Person
from rolu.models import Samtale

ARK = arkene.ARK


def pads(samtale: Samtale) -> list[Bordblokk]:
    """An empty pad for each table and question."""
    return arkene.pads(samtale.tankesmie)


def pads_html(samtale: Samtale) -> str:
    """The pads as WeasyPrint is given them, in the network's written form."""
    return arkene.pads_html(samtale.tankesmie)


def slips(samtale: Samtale) -> list[list[Lapp]]:
    """A slip with the code for each table."""
    return arkene.slips(samtale.tankesmie)


def slips_html(samtale: Samtale) -> str:
    return arkene.slips_html(samtale.tankesmie)


def _slag(navn: str) -> str:
    return f"rolu.{navn}"


SLAG = tuple(_slag(navn) for navn in ARK)


def order(samtale: Samtale, *, ark: Arkslag, by: Person) -> Jobb:
    """Ask for a print; the one already under way when there is one."""
    arkene.require_printable(samtale.tankesmie)
    om = gjelder(samtale)
    return order_jobb(nettverk=samtale.nettverk, slag=_slag(ark.navn), gjelder=om, by=by)


def latest_jobs(samtale: Samtale) -> dict[str, Jobb]:
    """The newest job of each kind. One query."""
    slag = {_slag(navn): navn for navn in ARK}
    jobber = Jobb.objects.filter(
        nettverk=samtale.nettverk, slag__in=slag, gjelder=gjelder(samtale)
    ).order_by("pk")
    return {slag[jobb.slag]: jobb for jobb in jobber}


def _make(arbeid: Arbeid, ark: Arkslag) -> None:
    samtale = find(arbeid.jobb.gjelder)
    if not isinstance(samtale, Samtale):
        raise JobbFeil(_("Tankesmia finnes ikke lenger."))
    arkene.make(arbeid, ark, samtale.tankesmie)


def _arkslag(navn: str) -> Callable:
    return jobbslag(
        _slag(navn),
        tillatelse="rolu.print_samtaler",
        resultat_tekst=gettext_lazy("Åpne PDF-en"),
    )


@_arkslag("bordblokker")
def make_pads(arbeid: Arbeid) -> None:
    """The empty pads of a tankesmie."""
    _make(arbeid, ARK["bordblokker"])


@_arkslag("kodelapper")
def make_slips(arbeid: Arbeid) -> None:
    """The slips with its code."""
    _make(arbeid, ARK["kodelapper"])


@_arkslag("skjemaer")
def make_forms(arbeid: Arbeid) -> None:
    """The sheets to hand out."""
    _make(arbeid, ARK["skjemaer"])

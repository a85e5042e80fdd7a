"""What the goals say on shared surfaces: on the pages of a kommune and of a unit, what waits, what is kept about a
person, and what goes on."""

from collections.abc import Iterable, Iterator, Sequence

from django.db.models import Count, Exists, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fremtidsbilder.models import Maal, Maalkommentar, Maalrunde
from fremtidsbilder.sted import where
from kommuner.gyldighet import idag
from kommuner.models import Enhet, Kommune
from nettverk.flater import Gjoremaal, Opplysninger, Seksjon, Tekst
from nettverk.models import Nettverk, Person
from nettverk.mottakere.utvalg import resolve
from nettverk.side.innhold import fill_in, innhold
from nettverk.side.skrivemaate import shortened
from nettverk.tilgang.roller import Roller, may_be_there

# What a page knows of its network (`ask_along`).
HAR_HOERING = "har_hoering"
# More hearings than this never go on in a network at once.
_FLEST = 20


def hearing_goes_on() -> Exists:
    """Whether the network has a goal on hearing, to `ask_along`."""
    rader = Maal.objects.filter(nettverk=OuterRef("pk"), tilstand=Maal.Tilstand.HOERING)
    return Exists(rader)


def goals_of(
    roller: Roller, *, kommune: Kommune | None = None, enhet: Enhet | None = None
) -> Iterable[Seksjon]:
    """The goals of a kommune or of a unit that one works towards, or may change. One query."""
    her = Maal.objects.visible_to(roller).exclude(tilstand=Maal.Tilstand.AVSLUTTET)
    maal = list(her.filter(kommune=kommune) if kommune else her.filter(enhet=enhet))
    if maal:
        data = {"maal": maal, "kommune": kommune}
        yield Seksjon("fremtidsbilder/_sted_maal.html", data, 30)


def waiting(roller: Roller) -> Iterator[Gjoremaal]:
    """The hearings that wait for the person's word; and for the one who may go on, those in which comments wait for an
    answer, and those that have ended. Three queries, none when no hearing goes on."""
    if not may_be_there(roller.nettverk, HAR_HOERING):
        return
    paa_hoering = list(
        Maal.objects.visible_to(roller)
        .filter(tilstand=Maal.Tilstand.HOERING)
        .select_related("kommune", "enhet", "hoeres_av")
        .defer("kommune__grense")
        .annotate(
            er_egen=Exists(Maal.objects.changeable_by(roller).filter(pk=OuterRef("pk"))),
            ubesvart=_unanswered(),
        )
        .order_by("hoering_til", "pk")[:_FLEST]
    )
    apne = [m for m in paa_hoering if m.hoering_til and m.hoering_til >= idag()]
    over = [m for m in paa_hoering if m not in apne]
    spurt = _asked(apne, roller)
    for maal in apne:
        if maal.pk in spurt:
            yield _asks(maal, roller)
        if maal.er_egen and maal.ubesvart:
            yield _has_comments(maal, roller, maal.ubesvart)
    for maal in over:
        if maal.er_egen:
            yield _has_ended(maal, roller)


def _unanswered() -> Coalesce:
    """How many of its comments wait for an answer, whichever hearing they were said in."""
    rader = Maalkommentar.objects.filter(maal=OuterRef("pk"), utfall="").order_by()
    return Coalesce(Subquery(rader.values("maal").annotate(n=Count("pk")).values("n")), 0)


def _asked(maalene: Sequence[Maal], roller: Roller) -> set[int]:
    """Those of the hearings in which the person is asked, and has said nothing. Two queries."""
    if not maalene:
        return set()
    deler = []
    for maal in maalene:
        if maal.hoeres_av:
            maal.hoeres_av.nettverk = roller.nettverk
            verv = resolve(maal.hoeres_av).filter(person=roller.person).order_by()
            deler.append(verv.annotate(om=Value(maal.pk)).values_list("om"))
    if not deler:
        return set()
    spurt = {pk for (pk,) in (deler[0].union(*deler[1:]) if deler[1:] else deler[0])}
    # In this hearing: what was said in one before is answered already.
    sendt = Maalrunde.objects.filter(maal=OuterRef("maal"), slag=Maalrunde.Slag.HOERING)
    sagt = Maalkommentar.objects.filter(
        maal__in=spurt,
        skrevet_av=roller.person,
        skrevet__gte=Subquery(sendt.order_by("-pk").values("opprettet")[:1]),
    )
    return spurt - set(sagt.values_list("maal", flat=True))


def _url(maal: Maal, roller: Roller) -> str:
    return reverse("fremtidsbilder:maal", args=[roller.nettverk.slug, maal.pk]) + "#hoering"


def _words(maal: Maal, roller: Roller) -> Tekst:
    return innhold(shortened(maal.tekst, 120), roller.nettverk)


def _asks(maal: Maal, roller: Roller) -> Gjoremaal:
    frist = maal.hoering_til
    return Gjoremaal(
        fill_in(
            _("Si hva dere mener om et mål for %(sted)s, senest %(dato)s"),
            sted=where(maal, roller.nettverk.kortnavn),
            dato=date_format(frist) if frist else "",
        ),
        _words(maal, roller),
        _url(maal, roller),
        _("Les og kommenter"),
        frist=frist,
        haster=15,
    )


def _has_comments(maal: Maal, roller: Roller, antall: int) -> Gjoremaal:
    return Gjoremaal(
        fill_in(
            ngettext(
                "%(n)s kommentar til et mål for %(sted)s venter på svar",
                "%(n)s kommentarer til et mål for %(sted)s venter på svar",
                antall,
            ),
            n=str(antall),
            sted=where(maal, roller.nettverk.kortnavn),
        ),
        _words(maal, roller),
        _url(maal, roller),
        _("Svar på kommentarene"),
        ved=maal.hoering_til,
        haster=30,
    )


def _has_ended(maal: Maal, roller: Roller) -> Gjoremaal:
    return Gjoremaal(
        fill_in(
            _("Høringen av et mål for %(sted)s er over"), sted=where(maal, roller.nettverk.kortnavn)
        ),
        _words(maal, roller),
        _url(maal, roller),
        _("Svar på kommentarene"),
        ved=maal.hoering_til,
        haster=30,
    )


def kept_about(person: Person) -> Iterator[Opplysninger]:
    """What the person has said in hearings."""
    sagt = Maalkommentar.objects.filter(skrevet_av=person).select_related("maal")
    yield Opplysninger(
        _("Kommentarer du har skrevet til mål på høring"),
        [
            {_("kommentar"): k.tekst, _("mål"): str(k.maal), _("dato"): k.skrevet}
            for k in sagt.order_by("skrevet", "pk")
        ],
        tett=True,
    )


def going_on(nettverk: Nettverk) -> Iterator[Tekst]:
    """What is cut off when the part is switched off."""
    antall = Maal.objects.filter(nettverk=nettverk, tilstand=Maal.Tilstand.HOERING).count()
    if antall:
        yield ngettext("%(n)s mål er på høring.", "%(n)s mål er på høring.", antall) % {"n": antall}

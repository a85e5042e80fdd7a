"""What the tankesmier that are held for themselves say on shared surfaces: on the home page of those who hold one that
is open, and what goes on when the part is switched off."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Exists, OuterRef, Q, Value
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fremtidsbilder.models import Fremtidsbilde, Samtalesporsmaal, Skannebunke, Tankesmie
from fremtidsbilder.tankesmier import egne
from kommuner.gyldighet import idag
from kommuner.models import Enhet
from nettverk.flater import Gjoremaal, Opplysninger, Seksjon, Tekst
from nettverk.models import Nettverk, Person
from nettverk.side.innhold import fill_in, innhold
from nettverk.tilgang.roller import Roller, may_be_there

# What a page knows of its network (`ask_along`).
HAR_AAPNE = "har_aapne_tankesmier"
# So many at once stand on the home page; the list has the rest.
_FLEST = 3


def is_held() -> Exists:
    """Whether the network has a tankesmie held for itself that is not closed, to `ask_along`."""
    return Exists(Tankesmie.objects.own().filter(nettverk=OuterRef("pk"), lukket__isnull=True))


def waiting(roller: Roller) -> Iterator[Gjoremaal]:
    """Those that are open at the places the person holds them for, and those whose time has come without a question.
    One query, none for those who hold nothing, and where nothing is open."""
    if not may_be_there(roller.nettverk, HAR_AAPNE):
        return
    mine = Q()
    if roller.er_koordinator or roller.er_pro or roller.er_eva:
        mine |= Q(nivaa="nettverk")
    if roller.kommuner_ansvar:
        mine |= Q(nivaa="kommune", kommune__in=roller.kommuner_ansvar)
    if roller.enheter_ledet:
        mine |= Q(nivaa="enhet", enhet__in=roller.enheter_ledet)
    if not mine:
        return
    aapne = Tankesmie.objects.filter(mine, nettverk=roller.nettverk).own()
    aapne = egne.with_counts(aapne.open_at(timezone.now()))
    # One that is open, or whose time has come: what nobody has begun, waits for no one.
    i_gang = Q(har_aapent=True) | Q(aapen_fra__isnull=False)
    for tankesmie in aapne.filter(i_gang).order_by("aapen_til", "-pk")[:_FLEST]:
        yield _waits(tankesmie, roller)


def begun_at(enhet: Enhet, roller: Roller) -> Iterator[Seksjon]:
    """What the unit has begun and nobody else sees yet, for its leader: its image in draft, and its tankesmie that takes
    no answers now and is not over. One query, none for the others."""
    if enhet.pk not in roller.enheter_ledet:
        return
    naa = timezone.now()
    her = {"nettverk": roller.nettverk, "enhet": enhet}
    aapent = Samtalesporsmaal.objects.filter(
        tankesmie=OuterRef("pk"), status=Samtalesporsmaal.Status.AAPENT
    )
    smier = Tankesmie.objects.filter(
        Q(aapen_til__isnull=True) | Q(aapen_til__gt=naa),
        Q(aapen_fra__gt=naa) | ~Exists(aapent),
        lukket__isnull=True,
        **her,
    ).own()
    bilder = Fremtidsbilde.objects.filter(publisert=False, **her)
    felt = ("er_bilde", "pk", "tittel")
    rader = [
        alle.order_by().annotate(er_bilde=Value(er_bilde)).values_list(*felt)
        for alle, er_bilde in ((bilder, True), (smier, False))
    ]
    if begynt := list(rader[0].union(rader[1])):
        yield Seksjon("fremtidsbilder/_enhet_begynt.html", {"begynt": begynt}, 29)


def _waits(tankesmie: Tankesmie, roller: Roller) -> Gjoremaal:
    tittel = innhold(tankesmie.tittel, roller.nettverk)
    url = reverse("fremtidsbilder:tankesmie", args=[roller.nettverk.slug, tankesmie.pk])
    slutt = tankesmie.aapen_til
    felles: dict[str, Any] = {
        "frist": timezone.localtime(slutt).date() if slutt else None,
        "er_i_dag": tankesmie.dato == idag(),
        "haster": 20,
    }
    if not tankesmie.har_aapent:  # type: ignore[attr-defined] # annotated
        return Gjoremaal(
            fill_in(_("Åpne et spørsmål i «%(tittel)s»"), tittel=tittel),
            _("Tankesmia er åpen, men ingen kan svare ennå."),
            url,
            _("Åpne spørsmålet"),
            **felles,
        )
    antall = tankesmie.antall_stemmer  # type: ignore[attr-defined] # annotated
    sagt = ngettext("%(n)s stemme til nå.", "%(n)s stemmer til nå.", antall) % {"n": antall}
    tittel = fill_in(_("Tankesmia «%(tittel)s» er åpen"), tittel=tittel)
    return Gjoremaal(tittel, sagt, url, _("Følg med"), **felles)


def going_on(nettverk: Nettverk) -> Iterator[Tekst]:
    """Those whose code opens nothing when the part is switched off (`inngang.look_up`)."""
    aapne = Tankesmie.objects.filter(nettverk=nettverk).own().open_at(timezone.now())
    if antall := aapne.count():
        yield ngettext(
            "%(n)s tankesmie er åpen. Koden slutter å virke.",
            "%(n)s tankesmier er åpne. Kodene slutter å virke.",
            antall,
        ) % {"n": antall}


def kept_about(person: Person) -> Iterator[Opplysninger]:
    """The scanned forms that the person has put in, for «Mine opplysninger»."""
    bunker = Skannebunke.objects.filter(lagt_inn_av=person).select_related("tankesmie")
    yield Opplysninger(
        _("Skannede skjemaer du har lagt inn"),
        [
            {_("fil"): b.navn, _("tankesmie"): b.tankesmie.tittel, _("dato"): b.lagt_inn}
            for b in bunker.order_by("lagt_inn", "pk")
        ],
        tett=True,
    )

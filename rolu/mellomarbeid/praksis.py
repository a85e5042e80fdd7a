"""Tell the network what a unit has tried, take it back, hide it, and take what others tell into use."""

import datetime
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.contrib.postgres.expressions import ArraySubquery
from django.db import transaction
from django.db.models import Case, F, OuterRef, QuerySet, When
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fremtidsbilder.models import Tema
from kommuner.gyldighet import idag
from nettverk.arbeid import nyheter
from nettverk.arbeid.brev import brevslag, key
from nettverk.models import Brev, Gruppe, Naar, Nyhet, Person
from nettverk.skriving.konflikt import Borte, KanIkke
from nettverk.skriving.laas import held
from rolu.mellomarbeid.logg import ER_SLETTET, TEKST_MAKS, begin, hold, open_for_writing
from rolu.mellomarbeid.oppdrag import leaders_per_group
from rolu.mellomarbeid.utdrag import after_first, cut, first_sentence
from rolu.models import Loggpost, Mellomarbeid, Praksisbruk, Praksisfortelling, Vedlegg
from rolu.models.mellomarbeid import SIER_MEST

if TYPE_CHECKING:
    from nettverk.tilgang.roller import Roller

_TITTEL_MAKS = 150
# A proposal is read in a minute.
_TEKST_MAKS = 1200

Stand = Praksisfortelling.Stand


# --- what is proposed


def proposal(mellomarbeid: Mellomarbeid, loggpost: Loggpost | None) -> dict[str, str]:
    """A title and a shortened text to begin with: of the entry, or of what the unit wrote to share and what it saw.

    The first sentence of what tells most is the title, the rest follows as far as there is room.
    """
    if loggpost:
        poster = [loggpost]
    else:
        # Planning tells others least, so it is left out; the phases in the order they were.
        poster = list(
            mellomarbeid.loggposter.exclude(tekst="")
            .exclude(stand=Loggpost.Stand.PLANLAGT)
            .order_by(SIER_MEST)
        )
        poster = poster[:1] + [p for p in poster[1:] if p.fase != Loggpost.Fase.PLANLEGGE]
    biter = [
        bit for post in poster for bit in (post.tekst, post.merket, post.videre) if bit.strip()
    ]
    if not biter:
        return {"tittel": mellomarbeid.oppdrag.tittel, "tekst": ""}
    setning, _resten = first_sentence(biter[0])
    tittel = setning.removesuffix(".") if not setning.endswith("..") else setning
    if len(tittel) > _TITTEL_MAKS:
        # What the title has no room for is not lost: the text begins with the whole sentence.
        tittel = cut(tittel, _TITTEL_MAKS - 2)
    else:
        biter[0] = after_first(biter[0])
    return {"tittel": tittel, "tekst": _shortened(biter)}


def _shortened(biter: Iterable[str]) -> str:
    """As many whole pieces as there is room for; the first is cut where it must be."""
    valgt: list[str] = []
    igjen = _TEKST_MAKS
    for bit in (bit.strip() for bit in biter if bit.strip()):
        if len(bit) > igjen:
            if not valgt:
                valgt.append(cut(bit, igjen))
            break
        valgt.append(bit)
        igjen -= len(bit)
    return "\n\n".join(valgt)


def pictures_to_choose(mellomarbeid: Mellomarbeid) -> QuerySet[Vedlegg]:
    """The pictures of the log that may be shown to others."""
    bilder: QuerySet[Vedlegg] = (
        mellomarbeid.vedlegg.pictures().approved().order_by(*Vedlegg.REKKEFOLGE)
    )
    return bilder


# --- the unit's


@transaction.atomic
def share(
    mellomarbeid: Mellomarbeid,
    *,
    loggpost: Loggpost | None = None,
    tittel: str,
    tekst: str = "",
    bilder: Iterable[Vedlegg] = (),
    temaer: Iterable[Tema] = (),
    hele_loggen: bool = False,
    offentlig: bool = False,
    by: Person,
) -> Praksisfortelling:
    """Tell every member of the network of one entry, or of all that the unit wrote.

    `hele_loggen`: they may read the log as well. `offentlig`: the unit also says that this may stand in the annual
    report, which everyone reads. The same told twice is told once. Raises KanIkke when it is not delivered, and when
    something else is told of the same (`told_before`): that is changed with `change`.
    """
    arbeid = _delivered(mellomarbeid)
    if loggpost and not arbeid.loggposter.filter(pk=loggpost.pk).exists():
        raise Borte(str(ER_SLETTET))
    if fortelling := told_before(arbeid, loggpost):
        er_det_samme = (
            fortelling.er_vist
            and (fortelling.tittel, fortelling.tekst) == (tittel, tekst)
            and (fortelling.offentlig, arbeid.delt) == (offentlig, hele_loggen)
            and set(fortelling.bilder.all()) == set(bilder)
            and set(fortelling.temaer.all()) == set(temaer)
        )
        if er_det_samme:
            return fortelling
        raise KanIkke(
            _("Noen andre har endret dette mens du skrev. Se over, og lagre en gang til.")
        )
    fortelling = Praksisfortelling(
        mellomarbeid=arbeid, loggpost=loggpost, om_alt=loggpost is None, offentlig=offentlig
    )
    return _write(fortelling, tittel, tekst, bilder, temaer, hele_loggen=hele_loggen, by=by)


@transaction.atomic
def change(
    fortelling: Praksisfortelling,
    *,
    tittel: str,
    tekst: str = "",
    bilder: Iterable[Vedlegg] = (),
    temaer: Iterable[Tema] = (),
    hele_loggen: bool = False,
    offentlig: bool = False,
    igjen: bool = False,
    by: Person,
) -> Praksisfortelling:
    """Change what is told, this one and no other. `igjen`: tell again what the unit has taken back.

    What the koordinator has hidden is hidden still. Raises KanIkke when it is told again of what is not delivered.
    """
    arbeid = _delivered(fortelling.mellomarbeid) if igjen else hold(fortelling.mellomarbeid_id)
    naa = held(fortelling)
    naa.mellomarbeid = arbeid
    if igjen and naa.er_tatt_tilbake:
        naa.stand = Stand.SKJULT if naa.grunn else Stand.VIST
        naa.delt = timezone.now()
    naa.offentlig = offentlig and not naa.er_tatt_tilbake
    return _write(naa, tittel, tekst, bilder, temaer, hele_loggen=hele_loggen, by=by)


def _write(
    fortelling: Praksisfortelling,
    tittel: str,
    tekst: str,
    bilder: Iterable[Vedlegg],
    temaer: Iterable[Tema],
    *,
    hele_loggen: bool,
    by: Person,
) -> Praksisfortelling:
    arbeid = fortelling.mellomarbeid
    fortelling.tittel, fortelling.tekst, fortelling.delt_av = tittel, tekst, by
    fortelling.save()
    fortelling.bilder.set(bilder)
    fortelling.temaer.set(temaer)
    # What is hidden stands in the log too, so nobody else reads that while it is.
    skjult = arbeid.fortellinger.filter(stand=Stand.SKJULT).exists()
    arbeid.delt = hele_loggen and (fortelling.er_vist or arbeid.delt) and not skjult
    arbeid.save(update_fields=["delt"])
    return fortelling


def untold(roller: "Roller") -> QuerySet[Mellomarbeid]:
    """What the units that the person leads have delivered and told nothing of, the latest first."""
    levert = Mellomarbeid.objects.delivered().filter(
        oppdrag__nettverk=roller.nettverk,
        gruppe__enhet__in=roller.enheter_ledet,
        fortellinger=None,
    )
    return levert.select_related("oppdrag", "gruppe__enhet").order_by("-levert", "-pk")


def told_before(mellomarbeid: Mellomarbeid, loggpost: Loggpost | None) -> Praksisfortelling | None:
    """What is told of the entry, or of all that the unit wrote; also when it is taken back or hidden."""
    egne = Praksisfortelling.objects.filter(mellomarbeid=mellomarbeid)
    return (egne.filter(loggpost=loggpost) if loggpost else egne.filter(om_alt=True)).first()


@transaction.atomic
def take_back(fortelling: Praksisfortelling) -> None:
    """Show it no more, also when the koordinator has hidden it; the consent goes too. With the last that is shown
    nobody else reads the log."""
    arbeid = hold(fortelling.mellomarbeid_id)
    egen = arbeid.fortellinger.filter(pk=fortelling.pk).exclude(stand=Stand.TATT_TILBAKE)
    egen.update(stand=Stand.TATT_TILBAKE, offentlig=False)
    if not arbeid.fortellinger.filter(stand=Stand.VIST).exists():
        _close(arbeid)


def _close(arbeid: Mellomarbeid) -> None:
    arbeid.delt = False
    arbeid.save(update_fields=["delt"])


# --- the koordinator's


@transaction.atomic
def hide(fortelling: Praksisfortelling, *, grunn: str) -> None:
    """Show it no more, and say to the unit why; only the koordinator can show it again. What it tells stands in the
    log too, so nobody else reads that either. Raises KanIkke when the unit has taken it back itself."""
    arbeid = hold(fortelling.mellomarbeid_id)
    fortellinger = arbeid.fortellinger.filter(pk=fortelling.pk).exclude(stand=Stand.TATT_TILBAKE)
    if not fortellinger.update(stand=Stand.SKJULT, grunn=grunn):
        raise KanIkke(_("Fortellingen er tatt tilbake."))
    _close(arbeid)


@transaction.atomic
def show_again(fortelling: Praksisfortelling) -> None:
    """Show what was hidden. Nothing when the unit has taken it back itself."""
    arbeid = hold(fortelling.mellomarbeid_id)
    skjult = arbeid.fortellinger.filter(pk=fortelling.pk, stand=Stand.SKJULT)
    skjult.update(stand=Stand.VIST, grunn="")


# --- others take it into use


def open_work(roller: "Roller") -> QuerySet[Mellomarbeid]:
    """The logs of the person's own units that can be written in; the nearest deadline first, and last what is past
    its deadline, the latest first."""
    igjen = Case(When(oppdrag__frist__gte=idag(), then=F("oppdrag__frist")))
    return (
        Mellomarbeid.objects.missing()
        .filter(oppdrag__nettverk=roller.nettverk, gruppe__enhet__in=roller.enheter)
        .select_related("oppdrag", "gruppe__enhet")
        .order_by(igjen.asc(nulls_last=True), "-oppdrag__frist", "gruppe__enhet__sortering", "pk")
    )


def own_groups(roller: "Roller") -> QuerySet[Gruppe]:
    """The groups of the person's own units."""
    grupper = Gruppe.objects.filter(nettverk=roller.nettverk, enhet__in=roller.enheter)
    return grupper.utviklingsgrupper().gyldig().select_related("enhet").order_by("enhet__sortering")


def may_keep(fortelling: Praksisfortelling, roller: "Roller") -> list[Gruppe]:
    """Those of the own units' groups that have no log to plan the idea in, and have neither kept nor used it."""
    grupper = own_groups(roller).exclude(pk__in=open_work(roller).order_by().values("gruppe"))
    har = Praksisbruk.objects.filter(fortelling=fortelling).values("gruppe")
    return list(grupper.exclude(pk__in=har).exclude(pk=fortelling.mellomarbeid.gruppe_id))


def with_ideas(arbeidene: QuerySet[Mellomarbeid]) -> QuerySet[Mellomarbeid]:
    """Adds `ideer`: what others tell, and the unit has kept to plan later (`pk`, `tittel`, `enhet`); the first kept
    first."""
    tatt_vare_paa = Praksisbruk.objects.kept().filter(gruppe=OuterRef("gruppe"))
    som_json = JSONObject(
        pk="fortelling",
        tittel="fortelling__tittel",
        enhet="fortelling__mellomarbeid__gruppe__enhet__navn",
    )
    felt = {"ideer": ArraySubquery(tatt_vare_paa.order_by("brukt", "pk").values(json=som_json))}
    return arbeidene.annotate(**felt)


@transaction.atomic
def keep(fortelling: Praksisfortelling, *, gruppe: Gruppe, by: Person) -> Praksisbruk:
    """Keep the idea until the unit has a log to plan it in (`use`), and tell the authors.

    Kept or used by the unit before: as it is. Raises KanIkke for the unit's own and for what is not shown.
    """
    return _taken(fortelling, gruppe, by=by)


@transaction.atomic
def let_go(fortelling: Praksisfortelling, *, gruppe: Gruppe) -> None:
    """Keep the idea no more; what is planned of it stands."""
    fortelling.bruk.filter(gruppe=gruppe, loggpost=None).delete()


@transaction.atomic
def use(
    fortelling: Praksisfortelling, *, mellomarbeid: Mellomarbeid, dato: datetime.date, by: Person
) -> Loggpost:
    """Copy the idea to a planned entry in the unit's own log, and tell the authors.

    Used by the unit before: the entry it made then; kept before, it is kept no more. Raises KanIkke for the unit's own and for what is not shown,
    Lukket when the log is delivered.
    """
    arbeid = open_for_writing(mellomarbeid.pk)
    bruk = _taken(fortelling, arbeid.gruppe, by=by)
    if bruk.loggpost:
        return bruk.loggpost
    post = Loggpost.objects.create(
        mellomarbeid=arbeid,
        fase=Loggpost.Fase.PLANLEGGE,
        stand=Loggpost.Stand.PLANLAGT,
        dato=dato,
        tekst=_idea(fortelling),
        skrevet_av=by,
    )
    begin(arbeid)
    bruk.loggpost = post
    bruk.save(update_fields=["loggpost"])
    return post


def _taken(fortelling: Praksisfortelling, gruppe: Gruppe, *, by: Person) -> Praksisbruk:
    """That the unit has the idea; the first time the authors are told."""
    if fortelling.mellomarbeid.gruppe_id == gruppe.pk:
        raise KanIkke(_("Dette er deres egen fortelling."))
    if not held(fortelling).er_vist:
        raise KanIkke(_("Fortellingen er tatt tilbake."))
    bruk, ny = Praksisbruk.objects.get_or_create(
        fortelling=fortelling, gruppe=gruppe, defaults={"brukt_av": by}
    )
    if ny:
        _tell_the_authors(bruk, by=by)
    return bruk


def _idea(fortelling: Praksisfortelling) -> str:
    hvem = _("Ideen er fra %(enhet)s: «%(tittel)s».") % {
        "enhet": fortelling.enhet,
        "tittel": fortelling.tittel,
    }
    return _cut("\n\n".join(filter(None, [hvem, fortelling.tekst])))


def _cut(tekst: str) -> str:
    """As much as an entry holds; a browser sends each line break as two signs."""
    sendt = tekst.replace("\n", "\r\n")
    if len(sendt) <= TEKST_MAKS:
        return tekst
    kort = sendt[: TEKST_MAKS - 2].replace("\r\n", "\n")
    return kort.rsplit(None, 1)[0].rstrip(",;:– ") + " …"


def _address(fortelling: Praksisfortelling) -> str:
    return reverse("rolu:fortelling", args=[fortelling.nettverk.slug, fortelling.pk])


def _is_in_the_way(fortelling: Praksisfortelling, _brev: Brev) -> str:
    return "" if fortelling.er_vist else _("Fortellingen vises ikke lenger.")


BRUKT = brevslag(
    "rolu.praksis_brukt",
    gettext_lazy("Praksis er brukt av andre"),
    tillatelse="rolu.hide_fortelling",
    url=_address,
    hindrer=_is_in_the_way,
    naar=Naar.UKE,
    om=gettext_lazy("Når andre tar i bruk noe dere har delt i Praksis"),
)


def _tell_the_authors(bruk: Praksisbruk, *, by: Person) -> None:
    """The unit's leaders, each as they have chosen; the home page tells it too."""
    fortelling = bruk.fortelling
    gruppe = fortelling.mellomarbeid.gruppe_id
    ledere = leaders_per_group([gruppe]).get(gruppe, [])
    nyheter.tell(
        [
            nyheter.Nyhetslinje(
                til=leder,
                tekst=lambda: (
                    _("«%(tittel)s» er tatt i bruk av en annen enhet")
                    % {"tittel": fortelling.tittel}
                ),
                adresse=_address(fortelling),
                noekkel=key(BRUKT, fortelling, bruk.pk, leder.pk),
            )
            for leder in ledere
        ],
        nettverk=fortelling.nettverk,
        slag=BRUKT,
        om=fortelling,
        by=by,
    )


def still_told(roller: "Roller", nyhetene: Iterable[Nyhet]) -> Iterable[Nyhet]:
    """Of the lines that wait for the letter of the week: those of what the person's own units tell today."""
    egne = Praksisfortelling.objects.visible_to(roller).shown()
    egne = egne.filter(mellomarbeid__gruppe__enhet__in=roller.enheter)
    return nyheter.about(egne, nyhetene, BRUKT)


def uses(fortelling: Praksisfortelling) -> list[Praksisbruk]:
    """Each unit that has taken it into use, or kept it, the latest first."""
    return list(fortelling.bruk.select_related("gruppe__enhet").order_by("-brukt", "-pk"))


def _delivered(mellomarbeid: Mellomarbeid) -> Mellomarbeid:
    arbeid = hold(mellomarbeid.pk)
    if not arbeid.er_levert:
        raise KanIkke(_("Lever mellomarbeidet før dere deler det."))
    return arbeid

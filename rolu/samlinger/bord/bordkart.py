"""The acts of a seating: set the rules, seat, move, let in who comes late, let go of who left, share."""

import secrets
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from nettverk.arbeid.gjelder import find, gjelder
from nettverk.arbeid.jobber import Arbeid, JobbFeil, jobbslag, order_jobb
from nettverk.models import Jobb, Person
from nettverk.skriving.konflikt import KanIkke
from rolu.models import Bordkart, Bordplass, Bordregel, Bordskille, Samling
from rolu.samlinger.bord.folk import Bordgjest, Grunnlag, by_key, gather, last_time, who_sits
from rolu.samlinger.bord.plassering import Oppgave, add, broken, fewest, seat
from rolu.samlinger.tilstand import writing

SLAG = "rolu.bordkart"
_FORSOEK = 3

Slag = Bordregel.Slag
# As they stand until somebody has put them in order. The role is the network's own, so nobody can choose it for them.
STANDARD = (Slag.ROLLE, Slag.GRUPPER_SPRES, Slag.KOMMUNER, Slag.ENHETSTYPER, Slag.NABOER)


# --- the rules


@dataclass(frozen=True)
class Valgtregel:
    """A rule as somebody has set it."""

    slag: str
    er_paa: bool
    rolle: str = ""
    per_bord: int = 1


def rules_of(kart: Bordkart) -> list[Bordregel]:
    """The rules in order, on or off; as they are to begin with, of one that is not kept. One query."""
    rader = list(kart.regler.all()) if kart.pk else []
    return rader or [
        Bordregel(bordkart=kart, slag=slag, rekkefolge=nr, er_paa=slag != Slag.ROLLE, per_bord=3)
        for nr, slag in enumerate(STANDARD)
    ]


@contextmanager
def setting_up(samling: Samling) -> Iterator[Bordkart]:
    """Hold the seating while its form is checked and saved; a new one, not kept yet, where there is none."""
    with writing(samling) as naa:
        yield _held(naa) or Bordkart(samling=naa)


def _held(samling: Samling) -> Bordkart | None:
    kart = Bordkart.objects.select_for_update(no_key=True).filter(samling=samling).first()
    if kart:
        kart.samling = samling
    return kart


def set_up(kart: Bordkart, regler: Sequence[Valgtregel]) -> Bordkart:
    """Keep the seats and the rules, in order, of a seating that is held. Who sits where is not touched."""
    _require_published(kart.samling)
    er_ny = kart.pk is None
    if er_ny:
        kart.froe = _new_seed()
        kart.save()
    else:
        kart.versjon += 1
        kart.save(update_fields=["plasser", "versjon"])
    foer = {r.slag: r for r in kart.regler.all()}
    # Of the two ways with the groups only one can be there at a time.
    kart.regler.exclude(slag__in=[valgt.slag for valgt in regler]).delete()
    for nr, valgt in enumerate(regler):
        rad = foer.get(valgt.slag) or Bordregel(bordkart=kart, slag=valgt.slag)
        rad.rekkefolge, rad.er_paa = nr, valgt.er_paa
        rad.rolle, rad.per_bord = valgt.rolle, valgt.per_bord
        rad.save()
    return kart


def _new_seed() -> int:
    return 1 + secrets.randbelow(2**31 - 1)


def _require_published(samling: Samling) -> None:
    if not samling.er_publisert:
        raise KanIkke(_("Bare en publisert samling kan ha bordkart."))


def keep_apart(samling: Samling, *, en: Person, annen: Person) -> None:
    """The two are not to sit at the same table. Twice is once."""
    with setting_up(samling) as kart:
        if kart.pk is None:
            set_up(kart, [_as_chosen(regel) for regel in rules_of(kart)])
        foerst, sist = sorted([en, annen], key=lambda person: person.pk)
        Bordskille.objects.get_or_create(bordkart=kart, en=foerst, annen=sist)
        _count_change(kart)


def _as_chosen(regel: Bordregel) -> Valgtregel:
    return Valgtregel(regel.slag, regel.er_paa, regel.rolle, regel.per_bord)


def let_together(samling: Samling, *, pk: int) -> None:
    """They may sit together after all. Twice is once."""
    with setting_up(samling) as kart:
        if kart.pk:
            kart.skiller.filter(pk=pk).delete()
            _count_change(kart)


def _count_change(kart: Bordkart) -> None:
    Bordkart.objects.filter(pk=kart.pk).update(versjon=F("versjon") + 1)


# --- the seating


def order(samling: Samling, *, nytt: bool, by: Person) -> Jobb:
    """Ask for a seating; the one under way when there is one. `nytt`: drawn from another seed. KanIkke when nobody
    is to sit."""
    _require_published(samling)
    with writing(samling) as naa:
        if _held(naa) is None:
            set_up(Bordkart(samling=naa), [_as_chosen(r) for r in rules_of(Bordkart())])
        if not who_sits(naa):
            raise KanIkke(_("Ingen er påmeldt ennå."))
        return order_jobb(
            nettverk=samling.nettverk,
            slag=SLAG,
            gjelder=gjelder(samling),
            by=by,
            # Chosen here, so that a job that is run again draws the same.
            parametre={"froe": _new_seed() if nytt else 0},
        )


def latest_job(samling: Samling) -> Jobb | None:
    """The newest that was asked for. One query."""
    jobber = Jobb.objects.filter(nettverk=samling.nettverk, slag=SLAG, gjelder=gjelder(samling))
    return jobber.order_by("-pk").first()


def _see_the_tables(jobb: Jobb) -> str:
    nettverk: Any = jobb.nettverk
    _slag, _kolon, pk = jobb.gjelder.rpartition(":")
    return reverse("rolu:samling_bord", args=[nettverk.slug, int(pk)])


@jobbslag(
    SLAG,
    tillatelse="rolu.order_bordkart",
    resultat_tekst=gettext_lazy("Se bordkartet"),
    resultat_url=_see_the_tables,
    resultat_ikon="gruppe",
)
def seat_people(arbeid: Arbeid) -> None:
    """Draw a seating and keep it. What somebody changes by hand meanwhile holds: then it is drawn once more. Safe to
    run twice: the seed is the order's."""
    samling = find(arbeid.jobb.gjelder)
    if not isinstance(samling, Samling):
        raise JobbFeil(_("Samlingen finnes ikke lenger."))
    for _forsoek in range(_FORSOEK):
        arbeid.report(2, _("Samler navnene"), straks=True)
        kart = Bordkart.objects.filter(samling=samling).first()
        if kart is None:
            raise JobbFeil(_("Samlingen er ikke publisert lenger."))
        kart.samling = samling
        grunnlag = gather(kart)
        froe = arbeid.jobb.parametre.get("froe") or kart.froe
        fersk = bool(arbeid.jobb.parametre.get("froe"))
        bordet, resultat = _draw(arbeid, grunnlag, froe, fersk=fersk)
        if _keep(arbeid, grunnlag, bordet, resultat, froe):
            arbeid.data = {"bord": max(bordet, default=-1) + 1, "personer": len(bordet)}
            if grunnlag.plasser:
                arbeid.data["melding"] = _moved_in_words(grunnlag, bordet)
            return
    raise JobbFeil(_("Noen flyttet på folk mens bordene ble satt. Prøv igjen når de er ferdige."))


def _moved_in_words(grunnlag: Grunnlag, bordet: Sequence[int]) -> str:
    """How many of those who had a table got another."""
    flyttet = sum(foer not in (-1, naa) for foer, naa in zip(grunnlag.bordet, bordet, strict=True))
    if not flyttet:
        return _("Ingen har fått nytt bord.")
    return ngettext(
        "%(n)s person har fått nytt bord.", "%(n)s personer har fått nytt bord.", flyttet
    ) % {"n": flyttet}


def _draw(
    arbeid: Arbeid, grunnlag: Grunnlag, froe: int, *, fersk: bool
) -> tuple[list[int], dict[str, Any]]:
    oppgave = grunnlag.task()
    kart = grunnlag.kart
    mendes = kart.satt and not fersk and not grunnlag.regler_endret
    bordet = seat(
        oppgave,
        froe=froe,
        hjem=grunnlag.bordet if mendes else None,
        meld=lambda andel: arbeid.report(5 + round(60 * andel), _("Setter folk ved bordene")),
    )
    arbeid.report(70, _("Ser etter om det kan bli bedre"), straks=True)
    return bordet, {
        "oppsett": grunnlag.oppsett,
        "alene": _alone(grunnlag, oppgave, bordet, froe, arbeid),
    }


def _alone(
    grunnlag: Grunnlag, oppgave: Oppgave, bordet: Sequence[int], froe: int, arbeid: Arbeid
) -> dict[str, int]:
    """By rule that is broken more than it must be, how often it would be if it stood alone: it tells what gave way
    from what cannot be better."""
    alene = {}
    brutt = broken(oppgave, bordet)
    for nr, (slag, regel, antall) in enumerate(
        zip(grunnlag.slag, oppgave.regler, brutt, strict=True)
    ):
        if antall > fewest(oppgave, regel):
            arbeid.report(70 + 4 * min(nr, 6), _("Ser etter om det kan bli bedre"))
            bare = Oppgave(oppgave.antall, oppgave.plasser, [regel], oppgave.laaste)
            alene[str(slag)] = min(antall, broken(bare, seat(bare, froe=froe))[0])
    return alene


def _keep(
    arbeid: Arbeid,
    grunnlag: Grunnlag,
    bordet: Sequence[int],
    resultat: dict[str, Any],
    froe: int,
) -> bool:
    """Whether it was kept: not when somebody has changed something by hand since it was begun."""
    with arbeid.writing(), writing(grunnlag.kart.samling) as naa:
        kart = _held(naa)
        if kart is None:
            raise JobbFeil(_("Samlingen finnes ikke lenger."))
        if kart.versjon != grunnlag.kart.versjon:
            return False
        kart.bordplasser.all().delete()
        Bordplass.objects.bulk_create(
            Bordplass(
                bordkart=kart,
                person_id=gjest.person,
                gjest_id=gjest.gjest,
                bord=bord + 1,
                laast=_is_locked(grunnlag, gjest),
            )
            for gjest, bord in zip(grunnlag.folk, bordet, strict=True)
        )
        kart.froe, kart.satt = froe, timezone.now()
        kart.resultat, kart.versjon = resultat, kart.versjon + 1
        kart.save(update_fields=["froe", "satt", "resultat", "versjon"])
    return True


def _is_locked(grunnlag: Grunnlag, gjest: Bordgjest) -> bool:
    plass = grunnlag.plasser.get(gjest.noekkel)
    return plass is not None and plass.laast


# --- by hand


@contextmanager
def changing(samling: Samling) -> Iterator[Bordkart]:
    """Hold a seating while somebody changes who sits where: one at a time. KanIkke when nobody is seated."""
    with writing(samling) as naa:
        kart = _held(naa)
        if kart is None or kart.satt is None:
            raise KanIkke(_("Det er ikke laget noe bordkart ennå."))
        yield kart


def place_of(kart: Bordkart, gjest: Bordgjest) -> Bordplass:
    """Where somebody sits, held; a new place, not kept yet, for who has none."""
    hvem = {"person_id": gjest.person, "gjest_id": gjest.gjest}
    rader = Bordplass.objects.select_for_update(no_key=True).filter(bordkart=kart, **hvem)
    return rader.first() or Bordplass(bordkart=kart, **hvem)


def move(plass: Bordplass) -> Bordplass:
    """Put somebody at the table that `plass` says, and lock them there. It is held (`changing`, `place_of`)."""
    plass.laast = True
    plass.save()
    _count_change(plass.bordkart)
    return plass


def set_lock(samling: Samling, noekkel: str, *, laast: bool) -> None:
    """A new seating leaves who is locked. Twice is once; nothing for who has no place."""
    with changing(samling) as kart:
        plass = _seated(kart, [noekkel])
        if plass and plass[0].laast != laast:
            plass[0].laast = laast
            plass[0].save(update_fields=["laast"])
            _count_change(kart)


def _seated(kart: Bordkart, noekler: Iterable[str]) -> list[Bordplass]:
    hvem = set(noekler)
    return [plass for plass in kart.bordplasser.all() if plass.noekkel in hvem]


def release(samling: Samling, noekler: Iterable[str]) -> int:
    """Free the places of those; how many. Nobody else moves."""
    with changing(samling) as kart:
        rader = _seated(kart, noekler)
        Bordplass.objects.filter(pk__in=[plass.pk for plass in rader]).delete()
        if rader:
            _count_change(kart)
        return len(rader)


def release_absent(samling: Samling, *, ogsaa_ikke_moett: bool = False) -> int:
    """Free the places of those who do not come any more; with `ogsaa_ikke_moett` of those who have not met."""
    with changing(samling) as kart:
        kommer = by_key(who_sits(kart.samling))
        borte = [
            plass.noekkel
            for plass in kart.bordplasser.all()
            if plass.noekkel not in kommer or (ogsaa_ikke_moett and not kommer[plass.noekkel].moett)
        ]
        return release(samling, borte)


def seat_late(samling: Samling) -> list[tuple[Bordgjest, int]]:
    """A table for each who has none, where they fit best; nobody else moves. Who got which."""
    with changing(samling) as kart:
        grunnlag = gather(kart)
        bordet = grunnlag.bordet
        sene = [nr for nr, bord in enumerate(bordet) if bord < 0]
        faar = add(grunnlag.task(bare_sittende=True), bordet, sene)
        Bordplass.objects.bulk_create(
            Bordplass(
                bordkart=kart,
                person_id=grunnlag.folk[nr].person,
                gjest_id=grunnlag.folk[nr].gjest,
                bord=bord + 1,
            )
            for nr, bord in faar.items()
        )
        if faar:
            _count_change(kart)
        return [(grunnlag.folk[nr], bord + 1) for nr, bord in faar.items()]


# --- sharing


def share(samling: Samling) -> None:
    """Let the members see who sits where, and each their own table. Nobody is written to. Twice is once."""
    with changing(samling) as kart:
        _require_published(kart.samling)
        if kart.delt is None:
            kart.delt = timezone.now()
            kart.save(update_fields=["delt"])


def take_back_sharing(samling: Samling) -> None:
    """Only those who seat people see it again. Twice is once."""
    with changing(samling) as kart:
        if kart.delt is not None:
            kart.delt = None
            kart.save(update_fields=["delt"])


def has_last_time(samling: Samling) -> bool:
    """Whether there is an earlier seating to take new neighbours from."""
    return bool(last_time(samling))

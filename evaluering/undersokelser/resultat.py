"""What may be shown of the answers: small numbers.

Nobody is to read one person's answer, neither from what is shown nor from the difference between two things that are
shown. Therefore, for each question by itself:

* Fewer than five answers: nothing but how many have answered the whole.
* From five, the answers are shown as they are then (`Undersokelse.vist`), and that picture stands, for everybody and
  everywhere (the page, the room's screen, Excel, the summary), until at least five more have answered the question.
* The one to four who come after the last picture are in none, also when the survey closes. Only where nobody has looked
  before are all of them in the first: so a survey that nobody opens the results of while it runs, shows everything.
* A changed answer waits for the next picture like a new one. A text that is written anew or hidden goes from what is
  shown at once; what it says now waits.
* Texts stand in an order that tells neither who came first nor which belong to one person.

«Vet ikke» counts as an answer, but not in an average.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Count, F, Func, IntegerField

from evaluering.models import Sporsmaal, Svarverdi, Undersokelse
from evaluering.undersokelser.skjemaer import questions

MINST = 5

Bilde = dict[str, Any]


@dataclass(frozen=True)
class Fritekst:
    """A text somebody wrote; hidden ones only to those who may bring them back."""

    pk: str
    tekst: str
    skjult: bool = False


@dataclass(frozen=True)
class Sporsmaalsresultat:
    """What is shown of a question: how many have answered it, and how many gave each answer; `antall` is 0 when it is
    not to be shown yet."""

    sporsmaal: Sporsmaal
    antall: int
    fordeling: dict[int, int]
    oensket: dict[int, int]
    tekster: tuple[Fritekst, ...] = ()

    @property
    def vises(self) -> bool:
        return self.antall >= MINST

    @property
    def snitt(self) -> float | None:
        """The average step, without «vet ikke»; None for what is no scale."""
        return self._average(self.fordeling)

    @property
    def snitt_oensket(self) -> float | None:
        return self._average(self.oensket)

    def _average(self, fordeling: dict[int, int]) -> float | None:
        if self.sporsmaal.type not in (Sporsmaal.Type.SKALA, Sporsmaal.Type.NAA_OG_OENSKET):
            return None
        tellende = {trinn: n for trinn, n in fordeling.items() if trinn}
        antall = sum(tellende.values())
        # Of fewer than five it would tell what they answered.
        return sum(t * n for t, n in tellende.items()) / antall if antall >= MINST else None


@dataclass(frozen=True)
class Resultat:
    """A survey's results as everybody sees them. `antall` is how many have answered by now."""

    undersokelse: Undersokelse
    antall: int
    sporsmaal: tuple[Sporsmaalsresultat, ...]

    @property
    def vises(self) -> bool:
        """Something is shown."""
        return any(ett.vises for ett in self.sporsmaal)

    @property
    def har_tall(self) -> bool:
        """Something is shown in figures, and not in words alone: the same as `has_figures`, of what has been seen."""
        return any(ett.vises and not ett.sporsmaal.er_tekst for ett in self.sporsmaal)

    @property
    def mangler(self) -> int:
        """How many more must answer before anything is shown."""
        return max(MINST - self.antall, 0)

    @property
    def med(self) -> int:
        """How many had answered when what is shown was last made."""
        return int(self.undersokelse.vist.get("svar", 0))

    @property
    def venter(self) -> int:
        """How many have answered since; until there are five of them they are not in it."""
        return max(self.antall - self.med, 0) if self.vises else 0


def results(undersokelse: Undersokelse, *, med_skjulte: bool = False) -> Resultat:
    """What may be shown now; from now on it has been seen. Seven queries at most, two when nothing is new."""
    antall = answered(undersokelse)
    if undersokelse.frosset is None and _is_due(undersokelse, antall):
        _take_picture(undersokelse)
    alle = questions(undersokelse.skjema)
    bilder = undersokelse.vist.get("sporsmaal", {})
    tekster = _texts(bilder.values(), med_skjulte=med_skjulte)
    return Resultat(
        undersokelse,
        antall,
        tuple(_result_of(ett, bilder.get(str(ett.pk)), tekster) for ett in alle),
    )


def answered(undersokelse: Undersokelse) -> int:
    """How many have answered. One query, none when the answers are gone."""
    if undersokelse.frosset is not None:
        return int(undersokelse.vist.get("i_alt", 0))
    return int(undersokelse.svar.count())


def has_figures(undersokelse: Undersokelse) -> bool:
    """Whether `results` has figures to show now (`Resultat.har_tall`): five have answered the same question, and not in
    words. To ask is not to look: no picture is taken. Three queries at most."""
    med_tall = undersokelse.skjema.sporsmaal.exclude(type=Sporsmaal.Type.TEKST)
    vist = undersokelse.vist.get("sporsmaal")
    if vist and med_tall.filter(pk__in=vist).exists():
        return True
    if undersokelse.frosset is not None or not _is_due(undersokelse, answered(undersokelse)):
        return False
    svar = Svarverdi.objects.filter(svar__undersokelse=undersokelse, sporsmaal__in=med_tall)
    per_sporsmaal = svar.order_by().values("sporsmaal").annotate(n=Count("pk"))
    return bool(per_sporsmaal.filter(n__gte=MINST).exists())


def _is_due(undersokelse: Undersokelse, antall: int) -> bool:
    return antall - int(undersokelse.vist.get("svar", 0)) >= MINST


@transaction.atomic
def _take_picture(undersokelse: Undersokelse) -> None:
    """Let what may be shown be as the answers are now, question by question where at least five have come. The row
    is held: two who look at once see the same."""
    naa = Undersokelse.objects.select_for_update(of=["self"], no_key=True).get(pk=undersokelse.pk)
    antall = answered(naa)
    if naa.frosset is None and _is_due(naa, antall):
        bilder = dict(naa.vist.get("sporsmaal", {}))
        for noekkel, nytt in _count(naa).items():
            if nytt["n"] - bilder.get(noekkel, {}).get("n", 0) >= MINST:
                bilder[noekkel] = nytt
        naa.vist = {"svar": antall, "sporsmaal": bilder}
        naa.save(update_fields=["vist"])
    undersokelse.vist, undersokelse.frosset = naa.vist, naa.frosset


def _count(undersokelse: Undersokelse) -> dict[str, Bilde]:
    """Each question's answers as they are: how many of each, and which texts there are. Four queries."""
    verdier = Svarverdi.objects.filter(svar__undersokelse=undersokelse).order_by()
    bilder: dict[str, Bilde] = defaultdict(
        lambda: {"n": 0, "fordeling": {}, "oensket": {}, "tekster": []}
    )
    for felt, hva in (("tall", "fordeling"), ("oensket", "oensket")):
        telt = verdier.filter(**{f"{felt}__isnull": False}).values_list("sporsmaal", felt)
        for sporsmaal, verdi, antall in telt.annotate(n=Count("pk")):
            bilder[str(sporsmaal)][hva][str(verdi)] = antall
            if felt == "tall":
                bilder[str(sporsmaal)]["n"] += antall
    valgt = verdier.filter(valg__len__gte=1)
    hvert = Func(F("valg"), function="unnest", output_field=IntegerField())
    for sporsmaal, nr, antall in (
        valgt.annotate(nr=hvert).values_list("sporsmaal", "nr").annotate(n=Count("pk"))
    ):
        bilder[str(sporsmaal)]["fordeling"][str(nr)] = antall
    andre = verdier.filter(tall__isnull=True).values_list("sporsmaal", "pk", "tekst")
    for sporsmaal, pk, tekst in andre:
        bilder[str(sporsmaal)]["n"] += 1
        if tekst:
            bilder[str(sporsmaal)]["tekster"].append(str(pk))
    for bilde in bilder.values():
        # By keys that are drawn: no order tells who came first.
        bilde["tekster"].sort()
    return bilder


def _texts(bilder: Iterable[Bilde], *, med_skjulte: bool) -> dict[str, Fritekst]:
    """The texts that are shown, as they stand. One query, none when there are none."""
    vist = [pk for bilde in bilder for pk in bilde["tekster"]]
    if not vist:
        return {}
    rader = Svarverdi.objects.filter(pk__in=vist)
    if not med_skjulte:
        rader = rader.filter(skjult=False)
    return {
        str(pk): Fritekst(str(pk), tekst, skjult)
        for pk, tekst, skjult in rader.values_list("pk", "tekst", "skjult")
    }


def _result_of(
    sporsmaal: Sporsmaal, bilde: Bilde | None, tekster: dict[str, Fritekst]
) -> Sporsmaalsresultat:
    if bilde is None:
        return Sporsmaalsresultat(sporsmaal, 0, {}, {})
    vist = [tekster[pk] for pk in bilde["tekster"] if pk in tekster]
    return Sporsmaalsresultat(
        sporsmaal,
        bilde["n"],
        {int(verdi): n for verdi, n in bilde["fordeling"].items()},
        {int(verdi): n for verdi, n in bilde["oensket"].items()},
        tuple(vist),
    )


@transaction.atomic
def hide(undersokelse: Undersokelse, pk: str, *, skjul: bool) -> bool:
    """Take a text that is shown out of what others see, or bring it back. Whether there was one."""
    vist = {
        tekst
        for bilde in undersokelse.vist.get("sporsmaal", {}).values()
        for tekst in bilde["tekster"]
    }
    if pk not in vist:
        return False
    return bool(
        Svarverdi.objects.filter(pk=pk, svar__undersokelse=undersokelse).update(skjult=skjul)
    )

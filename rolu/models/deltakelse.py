"""Participation: a person at a gathering, by the Verv they come by."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Self

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import (
    BooleanField,
    Case,
    CharField,
    Count,
    F,
    IntegerField,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kommuner.models import Kommune
from nettverk.models import Brev, Nettverk, Person, Verv
from nettverk.tilgang.roller import Roller
from rolu.models.samling import Samling


def sees_all(roller: Roller) -> bool:
    """Whether the person sees everybody's participation, and so the figures of it."""
    return roller.er_kog or roller.er_pro


# The one order of the answers: of several that one person has given, the first of these is the person's.
BEST_FOERST = ("paameldt", "venter", "invitert", "avmeldt")
RANG = Case(
    *(When(status=status, then=Value(nr)) for nr, status in enumerate(BEST_FOERST)),
    output_field=IntegerField(),
)


# What an answer is.
SVARFELT = ["status", "svart", "svart_av", "venter_siden", "dager"]


@dataclass(frozen=True)
class Personsvar:
    """One person's answer to a gathering, and the days they come; None is all of them."""

    status: str
    dager: list[datetime.date] | None


def svar_of(rader: Iterable[tuple[str, list[datetime.date] | None]]) -> Personsvar:
    """The same as `DeltakelseQuerySet.with_svar`, of the (status, dager) of all rows of one person: the best of the
    answers, and the days of the rows that have it."""
    svarene = list(rader)
    best = min((status for status, _dager in svarene), key=BEST_FOERST.index)
    dagene = [dager for status, dager in svarene if status == best]
    if not all(dagene):
        return Personsvar(best, None)
    return Personsvar(best, sorted({dag for dager in dagene for dag in dager or []}))


def svar_of_each(rader: "DeltakelseQuerySet") -> dict[int, Personsvar]:
    """The answer of each person, by these rows of one gathering, in their order. One query."""
    per: dict[int, list[tuple[str, list[datetime.date] | None]]] = {}
    for person, status, dager in rader.values_list("verv__person", "status", "dager"):
        per.setdefault(person, []).append((status, dager))
    return {person: svar_of(egne) for person, egne in per.items()}


def comes_by(dag: datetime.date | None = None) -> Q:
    """Of one row: signed up; with `dag`, of a gathering over several, for that day or for all."""
    ja = Q(status=BEST_FOERST[0])
    return ja & (Q(dager=None) | Q(dager__contains=[dag])) if dag else ja


def _comes(dag: datetime.date | None) -> Case:
    """Of a person: that they come by one of their rows. The row itself is asked first: most people have one place.
    A scalar and not EXISTS, which PostgreSQL would answer by reading the answers of every gathering there is."""
    egne = Deltakelse.objects.filter(
        comes_by(dag), samling=OuterRef("samling"), verv__person=OuterRef("verv__person")
    )
    en = egne.order_by().annotate(ja=Value(True)).values("ja")[:1]
    return Case(
        When(comes_by(dag), then=Value(True)), default=Subquery(en), output_field=BooleanField()
    )


class DeltakelseQuerySet(models.QuerySet):
    def visible_to(self, roller: Roller) -> Self:
        """Coordinator and KOG (and PRO, who run the desk) see all; a kommuneansvarlig the own kommune;
        a leader the own unit; everyone their own."""
        if not roller.person.is_authenticated:
            return self.none()
        egne = self.filter(samling__nettverk=roller.nettverk)
        if sees_all(roller):
            return egne
        return egne.filter(
            Q(verv__person=roller.person)
            | Q(kommune__in=roller.kommuner_ansvar)
            | Q(verv__gruppe__enhet__in=roller.enheter_ledet)
        )

    def met(self) -> Self:
        """Those who were there."""
        return self.filter(moett__isnull=False)

    def with_svar(self) -> Self:
        """Lets `svar` be asked for: the person's answer to the whole gathering, the same on each of their rows.

        Who is signed up by one of their places comes; who is on the waiting list by one, waits for a place.
        Otherwise they are waited for as long as one place is unanswered: a group that did without them has
        not said that they stay at home, and who gets the reminder is who is waited for. Only who has
        declined by every place, has declined.
        """
        egne = Deltakelse.objects.filter(
            samling=OuterRef("samling"), verv__person=OuterRef("verv__person")
        )
        best = egne.order_by(RANG).values("status")[:1]
        # The row first, and a scalar, as in `_comes`.
        ja = Deltakelse.Status.PAAMELDT
        return self.alias(
            svar=Case(
                When(status=ja, then=Value(ja)), default=Subquery(best), output_field=CharField()
            )
        )

    def comes_on(self, dag: datetime.date | None) -> Self:
        """Lets `kommer` be asked for, the same on each row of a person: that they come; with `dag`, of a gathering
        over several, that they come on that day."""
        return self.alias(kommer=_comes(dag))

    def coming_per_day(self, dager: Sequence[datetime.date]) -> list[int]:
        """How many people come on each of these days. One query."""
        per = {f"kommer_{nr}": dag for nr, dag in enumerate(dager)}
        rader = self.alias(**{navn: _comes(dag) for navn, dag in per.items()})
        antall = rader.aggregate(**{f"n_{navn}": persons(**{navn: True}) for navn in per})
        return [antall[f"n_{navn}"] for navn in per]

    def per_kommune(self) -> models.QuerySet:
        """One dict per kommune: kommune__navn and how many people – in Norwegian order.

        A person counts once, however many Verv they come by (a PP-rådgiver sits in several groups), with one
        answer: who comes from two kommuner has the same in both.
        """
        return (
            self.with_svar()
            .values("kommune", "kommune__navn")
            .annotate(**_PERSONER)
            .order_by(F("kommune__sortering").asc(nulls_last=True))
        )

    def per_rolle(self) -> models.QuerySet:
        """One dict per role in which somebody comes: verv__rolle and how many people, in no order."""
        return self.with_svar().values("verv__rolle").annotate(**_PERSONER).order_by()

    def per_samling(self) -> models.QuerySet:
        """One dict per gathering: samling and how many people, as `totals`."""
        return self.with_svar().order_by().values("samling").annotate(**_PERSONER)

    def totals(self) -> dict[str, int]:
        """How many people: inviterte, who are paameldte, ventende, avmeldte or ubesvarte, and moett_antall.
        One query."""
        return self.with_svar().aggregate(**_PERSONER)

    def upcoming_answers(self) -> Self:
        """Those of published gatherings that are not over."""
        holdes = set(Samling.HOLDES) - set(Samling.AVSLUTTET)
        return self.filter(samling__status__in=holdes, samling__slutt__gte=timezone.now())


def persons(**betingelser: Any) -> Count:
    """How many people: each counts once, however many Verv they come by. Of how they have answered it is asked
    by `svar` (`with_svar`), never by the status of a single row."""
    return Count("verv__person", distinct=True, filter=Q(**betingelser) if betingelser else None)


_PERSONER = {
    "inviterte": persons(),
    "paameldte": persons(svar="paameldt"),
    "ventende": persons(svar="venter"),
    "avmeldte": persons(svar="avmeldt"),
    "ubesvarte": persons(svar="invitert"),
    "moett_antall": persons(moett__isnull=False),
}


@pghistory.track()
class Deltakelse(models.Model):
    """A person at a gathering: invited, signed up, declined – and whether they met.

    It points to the Verv through which they came, and keeps the kommune they belonged to, so that a
    report about 2019 counts them where they belonged in 2019.
    """

    class Status(models.TextChoices):
        INVITERT = "invitert", _("invitert")
        PAAMELDT = "paameldt", _("påmeldt")
        VENTER = "venter", _("på venteliste")
        AVMELDT = "avmeldt", _("avmeldt")

    samling = models.ForeignKey(
        Samling, on_delete=models.CASCADE, related_name="deltakelser", verbose_name=_("samling")
    )
    verv = models.ForeignKey(
        Verv, on_delete=models.PROTECT, related_name="deltakelser", verbose_name=_("verv")
    )
    kommune = models.ForeignKey(
        Kommune,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("kommune"),
    )
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.INVITERT)
    svart = models.DateTimeField(_("svarte"), null=True, blank=True)
    svart_av = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("svart av"),
    )
    # Who waits longest, comes first in when a place is free.
    venter_siden = models.DateTimeField(_("venter siden"), null=True, blank=True)
    # The days the person comes, of a gathering over several; none: all of them.
    dager = ArrayField(models.DateField(), null=True, blank=True, verbose_name=_("dager"))
    # The letter that invited; one letter may invite for several groups.
    invitasjon = models.ForeignKey(
        Brev,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="deltakelser",
        verbose_name=_("invitasjon"),
    )
    moett = models.DateTimeField(_("møtte"), null=True, blank=True)
    moett_registrert_av = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("oppmøte registrert av"),
    )

    # Set by the page of the gathering: whether the Verv has ended by then.
    vervet_er_slutt: bool = False

    objects = DeltakelseQuerySet.as_manager()

    class Meta:
        verbose_name = _("deltakelse")
        verbose_name_plural = _("deltakelser")
        constraints = [
            models.UniqueConstraint(fields=["samling", "verv"], name="deltakelse_en_per_verv"),
        ]
        indexes = [models.Index(fields=["samling", "kommune"], name="deltakelse_samling_kommune")]

    def __str__(self) -> str:
        return f"{self.verv} – {self.samling}"

    @property
    def nettverk(self) -> Nettverk:
        return self.samling.nettverk

    def set_svar(self, status: str, *, by: Person | None, naa: datetime.datetime) -> None:
        """What is answered, by whom and when; whoever calls saves the `SVARFELT`."""
        self.status, self.svart, self.svart_av = status, naa, by
        self.venter_siden = naa if status == self.Status.VENTER else None
        if status == self.Status.AVMELDT:
            self.dager = None

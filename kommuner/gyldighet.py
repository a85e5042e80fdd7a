"""Validity: when a fact holds. A half-open `daterange` and the questions asked of it.

Time is part of the data: memberships, appointments, groups and units' municipality hold from a day
until (not including) a day, and every list can be asked per a date.
"""

import datetime
from typing import Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


def idag() -> datetime.date:
    """Today where the network is (Europe/Oslo)."""
    return timezone.localdate()


def periode(fra: datetime.date | None, til: datetime.date | None = None) -> DateRange:
    """From `fra` until, not including, `til`; None is open."""
    return DateRange(fra, til)


class GyldighetQuerySet(models.QuerySet):
    """Rows with a validity range `gyldig`."""

    def gyldig(self, dato: datetime.date | None = None) -> Self:
        """Rows that hold on `dato` (today when not given)."""
        return self.filter(gyldig__contains=dato or idag())

    def avsluttet(self, dato: datetime.date | None = None) -> Self:
        """Rows that had ended before or on `dato`."""
        return self.filter(gyldig__fully_lt=DateRange(dato or idag(), None))


class GyldighetMixin(models.Model):
    """A fact with a validity range."""

    gyldig = DateRangeField(_("gyldig"))

    class Meta:
        abstract = True

    @property
    def fra(self) -> datetime.date | None:
        return self.gyldig.lower if self.gyldig else None

    @property
    def til(self) -> datetime.date | None:
        """The first day it no longer holds."""
        return self.gyldig.upper if self.gyldig else None

    @property
    def siste_dag(self) -> datetime.date | None:
        """The last day it holds; None when it is open."""
        return self.til - datetime.timedelta(days=1) if self.til else None

    def er_gyldig(self, dato: datetime.date | None = None) -> bool:
        dato = dato or idag()
        if self.gyldig.isempty:
            return False
        return (self.fra is None or self.fra <= dato) and (self.til is None or dato < self.til)

    def end(self, dato: datetime.date | None = None) -> None:
        """End it: `dato` (today when not given) is the first day it no longer holds.

        Something that began today never held: it keeps an empty range, which no date is in.
        """
        self.gyldig = self.ended(dato or idag())
        self.save(update_fields=["gyldig"])

    def ended(self, dato: datetime.date) -> DateRange:
        """What `gyldig` is when it ends so."""
        return DateRange(self.fra, max(dato, self.fra) if self.fra else dato)


def ikke_samtidig(
    navn: str, *felter: str, melding: str | Promise = "", **kwargs
) -> ExclusionConstraint:
    """No two rows with the same `felter` hold at the same time."""
    return ExclusionConstraint(
        name=navn,
        expressions=[(felt, RangeOperators.EQUAL) for felt in felter]
        + [("gyldig", RangeOperators.OVERLAPS)],
        violation_error_message=melding or _("Periodene overlapper hverandre."),  # type: ignore[arg-type] # a lazy text
        **kwargs,
    )

"""Forms of answers: of a group, of oneself, after the deadline, and what one needs."""

import datetime
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nettverk.models import Person
from nettverk.side.portalform import (
    PersonnavnField,
    PortalForm,
)
from nettverk.side.skrivemaate import ukedag
from rolu.models import (
    Behov,
    Deltakelse,
    Endringsoenske,
    Gruppetall,
)
from rolu.samlinger import endringer
from rolu.samlinger.dager import only_days
from rolu.samlinger.oppmoete import Tall
from rolu.samlinger.paamelding import Gruppesvar, Medlem, Vara


class VaraForm(PortalForm):
    """For each Verv who comes in the place, and the days of whoever has it: asked in the same way before the deadline
    and after it. `dager` are the gathering's days, none when it is on one."""

    dager: list[datetime.date]

    def add_substitute(self, m: Medlem, hjelp: str) -> None:
        """The fields of one line, as it stands."""
        pk = m.verv.pk
        self.add_fields(
            {
                f"vara_navn_{pk}": PersonnavnField(label=_("Varaens navn"), required=False),
                f"vara_epost_{pk}": forms.EmailField(
                    label=_("Varaens e-post"),
                    required=False,
                    widget=forms.EmailInput(attrs={"autocomplete": "off"}),
                    help_text=hjelp,
                ),
            }
        )
        # Asked only of who has chosen a substitute, and then it is not optional.
        self.fields[f"vara_navn_{pk}"].er_besvart = True
        self.initial[f"vara_navn_{pk}"] = m.vara.navn if m.vara else ""
        self.initial[f"vara_epost_{pk}"] = m.vara.epost if m.vara else ""
        if self.dager:
            felt = forms.TypedMultipleChoiceField(
                label=_("Dager"),
                required=False,
                choices=[(d.isoformat(), ukedag(d)) for d in self.dager],
                coerce=datetime.date.fromisoformat,
                widget=forms.CheckboxSelectMultiple,
            )
            self.add_fields({f"dager_{pk}": felt})
            self.initial[f"dager_{pk}"] = [d.isoformat() for d in m.dager or self.dager]

    def check_substitute(self, m: Medlem, *, chosen: bool) -> None:
        """Who is chosen to come has a name and a day; nobody is asked to mend what is folded away and not used."""
        navn, epost = (f"vara_{felt}_{m.verv.pk}" for felt in ("navn", "epost"))
        if not chosen:
            self.errors.pop(navn, None)
            self.errors.pop(epost, None)
            return
        if not self.cleaned_data.get(navn) and navn not in self.errors:
            hvem = m.verv.person.navn
            self.add_error(navn, _("Skriv navnet på varaen for %(navn)s.") % {"navn": hvem})
        self.require_days(m, self.cleaned_data.get(navn) or _("varaen"))

    def require_days(self, m: Medlem, navn: str) -> None:
        felt = f"dager_{m.verv.pk}"
        if self.dager and not self.cleaned_data.get(felt):
            melding = _("Velg minst én dag for %(navn)s, eller svar «Kan ikke».")
            self.add_error(felt, melding % {"navn": navn})

    def substitute(self, pk: int) -> Vara:
        data = self.cleaned_data
        return Vara(data[f"vara_navn_{pk}"], data[f"vara_epost_{pk}"].lower())

    def chosen_days(self, pk: int) -> list[datetime.date]:
        """The days ticked; none when it is all of them."""
        valgt = self.cleaned_data[f"dager_{pk}"] if self.dager else []
        return valgt if len(valgt) < len(self.dager) else []

    def drawn_substitute(self, pk: int) -> dict[str, Any]:
        """The fields of one line, as the page draws them."""
        dager = self[f"dager_{pk}"] if self.dager else None
        valgte = set(dager.value() or []) if dager else set()
        return {
            "vara": [self[f"vara_navn_{pk}"], self[f"vara_epost_{pk}"]],
            "dager": dager,
            "dagvalg": [(d.isoformat(), ukedag(d), d.isoformat() in valgte) for d in self.dager],
            "aapen": bool(dager and (dager.errors or len(valgte) < len(self.dager))),
        }


class GruppesvarForm(VaraForm):
    """A group's sign-up: for each Verv whether its holder comes, or who comes instead, and on which days; and how
    many pupils and parents. `stand` is the mark of the answers that were on the page. `foreslaar`: who has not
    answered, is proposed to come, as the leader's one step; else they stand without an answer, and stay so."""

    gruppe = forms.IntegerField(widget=forms.HiddenInput)
    stand = forms.CharField(max_length=20, widget=forms.HiddenInput)

    SVAR = [
        ("ja", gettext_lazy("Kommer")),
        ("nei", gettext_lazy("Kan ikke")),
        ("vara", gettext_lazy("Vara")),
    ]

    def __init__(
        self,
        *args: Any,
        svar: Gruppesvar,
        dager: list[datetime.date],
        foreslaar: bool = True,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.foreslaar = foreslaar
        self.svar, self.dager = svar, dager if len(dager) > 1 else []
        self.initial.update({"gruppe": svar.gruppe.pk, "stand": svar.stand})
        for m in svar.medlemmer:
            self._add_line(m)
        for hva in Gruppetall.Hva:
            navn = f"{hva}_{svar.gruppe.pk}"
            tall = forms.IntegerField(
                label=_("Elever") if hva == Gruppetall.Hva.ELEVER else _("Foresatte"),
                required=False,
                min_value=0,
                max_value=Gruppetall.MAKS,
                widget=forms.NumberInput(attrs={"size": 4, "inputmode": "numeric"}),
                error_messages=dict.fromkeys(
                    ["min_value", "max_value", "invalid"],
                    _("Skriv et tall mellom 0 og %(maks)s.") % {"maks": Gruppetall.MAKS},
                ),
            )
            self.add_fields({navn: tall})
            self.initial[navn] = svar.tall.get(hva)

    def _as_it_stands(self, m: Medlem) -> str:
        """The answer of a line before anybody touches it; nothing for who is to stay unanswered."""
        venter = m.status == Deltakelse.Status.INVITERT and m.vara is None
        return "" if venter and not self.foreslaar else m.svar

    def _add_line(self, m: Medlem) -> None:
        pk = m.verv.pk
        felt = forms.ChoiceField(
            label=m.verv.person.navn,
            required=False,
            choices=self.SVAR,
            widget=forms.RadioSelect,
        )
        self.add_fields({f"svar_{pk}": felt})
        self.initial[f"svar_{pk}"] = self._as_it_stands(m)
        self.add_substitute(
            m, _("Dit sender vi bekreftelsen. Uten adresse må du selv si fra til varaen.")
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for m in self.svar.medlemmer:
            svar = data.get(f"svar_{m.verv.pk}")
            self.check_substitute(m, chosen=svar == "vara")
            if svar == "ja":
                self.require_days(m, m.verv.person.navn)
        return data

    def act(self) -> dict[str, Any]:
        """What `rolu.samlinger.paamelding.sign_up_group` wants. A line that nothing was sent of, stands with its
        substitute and its days; who has not answered comes, where that is proposed."""
        data = self.cleaned_data
        linjer = [(m, m.verv.pk, data.get(f"svar_{m.verv.pk}")) for m in self.svar.medlemmer]
        svar = {pk: sendt or self._as_it_stands(m) for m, pk, sendt in linjer}
        staar = {pk: m for m, pk, sendt in linjer if not sendt}
        return {
            "ubesvart": {pk for pk, s in svar.items() if not s},
            "kommer": {pk for pk, s in svar.items() if s == "ja"},
            "varaer": {
                pk: vara
                for pk, s in svar.items()
                if s == "vara" and (vara := self._substitute_of(pk, staar.get(pk)))
            },
            "tall": {str(h): data.get(f"{h}_{self.svar.gruppe.pk}") or 0 for h in Gruppetall.Hva},
            "dager": {
                pk: valgt
                for pk in svar
                if (valgt := staar[pk].dager if pk in staar else self.chosen_days(pk))
            }
            if self.dager
            else None,
            "stand": data["stand"],
        }

    def _substitute_of(self, pk: int, staar: Medlem | None) -> Vara | None:
        """Who comes instead: as it was written, or as it stands where nothing was sent."""
        if staar is None:
            return self.substitute(pk)
        return Vara(staar.vara.navn, staar.vara.epost) if staar.vara else None

    @property
    def linjer(self) -> list[dict[str, Any]]:
        """The lines as the page draws them."""
        return [self._line(m) for m in self.svar.medlemmer]

    def _line(self, m: Medlem) -> dict[str, Any]:
        pk = m.verv.pk
        valgt = self[f"svar_{pk}"].value() or self._as_it_stands(m)
        return {
            "m": m,
            "navn": f"svar_{pk}",
            "felt": self[f"svar_{pk}"],
            "valg": [(verdi, ord_, verdi == valgt) for verdi, ord_ in self.SVAR],
            **self.drawn_substitute(pk),
            "feil": self[f"svar_{pk}"].errors,
            "lagret": self._saved(m) if self._differs(m, valgt) else "",
        }

    def _differs(self, m: Medlem, valgt: str) -> bool:
        """Whether the line is saved otherwise than it stands here: the answer, who comes instead, or the days."""
        if valgt != self._as_it_stands(m):
            return True
        if valgt in ("ja", "vara") and self._days_differ(m):
            return True
        navn, epost = (self[f"vara_{felt}_{m.verv.pk}"].value() for felt in ("navn", "epost"))
        return m.vara is not None and (navn, epost) != (m.vara.navn, m.vara.epost)

    def _days_differ(self, m: Medlem) -> bool:
        if not self.dager:
            return False
        lagret = {d.isoformat() for d in m.dager or self.dager}
        return set(self[f"dager_{m.verv.pk}"].value() or []) != lagret

    def _saved(self, m: Medlem) -> str:
        """How the line is saved now, for who wrote something else at the same time."""
        hva = _answer_in_words(m)
        borte = m.status in (Deltakelse.Status.AVMELDT, Deltakelse.Status.INVITERT)
        if not self.dager or (borte and m.vara is None):
            return hva
        return f"{hva}, {only_days(m.dager) or _('alle dagene')}"

    @property
    def tallfelt(self) -> list[forms.BoundField]:
        return [self[f"{h}_{self.svar.gruppe.pk}"] for h in Gruppetall.Hva]

    @property
    def andre_tall(self) -> str:
        """The numbers as they are saved, for who wrote others at the same time."""
        skrevet = {
            str(h): str(self[f"{h}_{self.svar.gruppe.pk}"].value() or 0) for h in Gruppetall.Hva
        }
        if all(str(self.svar.tall.get(hva, 0)) == antall for hva, antall in skrevet.items()):
            return ""
        return self.lagrede_tall or _("ingen")

    @property
    def lagrede_tall(self) -> str:
        """The numbers as they are saved."""
        tall = self.svar.tall
        telt = Tall(elever=tall.get("elever", 0), foresatte=tall.get("foresatte", 0))
        return ", ".join(telt.i_tillegg)

    @property
    def har_tall(self) -> bool:
        """Whether the numbers are unfolded: there are some, or something is wrong with them."""
        return any(felt.value() or felt.errors for felt in self.tallfelt)


def _answer_in_words(m: Medlem) -> str:
    """The answer of a line; of a substitute also the address, which is written beside the name."""
    if m.vara:
        navn = _("vara: %(navn)s") % {"navn": m.vara.navn}
        return ", ".join(filter(None, [navn, m.vara.epost]))
    if m.status == Deltakelse.Status.INVITERT:
        return _("ikke svart")
    return str(Deltakelse.Status(m.status).label)


@dataclass(frozen=True)
class Oensket:
    """One answer as it is wished: who comes in the place, and the days when they are not all. `sett` is the mark of the
    wish that it takes the place of."""

    deltakelse: Deltakelse
    oensker: str
    vara: Vara | None = None
    dager: list[datetime.date] = field(default_factory=list)
    sett: str = ""


class EndringerForm(VaraForm):
    """The answers of those one answers for, as one wishes them after the deadline: a line for each who has no wish
    that waits, as it stands until it is changed. Who has not answered, stands without an answer. `med_vara`: the
    Verv of those in whose place a leader may name somebody to come. What was written for one who has got a wish meanwhile, stands
    beside what waits; sent once more it takes its place."""

    tekst = forms.CharField(
        label=gettext_lazy("Beskjed til koordinatoren"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Ikke skriv om sykdom eller andre private ting."),
    )

    def __init__(
        self,
        *args: Any,
        linjer: Iterable[Medlem],
        oensker: Iterable[Endringsoenske],
        by: Person,
        dager: list[datetime.date],
        med_vara: Collection[int],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.medlemmer, self.med_vara = list(linjer), med_vara
        self.dager = dager if len(dager) > 1 else []
        self.ventende, self.by = {o.deltakelse_id: o for o in oensker}, by
        for m in self._open_lines():
            self._add_line(m)

    def _open_lines(self) -> list[Medlem]:
        """Those for whom one may wish now, or for whom something was sent."""
        alle = [m for m in self.medlemmer if m.deltakelse]
        return [m for m in alle if self._waits(m) is None or _wish_name(m) in self.data]

    def _waits(self, m: Medlem) -> Endringsoenske | None:
        return self.ventende.get(m.deltakelse.pk) if m.deltakelse else None

    def _choices(self, m: Medlem) -> list[Any]:
        alle: list[Any] = GruppesvarForm.SVAR
        return alle if m.verv.pk in self.med_vara else alle[:2]

    def _add_line(self, m: Medlem) -> None:
        felt = forms.ChoiceField(
            label=m.verv.person.navn,
            required=False,
            choices=self._choices(m),
            widget=forms.RadioSelect,
        )
        sett = forms.CharField(required=False, widget=forms.HiddenInput)
        self.add_fields({_wish_name(m): felt, _seen_name(m): sett})
        if m.verv.pk in self.med_vara:
            self.add_substitute(
                m,
                _(
                    "Dit sender vi bekreftelsen hvis koordinatoren godtar ønsket. "
                    "Uten adresse må du selv si fra til varaen."
                ),
            )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for m in self._open_lines():
            if m.verv.pk in self.med_vara:
                self.check_substitute(m, chosen=data.get(_wish_name(m)) == "vara")
        return data

    @staticmethod
    def _stands(m: Medlem) -> str:
        if m.vara:
            return "vara"
        if m.status == Deltakelse.Status.INVITERT:
            return ""
        return "nei" if m.status == Deltakelse.Status.AVMELDT else "ja"

    @property
    def changed_lines(self) -> list[Oensket]:
        """Those whose answer is to be another than the one that stands."""
        return [o for m in self._open_lines() if (o := self._changed(m))]

    @property
    def new_substitutes(self) -> dict[int, Vara]:
        """Who is wished for, by the Verv of the place, and does not stand in the wish that waits for it."""
        venter = {pk: o.vara_epost for pk, o in self.ventende.items()}
        return {
            o.deltakelse.verv_id: o.vara
            for o in self.changed_lines
            if o.vara and o.vara.epost != venter.get(o.deltakelse.pk)
        }

    @property
    def names_in_conflict(self) -> list[str]:
        """For whom something else waits than what was sent."""
        return [m.verv.person.navn for m in self._open_lines() if self._conflicts(m)]

    def _conflicts(self, m: Medlem) -> bool:
        venter = self._waits(m)
        if venter is None or not self.is_bound or _wish_name(m) not in self.fields:
            return False
        pk = m.verv.pk
        if self.errors.keys() & {f"vara_navn_{pk}", f"vara_epost_{pk}", f"dager_{pk}"}:
            return True
        o = self._changed(m)
        return o is not None and not endringer.is_as(
            venter,
            oensker=o.oensker,
            tekst=self.cleaned_data.get("tekst", ""),
            vara=o.vara,
            dager=o.dager,
            by=self.by,
        )

    def _changed(self, m: Medlem) -> Oensket | None:
        svar = self.cleaned_data.get(_wish_name(m))
        if not svar or m.deltakelse is None:
            return None
        sett = self.cleaned_data.get(_seen_name(m), "")
        if svar != "vara":
            return Oensket(m.deltakelse, svar, sett=sett) if svar != self._stands(m) else None
        vara, dager = self.substitute(m.verv.pk), self.chosen_days(m.verv.pk)
        if m.vara and (vara.navn, vara.epost, dager) == (m.vara.navn, m.vara.epost, m.dager):
            return None
        return Oensket(m.deltakelse, svar, vara, dager, sett)

    @property
    def linjer(self) -> list[dict[str, Any]]:
        """The lines as the page draws them."""
        return [self._line(m, m.deltakelse.pk) for m in self.medlemmer if m.deltakelse]

    def _line(self, m: Medlem, pk: int) -> dict[str, Any]:
        oenske, navn = self._waits(m), f"oenske_{pk}"
        uenig = self._conflicts(m)
        valgt = (self[navn].value() if navn in self.fields else "") or self._stands(m)
        return {
            "m": m,
            "navn": navn,
            "oenske": oenske,
            "skrives": oenske is None or uenig,
            "sett": (_seen_name(m), endringer.stand(oenske)) if oenske and uenig else None,
            "kan_trekkes": oenske is not None and oenske.av_id == self.by.pk,
            "valg": [(verdi, ord_, verdi == valgt) for verdi, ord_ in self._choices(m)],
            **(self.drawn_substitute(m.verv.pk) if f"vara_navn_{m.verv.pk}" in self.fields else {}),
        }


def _wish_name(m: Medlem) -> str:
    return f"oenske_{m.deltakelse.pk if m.deltakelse else ''}"


def _seen_name(m: Medlem) -> str:
    return f"sett_{m.deltakelse.pk if m.deltakelse else ''}"


class EndringssvarForm(PortalForm):
    """What the coordinator says to such a wish."""

    svar = forms.ChoiceField(choices=[("godta", ""), ("avslaa", "")])


class BehovForm(PortalForm):
    """What one needs oneself."""

    behov = forms.MultipleChoiceField(
        label=gettext_lazy("Kryss av for det du trenger"),
        required=False,
        choices=Behov.Valg.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    annet = forms.CharField(
        label=gettext_lazy("Annet"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("Skriv kort, og uten navnet ditt."),
    )


class EgetSvarForm(PortalForm):
    """One's own answer; «behov» changes none. `med_dager` says that the days were asked for, so that none ticked is
    a mistake; `uten_vara` that who is signed up instead of them shall not come after all."""

    deltakelse = forms.IntegerField()
    svar = forms.ChoiceField(choices=[("ja", ""), ("nei", ""), ("behov", "")])
    uten_vara = forms.BooleanField(required=False)
    med_dager = forms.BooleanField(required=False)
    dager = forms.TypedMultipleChoiceField(required=False, coerce=datetime.date.fromisoformat)

    def __init__(self, *args: Any, dager: Iterable[datetime.date] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.alle_dager = list(dager)
        self.fields["dager"].choices = [(d.isoformat(), "") for d in self.alle_dager]

    @property
    def chosen_days(self) -> list[datetime.date] | None:
        """The days ticked, none when it is all of them; None when it was not asked."""
        if not self.cleaned_data["med_dager"]:
            return None
        valgt = self.cleaned_data["dager"]
        return valgt if len(valgt) < len(self.alle_dager) else []

"""One entry of a unit's log: the prompts, who took part, what follows and links, in one form that saves itself."""

import datetime
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from kommuner.gyldighet import idag
from nettverk.models import Nettverk
from nettverk.side.portalform import IKKE_NAVN_PAA_BARN, PortalForm, mark_choices
from nettverk.skriving.autolagring import TekstForm
from rolu.mellomarbeid.logg import TEKST_MAKS
from rolu.mellomarbeid.nestesteg import SkrevetLenke, SkrevetSteg, helpers
from rolu.models import Logglenke, Loggpost, Nestesteg, Oppdrag
from rolu.models.mellomarbeid import LoggpostQuerySet
from rolu.models.nestesteg import as_asked

_ETT_AAR = datetime.timedelta(days=366)
# More steps or links than this are a list of their own.
MAKS_RADER = 30


def _number(label: Any) -> forms.IntegerField:
    # A browser's own field for numbers sends nothing of what is no number, as if nothing stood there.
    rute = forms.TextInput({"inputmode": "numeric", "autocomplete": "off", "size": 4})
    return forms.IntegerField(label=label, min_value=0, max_value=9999, required=False, widget=rute)


def _box(label: Any, *, rader: int) -> forms.CharField:
    """Room to write in. It has no prompt of its own in the box: the style sees by it whether it is empty."""
    attrs = {"rows": rader, "autocapitalize": "sentences", "placeholder": " "}
    return forms.CharField(
        label=label, widget=forms.Textarea(attrs=attrs), max_length=TEKST_MAKS, required=False
    )


def within_reach(dato: datetime.date | None) -> datetime.date | None:
    if dato and abs(dato - idag()) > 2 * _ETT_AAR:
        raise ValidationError(_("Se over datoen. Datoen ligger langt fra i dag."), code="dato")
    return dato


_Valg = list[tuple[int | str, str]]


def _asked(nettverk: Nettverk, steg: Iterable[Nestesteg]) -> Callable[[], _Valg]:
    """Whom a step can be asked of: fetched when one is, or when the page is drawn, and then once for all rows."""

    @cache
    def choices() -> _Valg:
        # Also a group that is no more: it was asked when it was.
        grupper = dict.fromkeys([*helpers(nettverk), *(s.hos for s in steg if s.hos)])
        return [("", str(_("Oss"))), *((g.pk, as_asked(g)) for g in grupper)]

    return choices


class StegForm(PortalForm):
    """One step: what, who, when. A row without text is no step."""

    pk = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1)
    tekst = forms.CharField(label=_("Hva"), max_length=200, required=False)
    hos = forms.TypedChoiceField(
        label=_("Hvem"), required=False, coerce=int, empty_value=None, choices=[("", _("Oss"))]
    )
    frist = forms.DateField(label=_("Når"), required=False)

    def __init__(
        self, *args: Any, hjelpere: Callable[[], _Valg], maalform: str, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["hos"].choices = hjelpere
        mark_choices(self.fields["hos"], maalform)
        # Said once, at the day of the entry.
        self.fields["frist"].help_text = ""

    def clean_frist(self) -> datetime.date | None:
        return within_reach(self.cleaned_data.get("frist"))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("frist") and not data.get("tekst") and "tekst" not in self.errors:
            self.add_error("tekst", _("Skriv hva som skal gjøres."))
        return data


class LenkeForm(PortalForm):
    """One link. A row without an address is no link."""

    url = forms.URLField(
        label=_("Lenke"),
        max_length=500,
        required=False,
        assume_scheme="https",
        widget=forms.URLInput(attrs={"autocomplete": "off", "inputmode": "url"}),
        error_messages={"invalid": _("Lim inn hele nettadressen, for eksempel https://udir.no.")},
    )
    tekst = forms.CharField(label=_("Hva det er"), max_length=150, required=False)

    def clean_url(self) -> str:
        url = self.cleaned_data["url"]
        if url and not url.startswith(("https://", "http://")):
            raise ValidationError(self.fields["url"].error_messages["invalid"], code="invalid")
        return url

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("tekst") and not data.get("url") and "url" not in self.errors:
            self.add_error("url", _("Lim inn nettadressen, eller ta bort det som står ved den."))
        return data


_Rader = forms.BaseFormSet


def _rows(form: type[forms.Form]) -> type[_Rader]:
    """The rows that are there, and one to write in."""
    return forms.formset_factory(form, extra=1, max_num=MAKS_RADER, validate_max=True)


_Stegrader, _Lenkerader = _rows(StegForm), _rows(LenkeForm)


class LoggpostForm(TekstForm):
    """One entry, short enough for a phone: what happened, and what else one has to tell.

    `kladd` is the form saving itself: nothing is demanded yet, and what cannot be read, in a field or in a row,
    waits (`half_written`) while the rest is saved. The prompts are those of `oppdrag`; `notat` is the entry itself when
    there is one, and is asked of its rows only when the page does not send them.
    """

    fase = forms.ChoiceField(
        label=_("Hva handler det om?"), choices=Loggpost.Fase, widget=forms.RadioSelect
    )
    tekst = _box(_("Hva gjorde vi?"), rader=5)
    merket = _box(_("Hva la vi merke til?"), rader=1)
    videre = _box(_("Hva gjør vi nå?"), rader=1)
    dato = forms.DateField(
        label=_("Når?"),
        help_text=_("Ligger dagen frem i tid, blir notatet stående som planlagt."),
    )
    ansatte = _number(_("Ansatte"))
    barn = _number(_("Barn eller elever"))
    foresatte = _number(_("Foresatte"))
    minutter = _number(_("Minutter"))
    hvem = forms.CharField(
        label=_("Hvem var med?"),
        max_length=200,
        required=False,
        help_text=_("Roller, ikke navn på barn. For eksempel «PPT og en vikar»."),
    )

    tekster = ("tekst", "merket", "videre", "hvem")
    tall = ("ansatte", "barn", "foresatte", "minutter")

    def __init__(
        self,
        data: Any = None,
        *,
        oppdrag: Oppdrag,
        notat: LoggpostQuerySet | None = None,
        kladd: bool = False,
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=initial)
        self.kladd = kladd
        self.fields["tekst"].required = not kladd
        self.fields["tekst"].error_messages["required"] = _("Skriv noen ord først.")
        self.fields["tekst"].help_text = IKKE_NAVN_PAA_BARN
        for navn, ledetekst in oppdrag.ledetekster.items():
            self.fields[navn].label = ledetekst
        # An old page, or one that another part of the portal sends, says nothing of the rows: they stand.
        self.sier_rader = data is not None and "steg-TOTAL_FORMS" in data
        rader = data if self.sier_rader else None
        # What is sent is all there is: compared with what stands, an unchanged row would count as empty.
        nestesteg, lenker = Nestesteg.objects.none(), Logglenke.objects.none()
        if notat is not None:
            nestesteg = (
                Nestesteg.objects.filter(loggpost__in=notat).select_related("hos").order_by("pk")
            )
            lenker = Logglenke.objects.filter(loggpost__in=notat)
        self.steg = _Stegrader(
            rader,
            prefix="steg",
            initial=None
            if self.sier_rader
            else [
                {"pk": s.pk, "tekst": s.tekst, "hos": s.hos_id, "frist": s.frist} for s in nestesteg
            ],
            form_kwargs={
                "hjelpere": _asked(oppdrag.nettverk, nestesteg),
                "maalform": oppdrag.nettverk.maalform,
            },
        )
        self.lenker = _Lenkerader(
            rader,
            prefix="lenke",
            initial=None
            if self.sier_rader
            else [{"url": rad.url, "tekst": rad.tekst} for rad in lenker.order_by("pk")],
        )

    @property
    def rader(self) -> tuple[_Rader, _Rader]:
        return self.steg, self.lenker

    def is_valid(self) -> bool:
        """Also the rows; when it saves itself, what is not right only waits."""
        gyldig = super().is_valid()
        if self.kladd:
            # Without the version nobody knows what it was written on.
            return self.is_bound and "versjon" not in self.errors
        if not self.sier_rader:
            return gyldig
        return all([gyldig, *(rader.is_valid() for rader in self.rader)])

    @property
    def half_written(self) -> dict[str, list[str]]:
        """What is wrong in what is not saved yet, by field."""
        former = [self, *(rad for rader in self.rader for rad in rader.forms if self.sier_rader)]
        return {
            form.add_prefix(navn): [str(feil) for feil in feilene]
            for form in former
            for navn, feilene in form.errors.items()
        }

    @property
    def used(self) -> dict[str, bool]:
        """What of the form stands open, because something is written there or must be mended."""

        def any_in(form: forms.BaseForm, *navn: str) -> bool:
            return any(form[n].value() not in (None, "") or form[n].errors for n in navn)

        return {
            "deltok": any_in(self, *self.tall, "hvem"),
            "steg": any(any_in(rad, "tekst", "frist") for rad in self.steg.forms),
            "lenker": any(any_in(rad, "url") for rad in self.lenker.forms),
        }

    @property
    def says_something(self) -> bool:
        """Whether anything is written besides what the page begins with."""
        data = self.cleaned_data
        return (
            any(data.get(navn) for navn in self.tekster)
            or any(data.get(navn) is not None for navn in self.tall)
            or any("tekst" not in steg.uleselig for steg in data.get("steg", ()))
            or any("url" not in lenke.uleselig for lenke in data.get("lenker", ()))
        )

    def clean_dato(self) -> datetime.date | None:
        return within_reach(self.cleaned_data["dato"])

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if self.sier_rader and _counts(self.steg):
            data["steg"] = [
                SkrevetSteg(**rad, uleselig=uleselig)
                for rad, uleselig in _filled(self.steg, "tekst")
            ]
        if self.sier_rader and _counts(self.lenker):
            data["lenker"] = [
                SkrevetLenke(**rad, uleselig=uleselig)
                for rad, uleselig in _filled(self.lenker, "url")
            ]
        return data

    def conflict_with(self, deres: Loggpost) -> dict[str, Any]:
        """Also the steps and the links as they stand."""
        konflikt = super().conflict_with(deres)
        for etikett, rader in ((_("Neste steg"), deres.nestesteg), (_("Lenker"), deres.lenker)):
            if tekst := "\n".join(str(rad) for rad in rader.all()):
                konflikt["tekster"].append((etikett, tekst))
        return konflikt


def _counts(rader: _Rader) -> bool:
    """That the rows are as many as they may be, and each is there. What is wrong in one is no matter."""
    rader.is_valid()
    return not rader.non_form_errors()


def _filled(rader: _Rader, felt: str) -> list[tuple[dict[str, Any], frozenset[str]]]:
    """What the rows say, each with the fields in which something stands that cannot be read. A row that says
    nothing in `felt` is none."""
    return [
        (form.cleaned_data, frozenset(form.errors))
        for form in rader.forms
        if form.cleaned_data.get(felt) or felt in form.errors
    ]


class TrekkForm(PortalForm):
    """Why an assignment is withdrawn, for the units that have it."""

    grunn = forms.CharField(
        label=_("Hvorfor?"),
        max_length=300,
        help_text=_("Enhetene leser begrunnelsen øverst på siden for mellomarbeidet."),
    )


_FRA = [("hjem", "hjem"), ("siden", "siden")]


class BleDetForm(PortalForm):
    """What came of what was planned, in one tap; and which page it was tapped on."""

    svar = forms.ChoiceField(choices=[("ja", "ja"), ("flyttet", "flyttet"), ("nei", "nei")])
    fra = forms.ChoiceField(choices=_FRA, required=False)


class StegGjortForm(PortalForm):
    """A step is done, or is not after all."""

    gjort = forms.TypedChoiceField(
        choices=[("1", "1"), ("0", "0")], coerce=lambda verdi: verdi == "1"
    )
    fra = forms.ChoiceField(choices=_FRA, required=False)

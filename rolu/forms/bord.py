"""The forms of a seating: its rules, two who are kept apart, where somebody sits, and what is pressed."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kommuner.sortering import folded
from nettverk.models import Nettverk, Person, Rolle
from nettverk.side.portalform import PortalForm, PortalModelForm
from nettverk.skriving.engang import EngangsForm
from nettverk.skriving.laas import StandForm
from rolu.models import Bordkart, Bordplass, Bordregel
from rolu.models.bord import MEST_PLASSER, MINST_PLASSER
from rolu.samlinger.bord.bordkart import Valgtregel
from rolu.samlinger.bord.folk import Bordgjest
from rolu.samlinger.bord.side import Bordkort

Slag = Bordregel.Slag
# The rows of the form; the two ways with the groups are one of them.
GRUPPER = "grupper"
RADER = (Slag.ROLLE, GRUPPER, Slag.KOMMUNER, Slag.ENHETSTYPER, Slag.NABOER)


def row_of(slag: str) -> str:
    return GRUPPER if slag in Bordregel.GRUPPEREGLER else str(slag)


class BordoppsettForm(StandForm, PortalModelForm):
    """Seats per table, and the rules in order. `flytt` says which rule was moved one place up or down."""

    plasser = forms.IntegerField(
        label=gettext_lazy("Plasser ved hvert bord"),
        min_value=MINST_PLASSER,
        max_value=MEST_PLASSER,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "class": "app-kort-felt"}),
    )
    paa_rolle = forms.BooleanField(
        label=gettext_lazy("En bestemt rolle ved bordene"), required=False
    )
    rolle = forms.ChoiceField(label=gettext_lazy("Rolle"), required=False)
    per_bord = forms.IntegerField(
        label=gettext_lazy("Hvor mange bord kan dele på én?"),
        help_text=gettext_lazy("1 betyr minst én ved hvert bord."),
        min_value=1,
        max_value=20,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    paa_grupper = forms.BooleanField(label=gettext_lazy("Utviklingsgruppene"), required=False)
    grupper = forms.ChoiceField(
        label=gettext_lazy("Utviklingsgruppene skal"),
        choices=[
            (Slag.GRUPPER_SPRES, gettext_lazy("spres")),
            (Slag.GRUPPER_SAMLES, gettext_lazy("sitte samlet")),
        ],
    )
    paa_kommuner = forms.BooleanField(label=gettext_lazy("Bland kommunene"), required=False)
    paa_enhetstyper = forms.BooleanField(
        label=gettext_lazy("Bland barnehage og skole"), required=False
    )
    paa_naboer = forms.BooleanField(
        label=gettext_lazy("Andre naboer enn på forrige samling"), required=False
    )
    orden = forms.CharField(required=False, max_length=100, widget=forms.HiddenInput)
    flytt = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    class Meta:
        model = Bordkart
        fields = ["plasser"]

    def __init__(
        self, *args: Any, regler: Sequence[Bordregel], roller: Iterable[str], **kwargs: Any
    ) -> None:
        kwargs["initial"] = self._initial(regler)
        super().__init__(*args, **kwargs)
        nettverk: Nettverk = self.instance.samling.nettverk
        self.fields["rolle"].choices = [
            ("", _("Velg rolle")),
            *((rolle, capfirst(nettverk.rollenavn(rolle))) for rolle in roller),
        ]
        # Asked only of who wants the rule.
        self.fields["rolle"].er_besvart = True

    @staticmethod
    def _initial(regler: Sequence[Bordregel]) -> dict[str, Any]:
        forst: dict[str, Any] = {"per_bord": 3, "rolle": "", "grupper": str(Slag.GRUPPER_SPRES)}
        for regel in regler:
            forst[f"paa_{row_of(regel.slag)}"] = regel.er_paa
            if regel.slag == Slag.ROLLE:
                forst |= {"rolle": regel.rolle, "per_bord": regel.per_bord}
            elif row_of(regel.slag) == GRUPPER:
                forst["grupper"] = str(regel.slag)
        return forst | {"orden": ",".join(row_of(regel.slag) for regel in regler), "flytt": ""}

    def _names(self) -> list[str]:
        """All of it is kept by the one form, also what stands in the rows of the rules."""
        return [navn for navn in self.fields if navn not in ("stand", "flytt")]

    def _words(self, navn: str, tekst: str) -> str:
        if navn.startswith("paa_"):
            return _("med") if tekst == "True" else _("ikke med")
        if navn == "orden":
            return ", ".join(str(self.fields[f"paa_{rad}"].label) for rad in _in_order(tekst))
        return super()._words(navn, tekst)

    def _shown(self) -> dict[str, str]:
        self.fields["orden"].label = _("Rekkefølgen")
        return super()._shown()

    def clean_orden(self) -> str:
        """In an order that somebody has made up, what is missing stands last."""
        return ",".join(_in_order(self.cleaned_data["orden"]))

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("paa_rolle") and not data.get("rolle") and "rolle" not in self.errors:
            self.add_error("rolle", _("Velg hvilken rolle det gjelder."))
        return data

    @property
    def rader(self) -> list[dict[str, Any]]:
        """The rules in order as they are drawn: each its tick, and what else there is to say of it."""
        mer = {Slag.ROLLE: ("rolle", "per_bord"), GRUPPER: ("grupper",)}
        rader = _in_order(str(self["orden"].value() or ""))
        return [
            {
                "navn": str(rad),
                "paa": self[f"paa_{rad}"],
                "mer": [self[felt] for felt in mer.get(rad, ())],
                "foerst": nr == 0,
                "sist": nr == len(rader) - 1,
            }
            for nr, rad in enumerate(rader)
        ]

    def chosen(self) -> list[Valgtregel]:
        """The rules in the order that was sent, and moved when one was."""
        data = self.cleaned_data
        rader = _moved(_in_order(data["orden"]), data["flytt"])
        return [
            Valgtregel(
                data["grupper"] if rad == GRUPPER else rad,
                data[f"paa_{rad}"],
                data["rolle"] if rad == Slag.ROLLE else "",
                data["per_bord"] if rad == Slag.ROLLE else 1,
            )
            for rad in rader
        ]


def _in_order(tekst: str) -> list[str]:
    sendt = [rad for rad in dict.fromkeys(tekst.split(",")) if rad in RADER]
    return [*sendt, *(str(rad) for rad in RADER if rad not in sendt)]


def _moved(rader: list[str], flytt: str) -> list[str]:
    """With the row of «kommuner:opp» one place up."""
    rad, _kolon, retning = flytt.partition(":")
    if rad not in rader:
        return rader
    nr = rader.index(rad)
    til = nr - 1 if retning == "opp" else nr + 1
    if 0 <= til < len(rader):
        rader[nr], rader[til] = rader[til], rader[nr]
    return rader


class BordlagForm(EngangsForm, PortalForm):
    """To seat people: mend what stands, or draw another seating."""

    hva = forms.ChoiceField(choices=[("paa_nytt", ""), ("nytt", "")], widget=forms.HiddenInput)


class BordfrigiForm(PortalForm):
    """Whose places are freed: those who do not come any more, or also those who have not met."""

    hvem = forms.ChoiceField(choices=[("borte", ""), ("ikke_moett", "")], widget=forms.HiddenInput)


class BorddelForm(PortalForm):
    """To share the seating, or not to."""

    skal = forms.ChoiceField(choices=[("deles", ""), ("skjules", "")], widget=forms.HiddenInput)


class BordlaasForm(PortalForm):
    """Whether somebody is locked to their table."""

    laast = forms.ChoiceField(choices=[("ja", ""), ("nei", "")], widget=forms.HiddenInput)


class BordsokForm(PortalForm):
    """Whom one looks for."""

    er_filter = True

    q = forms.CharField(
        label=gettext_lazy("Finn noen"),
        required=False,
        max_length=80,
        widget=forms.SearchInput(
            attrs={"autocomplete": "off", "placeholder": gettext_lazy("Navn eller enhet")}
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_valid()

    @property
    def soker(self) -> str:
        q: str = self.cleaned_data.get("q", "")
        return q


class BordskilleForm(PortalForm):
    """Two of those who come, by name; with the unit, when there are two of a name."""

    en = forms.CharField(
        label=gettext_lazy("Navn"), max_length=400, widget=forms.TextInput({"list": "bordfolk"})
    )
    annen = forms.CharField(
        label=gettext_lazy("Skal ikke sitte med"),
        max_length=400,
        widget=forms.TextInput({"list": "bordfolk"}),
    )

    def __init__(self, *args: Any, folk: Sequence[Bordgjest], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.folk = [gjest for gjest in folk if gjest.person]
        for navn in ("en", "annen"):
            self.fields[navn].widget.attrs["autocomplete"] = "off"

    @property
    def forslag(self) -> list[str]:
        return [_with_place(gjest) for gjest in self.folk]

    def _find(self, felt: str) -> Person:
        skrevet = folded(self.cleaned_data[felt])
        funnet = [
            gjest
            for gjest in self.folk
            if skrevet in (folded(gjest.navn), folded(_with_place(gjest)))
        ]
        if not funnet:
            raise forms.ValidationError(
                _("Ingen som kommer, har det navnet. Velg et navn fra lista.")
            )
        if len({gjest.person for gjest in funnet}) > 1:
            raise forms.ValidationError(
                _("Flere har det navnet. Velg navnet med enheten fra lista.")
            )
        person: Person = Person.objects.get(pk=funnet[0].person)
        return person

    def clean_en(self) -> Person:
        return self._find("en")

    def clean_annen(self) -> Person:
        annen = self._find("annen")
        if annen == self.cleaned_data.get("en"):
            raise forms.ValidationError(_("Velg to forskjellige personer."))
        return annen


def _with_place(gjest: Bordgjest) -> str:
    return f"{gjest.navn}, {gjest.sted}" if gjest.sted else gjest.navn


class BordplassForm(StandForm, PortalModelForm):
    """The table somebody sits at: one of those there are, or a new one."""

    bord = forms.TypedChoiceField(label=gettext_lazy("Bord"), coerce=int)

    class Meta:
        model = Bordplass
        fields = ["bord"]

    def __init__(self, *args: Any, kort: Sequence[Bordkort], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        nytt = max((ett.nummer for ett in kort), default=0) + 1
        self.fields["bord"].choices = [
            *((ett.nummer, _table_in_words(ett)) for ett in kort),
            (nytt, _("Bord %(nr)s (nytt)") % {"nr": nytt}),
        ]


def _table_in_words(kort: Bordkort) -> str:
    return _("Bord %(nr)s: %(antall)s av %(plasser)s plasser er tatt") % {
        "nr": kort.nummer,
        "antall": kort.antall,
        "plasser": kort.plasser,
    }


def roles_among(roller: Iterable[str]) -> list[str]:
    """The roles that somebody comes in, in the portal's order."""
    har = set(roller)
    return [str(rolle) for rolle in Rolle if rolle in har]

"""Forms for a tankesmie held for itself: a new one, its words and its time, and taking one home; and whose voices the
network asks for."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fremtidsbilder.forms.ledelse import BordtallField, HjelpFelt, SporsmaalFelt
from fremtidsbilder.forms.sted import choose_place
from fremtidsbilder.models import Samtalesporsmaal, Stemmegruppe, Tankesmie
from fremtidsbilder.models.tankesmie import SPORSMAAL_TEGN
from fremtidsbilder.sted import Hjemsted
from nettverk.models import Nettverk
from nettverk.side.portalform import (
    PortalForm,
    PortalModelForm,
    TidspunktField,
)
from nettverk.skriving.engang import EngangsForm
from nettverk.skriving.laas import StandForm

PLAN_TEGN = 10_000
# What most of them do without.
_SJELDNE = ("dato", "sted", "aapen_fra", "aapen_til", "antall_bord", "plan", "deles")


class _StedForm(forms.Form):
    """Where it is held, among the places where the person may hold one."""

    def _choose_place(self, steder: Sequence[Hjemsted]) -> None:
        self._steder = {sted.noekkel: sted for sted in steder}
        choose_place(self, [(sted.noekkel, sted.navn) for sted in steder], navn="hvor")

    @property
    def valgt_sted(self) -> Hjemsted:
        return self._steder[self.cleaned_data["hvor"]]


class TankesmieForm(StandForm, PortalModelForm):
    """What a tankesmie is called, when and where it is, who is asked, and how it is done."""

    plan = forms.CharField(
        label=gettext_lazy("Plan"),
        required=False,
        max_length=PLAN_TEGN,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy(
            "Hvordan dere gjør det, steg for steg. De som svarer, ser den ikke."
        ),
    )
    aapen_fra = TidspunktField(
        label=gettext_lazy("Åpen fra"),
        required=False,
        help_text=gettext_lazy(
            "Da begynner koden å virke. Du må åpne et spørsmål også, ellers kan ingen svare. Står feltet tomt, virker koden med en gang."
        ),
    )
    aapen_til = TidspunktField(
        label=gettext_lazy("Åpen til"),
        required=False,
        help_text=gettext_lazy(
            "Da slutter koden å virke. La feltet stå tomt når dere stenger selv."
        ),
    )
    antall_bord = BordtallField(initial=0)

    class Meta:
        model = Tankesmie
        fields = [
            "tittel",
            "grupper",
            "dato",
            "sted",
            "aapen_fra",
            "aapen_til",
            "antall_bord",
            "plan",
            "deles",
        ]
        widgets = {"grupper": forms.CheckboxSelectMultiple}
        labels = {"grupper": gettext_lazy("Hvem dere spør")}
        help_texts = {
            "grupper": gettext_lazy("De som svarer, velger hvem de er. Ingen skriver navn."),
            "deles": gettext_lazy(
                "Kommuner og enheter i nettverket kan hente planen og spørsmålene. Du ser hva de samler inn."
            ),
        }

    def __init__(self, *args: Any, nettverk: Nettverk, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        felt: Any = self.fields["grupper"]
        felt.queryset = nettverk.stemmegrupper.all()
        self.har_grupper = felt.queryset.exists()
        if not self.har_grupper:
            del self.fields["grupper"]

    @property
    def sjeldne(self) -> list[forms.BoundField]:
        return [self[navn] for navn in _SJELDNE]

    @property
    def viser_sjeldne(self) -> bool:
        """Whether they are unfolded: it is there from before, or one of them is wrong."""
        return bool(self.instance.pk) or any(felt.errors for felt in self.sjeldne)

    def _words(self, navn: str, tekst: str) -> str:
        if navn == "deles":
            return _("ja") if tekst == "True" else _("nei")
        return super()._words(navn, tekst)

    def felt(self) -> dict[str, Any]:
        """What the row is given, by name; the groups are its own (`grupper`)."""
        return {
            navn: self.cleaned_data[navn]
            for navn in self._meta.fields or ()
            if navn != "grupper" and navn in self.cleaned_data
        }

    def valgte_grupper(self) -> list[Stemmegruppe]:
        return list(self.cleaned_data.get("grupper") or [])


class NyTankesmieForm(EngangsForm, TankesmieForm, _StedForm):
    """A new one, at a place where the person may hold it, with its questions."""

    hvor = forms.ChoiceField(label=gettext_lazy("Hvem tankesmia er for"))
    sporsmaal = forms.CharField(
        label=gettext_lazy("Spørsmål"),
        max_length=SPORSMAAL_TEGN,
        help_text=gettext_lazy("For eksempel «Hvordan vil du at skolen skal være?»."),
    )
    hjelp = HjelpFelt()
    flere = SporsmaalFelt(
        label=gettext_lazy("Flere spørsmål"),
        required=False,
        help_text=gettext_lazy("Ett på hver linje. Du åpner dem ett for ett."),
    )

    def __init__(self, *args: Any, steder: Sequence[Hjemsted], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._choose_place(steder)

    def sporsmaalene(self) -> list[Samtalesporsmaal]:
        """The questions as rows that are not kept yet, the first with its help."""
        data = self.cleaned_data
        return [
            Samtalesporsmaal(tekst=data["sporsmaal"], hjelp=data["hjelp"]),
            *(Samtalesporsmaal(tekst=tekst) for tekst in data["flere"]),
        ]


class HentForm(EngangsForm, PortalForm, _StedForm):
    """Where a tankesmie is taken home."""

    hvor = forms.ChoiceField(label=gettext_lazy("Hvem skal bruke tankesmia?"))

    def __init__(self, *args: Any, steder: Sequence[Hjemsted], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._choose_place(steder)


class StemmegruppeForm(PortalForm):
    """Whose voice it is."""

    navn = forms.CharField(label=gettext_lazy("Navn på gruppa"), max_length=60)
    er_barn = forms.BooleanField(
        label=gettext_lazy("Barn eller elever"),
        required=False,
        help_text=gettext_lazy("Det de sier, kommer først når bidragene leses."),
    )

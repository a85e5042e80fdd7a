"""Forms of the goals: what they say, and the steps of their way."""

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from psycopg.types.range import DateRange

from fremtidsbilder.forms.sted import choose_place
from fremtidsbilder.maal.runder import words_are_open
from fremtidsbilder.maal.skriving import may_be_above, place_of_goal
from fremtidsbilder.models import Maal, Maalkommentar, Tema
from fremtidsbilder.sted import Hjemsted, where
from fremtidsbilder.tegn import signs_of
from kommuner.gyldighet import idag
from nettverk.models import Gruppe, Nettverk
from nettverk.side.portalform import IKKE_NAVN_PAA_BARN, PortalForm
from nettverk.side.skrivemaate import shortened
from nettverk.skriving.autolagring import TekstForm
from nettverk.skriving.barnesjekk import look_for_children
from nettverk.skriving.engang import EngangsForm

# A goal is a sentence or some lines, no report.
MAKS_MAAL = 2_000
_MAKS_TEGN, _MAKS_TEGNLINJE = 30, 300


def _goal_field() -> forms.CharField:
    return forms.CharField(
        label=gettext_lazy("Mål"),
        max_length=MAKS_MAAL,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy(
            "Skriv hver del på en linje for seg, så kan de som blir spurt, kommentere linje for linje."
        ),
    )


def _in_short(maal: Maal) -> str:
    return f"{shortened(maal.tekst, 90)} ({where(maal, _('nettverket'))})"


class _Maalfelt(forms.Form):
    """What a goal says, and what it belongs to."""

    type = forms.ChoiceField(
        label=gettext_lazy("Type"),
        choices=Maal.Type.choices,
        help_text=gettext_lazy(
            "Effektmålet sier hva som blir annerledes for barn og unge, resultatmålet hva dere skal ha fått til, og prinsippet hvordan dere arbeider."
        ),
    )
    tekst = _goal_field()
    over = forms.ModelChoiceField(
        Maal.objects.none(),
        label=gettext_lazy("Målet over"),
        required=False,
        empty_label=gettext_lazy("Ingen"),
        help_text=gettext_lazy("Det målet som dette er med på å nå."),
    )
    temaer = forms.ModelMultipleChoiceField(
        Tema.objects.none(),
        label=gettext_lazy("Temaer"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    eier = forms.ModelChoiceField(
        Gruppe.objects.none(),
        label=gettext_lazy("Gruppa som svarer for målet"),
        required=False,
        empty_label=gettext_lazy("Ingen"),
    )
    fra = forms.DateField(label=pgettext_lazy("dato", "Fra og med"), required=False)
    til = forms.DateField(label=pgettext_lazy("dato", "Til og med"), required=False)
    kilde = forms.ChoiceField(
        label=gettext_lazy("Hvor målet kommer fra"),
        required=False,
        choices=[("", gettext_lazy("Ikke valgt")), *Maal.Kilde.choices],
    )
    kilde_hvor = forms.CharField(
        label=gettext_lazy("Hvor det står"), required=False, max_length=300
    )
    tegn = forms.CharField(
        label=gettext_lazy("Tegn på god praksis"),
        required=False,
        max_length=_MAKS_TEGN * _MAKS_TEGNLINJE,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Det dere ser og hører når det virker. Ett tegn på hver linje."),
    )

    def _choose(self, nettverk: Nettverk, steder: list[Hjemsted], uten: set[int]) -> None:
        felt: Any = self.fields
        over = may_be_above(nettverk, steder[0])
        for sted in steder[1:]:
            over |= may_be_above(nettverk, sted)
        felt["over"].queryset = (
            over.exclude(pk__in=uten).select_related("kommune", "enhet").defer("kommune__grense")
        )
        felt["over"].label_from_instance = _in_short
        felt["temaer"].queryset = Tema.objects.filter(nettverk=nettverk)
        felt["eier"].queryset = self._groups(nettverk, steder)
        felt["eier"].label_from_instance = lambda g: str(g.enhet or g.navn)
        if not felt["temaer"].queryset.exists():
            del felt["temaer"]

    def _groups(self, nettverk: Nettverk, steder: list[Hjemsted]) -> Any:
        """The network's own groups, and the units' own for those who write for a unit."""
        grupper = Gruppe.objects.filter(nettverk=nettverk).gyldig(idag())
        egne = grupper.utviklingsgrupper().filter(enhet__in=[s.enhet for s in steder if s.enhet])
        naa = getattr(getattr(self, "maal", None), "eier_id", None) or 0
        return (
            grupper.nettverksgrupper() | egne | Gruppe.objects.filter(pk=naa, nettverk=nettverk)
        ).select_related("enhet")

    def clean_tegn(self) -> list[str]:
        linjer = [linje.strip() for linje in self.cleaned_data["tegn"].splitlines()]
        linjer = list(dict.fromkeys(linje for linje in linjer if linje))
        if len(linjer) > _MAKS_TEGN:
            raise ValidationError(
                _("Skriv høyst %(n)s tegn."), code="for_mange", params={"n": _MAKS_TEGN}
            )
        if any(len(linje) > _MAKS_TEGNLINJE for linje in linjer):
            raise ValidationError(
                _("Et tegn kan være på høyst %(n)s bokstaver. Del det i to."),
                code="for_langt",
                params={"n": _MAKS_TEGNLINJE},
            )
        return linjer

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        fra, til = data.get("fra"), data.get("til")
        if fra and til and til < fra:
            self.add_error("til", _("Siste dag kan ikke være før første dag."))
        elif til and not fra and "fra" not in self.errors:
            self.add_error("fra", _("Skriv når perioden begynner."))
        if not self.errors.keys() & {"fra", "til"}:
            slutt = til + datetime.timedelta(days=1) if til else None
            data["periode"] = DateRange(fra, slutt) if fra else None
        return data

    @property
    def felt(self) -> dict[str, Any]:
        """What the row says, by name."""
        navn = ("type", "tekst", "over", "eier", "periode", "kilde", "kilde_hvor")
        return {n: self.cleaned_data[n] for n in navn if n in self.cleaned_data}

    @property
    def mer(self) -> dict[str, Any]:
        """What belongs to it: the themes and the signs."""
        return {
            "temaer": list(self.cleaned_data.get("temaer") or ()),
            "tegn": self.cleaned_data["tegn"],
        }


class NyttMaalForm(EngangsForm, _Maalfelt, PortalForm):
    """A new goal, at one of the places where the person may write."""

    sted = forms.ChoiceField(label=gettext_lazy("Hvor målet hører til"))

    def __init__(
        self, *args: Any, nettverk: Nettverk, steder: list[Hjemsted], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.nettverk, self.steder = nettverk, {s.noekkel: s for s in steder}
        choose_place(self, [(s.noekkel, s.navn) for s in steder])
        self._choose(nettverk, steder, set())

    def clean_sted(self) -> Hjemsted:
        return self.steder[self.cleaned_data["sted"]]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        sted, over = data.get("sted"), data.get("over")
        if sted and over and not may_be_above(self.nettverk, sted).filter(pk=over.pk).exists():
            self.add_error(
                "over",
                _("Målet over må være et mål for samme sted, eller for kommunen eller nettverket."),
            )
        return data


class MaalForm(_Maalfelt, TekstForm):
    """A goal that stands. Its words are there while they may be written, and the goal above when it was not taken from it."""

    tekster = ("tekst", "tegn", "kilde_hvor")

    def __init__(self, *args: Any, maal: Maal, under: set[int], **kwargs: Any) -> None:
        self.maal = maal
        periode = maal.periode
        kwargs.setdefault(
            "initial",
            {
                **{
                    n: getattr(maal, n) for n in ("type", "tekst", "kilde", "kilde_hvor", "versjon")
                },
                "over": maal.over_id,
                "eier": maal.eier_id,
                "temaer": list(maal.temaer.all()),
                "tegn": "\n".join(signs_of(maal)),
                "fra": periode.lower if periode else None,
                "til": periode.upper - datetime.timedelta(days=1)
                if periode and periode.upper
                else None,
            },
        )
        super().__init__(*args, **kwargs)
        self._choose(maal.nettverk, [place_of_goal(maal)], under)
        over: Any = self.fields["over"]
        if maal.over_id:
            # What it hangs below stays, also when it is closed.
            over.queryset = over.queryset | Maal.objects.filter(
                nettverk=maal.nettverk_id, pk=maal.over_id
            ).select_related("kommune", "enhet").defer("kommune__grense")
        if not words_are_open(maal):
            del self.fields["tekst"]
        if maal.overtatt:
            del self.fields["over"]

    def conflict_with(self, deres: Any) -> dict[str, Any]:
        """The words and the signs as they stand now."""
        vist = [("tekst", deres.tekst), ("tegn", "\n".join(signs_of(deres)))]
        return {
            "versjon": deres.versjon,
            "endret": deres.endret,
            "av": deres.endret_av,
            "tekster": [(self.fields[n].label, t) for n, t in vist if n in self.fields],
        }

    @property
    def worth_a_look(self) -> list[Any]:
        skrevet = [n for n in self.tekster if n in self.fields]
        return look_for_children(" ".join(str(self[n].value() or "") for n in skrevet))


# --- the steps of its way


class HoeringForm(PortalForm):
    """Until when those who are asked may answer."""

    til = forms.DateField(
        label=gettext_lazy("Svarfrist"),
        help_text=gettext_lazy("Siste dag de kan kommentere."),
    )

    def clean_til(self) -> datetime.date:
        til: datetime.date = self.cleaned_data["til"]
        if til < idag():
            raise ValidationError(_("Velg en dag fra og med i dag."), code="passert")
        return til


class VedtaForm(PortalForm):
    """Where and when it was decided."""

    hvor = forms.CharField(
        label=gettext_lazy("Hvor målet ble vedtatt"),
        max_length=200,
        help_text=gettext_lazy("For eksempel «Styringsgruppa» eller «Personalmøte»."),
    )
    dato = forms.DateField(label=gettext_lazy("Når"))

    def clean_dato(self) -> datetime.date:
        dato: datetime.date = self.cleaned_data["dato"]
        if dato > idag():
            raise ValidationError(_("Målet kan ikke være vedtatt etter i dag."), code="senere")
        return dato


def _reason(label: Any, hjelp: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label, max_length=500, widget=forms.Textarea(attrs={"rows": 3}), help_text=hjelp
    )


class RevisjonForm(TekstForm):
    """New words for a goal that is decided, and what is changed."""

    tekster = ("tekst",)

    tekst = _goal_field()
    grunn = _reason(
        gettext_lazy("Hva er endret, og hvorfor?"),
        gettext_lazy("Det står sammen med målet, og alle i nettverket kan lese det."),
    )


class AvsluttForm(PortalForm):
    """Why it is closed."""

    grunn = _reason(gettext_lazy("Hvorfor avslutter dere målet?"))


class GjenaapneForm(PortalForm):
    """Why it is opened again."""

    grunn = _reason(gettext_lazy("Hvorfor åpner dere målet igjen?"))


class VurderForm(PortalForm):
    """How far they say that they have come."""

    status = forms.ChoiceField(
        label=gettext_lazy("Hvor langt er dere kommet?"),
        choices=Maal.Status.choices,
        required=False,
        widget=forms.RadioSelect,
    )
    vurdering = forms.CharField(
        label=gettext_lazy("Slik vurderer vi det selv"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("En setning eller to. Alle i nettverket kan lese det."),
    )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("status") and not data.get("vurdering") and "vurdering" not in self.errors:
            self.add_error("vurdering", _("Skriv en setning om hvordan dere vurderer det selv."))
        return data


class TaInnForm(PortalForm):
    """Where the goal is taken in, and whether in the same words."""

    sted = forms.ChoiceField(label=gettext_lazy("Hvor vil dere ta inn målet?"))
    ord = forms.ChoiceField(
        label=gettext_lazy("Med hvilke ord?"),
        choices=[
            ("samme", gettext_lazy("Som det står. Revideres målet over, følger deres med.")),
            ("egne", gettext_lazy("Med våre egne ord")),
        ],
        widget=forms.RadioSelect,
    )
    tekst = forms.CharField(
        label=gettext_lazy("Målet med våre egne ord"),
        required=False,
        max_length=MAKS_MAAL,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, steder: list[Hjemsted], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.steder = {s.noekkel: s for s in steder}
        choose_place(self, [(s.noekkel, s.navn) for s in steder])

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("ord") == "egne" and not data.get("tekst") and "tekst" not in self.errors:
            self.add_error("tekst", _("Skriv målet med deres egne ord."))
        return data

    @property
    def felt(self) -> dict[str, Any]:
        """What `fremtidsbilder.maal.overtakelse.take_in` needs, by name."""
        data = self.cleaned_data
        egne = data["tekst"] if data["ord"] == "egne" else None
        return {"sted": self.steder[data["sted"]], "tekst": egne}


class KommentarForm(PortalForm):
    """What somebody says of a goal in a hearing."""

    linje = forms.ChoiceField(label=gettext_lazy("Hva gjelder det?"), required=False)
    tekst = forms.CharField(
        label=gettext_lazy("Kommentar"),
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=IKKE_NAVN_PAA_BARN,
    )

    def __init__(self, *args: Any, maal: Maal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.linjer = [linje[:500] for linje in maal.linjer]
        felt: Any = self.fields["linje"]
        felt.choices = [
            ("", _("Hele målet")),
            *((str(n), shortened(linje, 80)) for n, linje in enumerate(self.linjer, 1)),
        ]

    def clean_linje(self) -> str:
        nummer = self.cleaned_data["linje"]
        return self.linjer[int(nummer) - 1] if nummer else ""


class KommentarsvarForm(PortalForm):
    """What became of a comment."""

    utfall = forms.ChoiceField(
        label=gettext_lazy("Hva ble gjort?"),
        choices=[valg for valg in Maalkommentar.Utfall.choices if valg[0]],
        widget=forms.RadioSelect,
        help_text=gettext_lazy(
            "Ordene i målet kan endres fra høringen er over til målet er vedtatt."
        ),
    )
    svar = forms.CharField(
        label=gettext_lazy("Hvorfor?"),
        max_length=500,
        required=False,
        help_text=gettext_lazy("Kan stå tomt når ingen endring trengs."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Whether it is optional, depends on what was done.
        self.fields["svar"].er_besvart = True

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        takk = data.get("utfall") in (None, Maalkommentar.Utfall.TAKK)
        if not takk and not data.get("svar") and "svar" not in self.errors:
            self.add_error("svar", _("Skriv en setning om hvorfor."))
        return data

"""Forms for the network's shape: its groups, its roles' names, its kommuner, partners and dissemination."""

import datetime
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from kommuner.gyldighet import idag, periode
from kommuner.models import Enhet, Kommune
from nettverk import grupper, rollenavn
from nettverk.medlemskap import may_join
from nettverk.models import Deling, Gruppe, Medlemskap, Nettverk, Omslag, Partner, Rolle
from nettverk.models.nettverk import Aksent, Horisont
from nettverk.models.rolle import ENHETSROLLER
from nettverk.side.filfelt import FotoField
from nettverk.side.portalform import DateRangeForm, PortalForm, PortalModelForm
from nettverk.skriving.engang import EngangsForm
from nettverk.skriving.laas import StandForm

_MAKS_ROLLENAVN = 60


def _write_in(form: forms.BaseForm, maalform: str, *navn: str) -> None:
    """What is written in these fields is the network's own text: the browser checks it as that language."""
    for felt in navn:
        if felt in form.fields:
            form.fields[felt].widget.attrs["lang"] = maalform


# --- groups


class GruppeForm(EngangsForm, StandForm, PortalModelForm):
    """One of the network's own groups. What it is for is chosen once, before anybody sits in it."""

    type = forms.ChoiceField(
        label=gettext_lazy("Hva gjør gruppa?"),
        widget=forms.RadioSelect,
        help_text=gettext_lazy("Valget avgjør hva medlemmene i gruppa kan se og gjøre i portalen."),
    )
    fra = forms.DateField(label=pgettext_lazy("dato", "Fra og med"), initial=idag)

    class Meta:
        model = Gruppe
        fields: ClassVar = ["navn", "kortnavn", "omtale", "mandat", "rekkefolge", "type"]
        labels: ClassVar = {
            "navn": gettext_lazy("Hva heter gruppa?"),
            "kortnavn": gettext_lazy("Kortnavn"),
            "omtale": gettext_lazy("Navnet midt i en setning"),
            "mandat": gettext_lazy("Mandat"),
            "rekkefolge": gettext_lazy("Plass i lista"),
        }
        help_texts: ClassVar = {
            "kortnavn": gettext_lazy("For eksempel AU."),
            "omtale": gettext_lazy(
                "For eksempel «styringsgruppa». Uten dette brukes navnet som det er."
            ),
            "rekkefolge": gettext_lazy("Gruppa med lavest tall står først."),
        }

    field_order = ["navn", "type", "fra", "kortnavn", "omtale", "mandat", "rekkefolge"]

    def __init__(self, *args: Any, nettverk: Nettverk, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.nettverk = self.instance.nettverk = nettverk
        if self.instance.pk:
            del self.fields["fra"]
        else:
            del self.fields["rekkefolge"]
        if self.instance.pk and not grupper.may_change_function(self.instance):
            del self.fields["type"]
        else:
            self.fields["type"].choices = _by_access(
                grupper.functions(nettverk, og=self.instance.type)
            )
        _write_in(self, nettverk.maalform, "navn", "kortnavn", "omtale", "mandat")

    def _words(self, navn: str, tekst: str) -> str:
        if navn == "type":
            alle = grupper.functions(self.nettverk, og=tekst)
            return {f.type.value: f.navn for f in alle}.get(tekst, tekst)
        return super()._words(navn, tekst)

    def clean_navn(self) -> str:
        navn: str = self.cleaned_data["navn"]
        gyldig = self.instance.gyldig if self.instance.pk else periode(idag())
        andre = grupper.called(navn, nettverk=self.nettverk, gyldig=gyldig)
        if andre.exclude(pk=self.instance.pk).exists():
            raise ValidationError(
                _("Nettverket har allerede en gruppe som heter dette."), code="opptatt"
            )
        return navn

    @property
    def felt(self) -> dict[str, Any]:
        """What `nettverk.grupper.make` and `change` need, by name."""
        navnene = ("type", "navn", "kortnavn", "omtale", "mandat", "rekkefolge", "fra")
        return {navn: self.cleaned_data[navn] for navn in navnene if navn in self.cleaned_data}


class UtviklingsgruppeForm(EngangsForm, PortalForm):
    """An utviklingsgruppe for a kommune, or for a unit that has none."""

    sted = forms.ChoiceField(label=gettext_lazy("Hvor hører gruppa til?"))
    fra = forms.DateField(label=pgettext_lazy("dato", "Fra og med"), initial=idag)

    def __init__(self, *args: Any, nettverk: Nettverk, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.nettverk = nettverk
        kommuner, enheter = grupper.without_utviklingsgruppe(nettverk)
        self._steder: dict[str, Kommune | Enhet] = {
            **{f"k{k.pk}": k for k in kommuner},
            **{f"e{e.pk}": e for e in enheter},
        }
        self.fields["sted"].choices = [
            ("", _("Velg enhet eller kommune")),
            (_("Enheter uten utviklingsgruppe"), self._choices("e")),
            (_("Kommuner uten utviklingsgruppe"), self._choices("k")),
        ]

    def _choices(self, slag: str) -> list[tuple[str, str]]:
        return [(n, str(sted)) for n, sted in self._steder.items() if n.startswith(slag)]

    @property
    def finnes_steder(self) -> bool:
        return bool(self._steder)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        fra, sted = data.get("fra"), self._steder.get(data.get("sted", ""))
        if not fra or not sted:
            return data
        felt = "enhet" if isinstance(sted, Enhet) else "kommune"
        har = Gruppe.objects.filter(nettverk=self.nettverk, gyldig__overlap=periode(fra))
        if har.utviklingsgrupper().filter(**{felt: sted}).exists():
            self.add_error(
                "fra", _("Her var det en annen utviklingsgruppe da. Velg en senere dato.")
            )
        elif not self._is_here(sted, fra):
            self.add_error(
                "fra", _("%(sted)s er ikke i nettverket på denne datoen.") % {"sted": sted}
            )
        data["sted"] = sted
        return data

    def _is_here(self, sted: Kommune | Enhet, fra: datetime.date) -> bool:
        if isinstance(sted, Enhet):
            return self.nettverk.enheter(fra).filter(pk=sted.pk).exists()
        return self.nettverk.kommuner(fra).filter(pk=sted.pk).exists()


class SisteDagForm(PortalForm):
    """The last day of something with a validity: a group, a membership."""

    siste_dag = forms.DateField(label=gettext_lazy("Siste dag"), initial=idag)

    def __init__(self, *args: Any, ting: Gruppe | Medlemskap, **kwargs: Any) -> None:
        self.ting = ting
        super().__init__(*args, **kwargs)

    def clean_siste_dag(self) -> datetime.date:
        dag: datetime.date = self.cleaned_data["siste_dag"]
        if self.ting.fra and dag < self.ting.fra:
            raise ValidationError(_("Siste dag kan ikke være før første dag."), code="foer_start")
        if self.ting.siste_dag and dag > self.ting.siste_dag:
            raise ValidationError(
                _("Siste dag er allerede satt til en tidligere dag."), code="etter_slutt"
            )
        return dag

    @property
    def slutt(self) -> datetime.date:
        """The first day after, also while the form is only looked at: then as if it ended today."""
        dag = self.cleaned_data.get("siste_dag") if self.is_bound and self.is_valid() else None
        return (dag or idag()) + datetime.timedelta(days=1)


def _by_access(funksjoner: list[grupper.Funksjon]) -> list[tuple[str, list[tuple[str, str]]]]:
    """The choices, those that give more than being a member first, each with what it gives."""
    med: list[tuple[str, str]] = [
        (f.type.value, format_html("{}<span class='app-valg__gir'>{}</span>", f.navn, f.gir))
        for f in funksjoner
        if f.gir
    ]
    uten = [(f.type.value, f.navn) for f in funksjoner if not f.gir]
    return [(_("Gir egen tilgang"), med), (_("Ser det alle i nettverket ser"), uten)]


# --- how it looks


class Utseendevalg(forms.Form):
    """Mixin with the choice of colour and horizon (`nettverk/_utseendevalg.html`)."""

    aksent = forms.ChoiceField(
        label=gettext_lazy("Farge"), choices=Aksent.choices, widget=forms.RadioSelect
    )
    horisont = forms.ChoiceField(
        label=gettext_lazy("Horisont"), choices=Horisont.choices, widget=forms.RadioSelect
    )


class UtseendeForm(Utseendevalg, StandForm, PortalModelForm):
    """The colour and the horizon of the network's pages, and the photograph it may have."""

    # The photograph is a thing one may have: its fields need not say so.
    er_filter = True

    bilde = FotoField(
        label=gettext_lazy("Omslagsbilde"),
        required=False,
        help_text=gettext_lazy(
            "Et liggende bilde passer best. Spør dem som er på bildet, og bruk ikke bilder der barn kan kjennes igjen."
        ),
    )
    beskrivelse = forms.CharField(
        label=gettext_lazy("Hva viser bildet?"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("Leses opp for dem som ikke ser bildet."),
    )

    class Meta:
        model = Nettverk
        fields: ClassVar = ["aksent", "horisont"]

    def __init__(self, *args: Any, omslag: Omslag | None, **kwargs: Any) -> None:
        self.omslag = omslag
        kwargs["initial"] = {"beskrivelse": omslag.alternativ_tekst if omslag else ""}
        super().__init__(*args, **kwargs)
        _write_in(self, self.instance.maalform, "beskrivelse")

    def _names(self) -> list[str]:
        return [*super()._names(), "bilde", "beskrivelse"]

    def _text(self, navn: str, verdi: Any) -> str:
        """A photograph by its content; who sends none leaves the one that is there."""
        if navn != "bilde":
            return super()._text(navn, verdi)
        bilde = verdi or self.omslag
        return bilde.sha256 if bilde else ""

    def _words(self, navn: str, tekst: str) -> str:
        if navn != "bilde":
            return super()._words(navn, tekst)
        kjente = (self.omslag, self.cleaned_data.get("bilde"))
        return next((b.navn for b in kjente if b and b.sha256 == tekst), "")

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if "bilde" in self.errors or "beskrivelse" in self.errors:
            return data
        bilde, beskrivelse = data.get("bilde"), data.get("beskrivelse")
        if (bilde or self.omslag) and not beskrivelse:
            self.add_error(
                "beskrivelse", ValidationError(_("Skriv hva bildet viser."), code="mangler")
            )
        elif beskrivelse and not bilde and not self.omslag:
            self.add_error(
                "bilde", ValidationError(_("Velg bildet som du har beskrevet."), code="mangler")
            )
        return data


# --- roles


class RollerForm(StandForm, PortalModelForm):
    """What each role is called here, and which of them every utviklingsgruppe must have."""

    # Every field may be left as it is, so none of them says so.
    er_filter = True

    kreves = forms.MultipleChoiceField(
        label=gettext_lazy("Hver utviklingsgruppe ved en enhet må ha"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    merknad = forms.CharField(
        label=gettext_lazy("Merknad om rollene"),
        max_length=300,
        required=False,
        help_text=gettext_lazy(
            "Vises på siden til hver utviklingsgruppe, under rollene som er ledige."
        ),
    )

    class Meta:
        model = Nettverk
        fields: ClassVar[list[str]] = []

    def __init__(self, *args: Any, instance: Nettverk, **kwargs: Any) -> None:
        ordene = _portal_words(instance)
        egne = {r: instance.egne_rollenavn.get(r, "") for r in Rolle}
        kwargs["initial"] = {
            "kreves": list(instance.paakrevde_roller),
            "merknad": instance.roller_merknad,
            # What is like the portal's own word is no name of one's own.
            **{f"navn_{r}": navn if navn != ordene[r] else "" for r, navn in egne.items()},
        }
        self._egne = [f"navn_{rolle}" for rolle in Rolle]
        # Before the rest: the state that is shown is read from all the fields.
        rollefelt = {navn: _rolle_field() for navn in self._egne}
        self.base_fields = {**self.base_fields, **rollefelt}  # type: ignore[misc]
        super().__init__(*args, instance=instance, **kwargs)
        for rolle, ord_ in ordene.items():
            self.fields[f"navn_{rolle}"].label = ord_
            self.fields[f"navn_{rolle}"].widget.attrs["lang"] = instance.maalform
        kan_kreves = rollenavn.requirable_roles(instance)
        self.antall_grupper, mangler = rollenavn.count_without(instance, kan_kreves)
        self.fields["kreves"].choices = [
            (str(r), self._choice(instance, r, mangler[r])) for r in kan_kreves
        ]
        _write_in(self, instance.maalform, "merknad")

    def _choice(self, nettverk: Nettverk, rolle: Rolle, mangler: int) -> str:
        return format_html(
            "<span lang='{}'>{}</span><span class='app-valg__gir'>{}</span>",
            nettverk.maalform,
            capfirst(nettverk.rollenavn(rolle)),
            _("Mangler i %(n)s av %(alle)s grupper i dag")
            % {"n": mangler, "alle": self.antall_grupper},
        )

    def _names(self) -> list[str]:
        return ["kreves", "merknad", *self._egne]

    def _words(self, navn: str, tekst: str) -> str:
        if navn != "kreves":
            return tekst
        return ", ".join(self.instance.rollenavn(rolle) for rolle in tekst.split())

    @property
    def brukte(self) -> list[forms.BoundField]:
        """The roles at a unit, and those with a name of their own."""
        return [self[n] for n in self._egne if n in _VED_ENHETEN or self.initial[n]]

    @property
    def andre(self) -> list[forms.BoundField]:
        """The rest."""
        return [self[n] for n in self._egne if n not in _VED_ENHETEN and not self.initial[n]]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        sett: dict[str, str] = {}
        for rolle, ord_ in _portal_words(self.instance).items():
            felt = f"navn_{rolle}"
            if (brukt := (data.get(felt) or ord_).casefold()) in sett:
                # At the one that was given a name: the other may stand with the portal's own.
                self.add_error(
                    felt if data.get(felt) else sett[brukt],
                    _("En annen rolle heter det samme. Gi hver rolle sitt eget navn."),
                )
            sett[brukt] = felt
        return data

    @property
    def roller(self) -> dict[str, Any]:
        """What `nettverk.rollenavn.change_roles` needs, by name."""
        ord_ = _portal_words(self.instance)
        navn = {r.value: self.cleaned_data[f"navn_{r}"] for r in Rolle}
        return {
            "egne_rollenavn": {r: n for r, n in navn.items() if n and n != ord_[Rolle(r)]},
            "paakrevde_roller": self.cleaned_data["kreves"],
            "merknad": self.cleaned_data["merknad"],
        }


_VED_ENHETEN = frozenset(f"navn_{rolle}" for rolle in ENHETSROLLER)


def _rolle_field() -> forms.CharField:
    return forms.CharField(max_length=_MAKS_ROLLENAVN, required=False)


def _portal_words(nettverk: Nettverk) -> dict[Rolle, str]:
    """The portal's word for each role, in the network's written form."""
    uten_egne = Nettverk(maalform=nettverk.maalform)
    return {rolle: uten_egne.rollenavn(rolle) for rolle in Rolle}


# --- kommuner


class MedlemskapForm(EngangsForm, PortalForm):
    """A kommune that joins, from a day."""

    kommune: forms.ModelChoiceField = forms.ModelChoiceField(
        label=gettext_lazy("Kommune"),
        queryset=None,
        empty_label=gettext_lazy("Velg kommune"),
        help_text=gettext_lazy("Her står kommunene som ikke er med i et nettverk."),
    )
    fra = forms.DateField(label=pgettext_lazy("dato", "Fra og med"), initial=idag)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kommune"].queryset = may_join()
        self.fields["kommune"].label_from_instance = lambda k: f"{k} ({k.kommunenummer})"


# --- partners and dissemination


class PartnerForm(EngangsForm, DateRangeForm, StandForm, PortalModelForm):
    """A partner, and how long the cooperation lasts."""

    om = forms.CharField(
        label=gettext_lazy("Hva samarbeider dere om?"),
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    nettsted = forms.URLField(
        label=gettext_lazy("Nettsted"),
        required=False,
        assume_scheme="https",
        error_messages={
            "invalid": gettext_lazy(
                "Skriv en hel nettadresse, for eksempel https://nettverk.example."
            )
        },
    )

    class Meta:
        model = Partner
        fields: ClassVar = ["navn", "om", "nettsted", "rekkefolge"]
        labels: ClassVar = {
            "navn": gettext_lazy("Navn"),
            "rekkefolge": gettext_lazy("Plass i lista"),
        }
        help_texts: ClassVar = {"rekkefolge": gettext_lazy("Lavest tall står først.")}

    field_order = ["navn", "om", "nettsted", "rekkefolge", "fra", "til"]

    def __init__(self, *args: Any, nettverk: Nettverk, **kwargs: Any) -> None:
        instance = kwargs.get("instance")
        if instance is not None:
            kwargs["initial_gyldig"] = instance.gyldig
        super().__init__(*args, **kwargs)
        self.instance.nettverk = nettverk
        self.fields["fra"].required = False
        self.fields["fra"].help_text = _("La stå tom når startdatoen ikke er kjent.")
        if instance is None:
            del self.fields["rekkefolge"]
            self.fields["fra"].initial = idag
        _write_in(self, nettverk.maalform, "navn", "om")

    def _names(self) -> list[str]:
        return [*super()._names(), "fra", "til"]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if "gyldig" not in data and not self.errors.keys() & {"fra", "til"}:
            til = data.get("til")
            data["gyldig"] = periode(None, til + datetime.timedelta(days=1) if til else None)
        return data

    def clean_navn(self) -> str:
        navn: str = self.cleaned_data["navn"]
        _once_in_network(
            self.instance,
            Q(navn=navn),
            _("Dere har allerede en samarbeidspartner med dette navnet."),
        )
        return navn

    @property
    def felt(self) -> dict[str, Any]:
        """What `nettverk.samarbeid` needs, by name."""
        navnene = ("navn", "om", "nettsted", "rekkefolge", "gyldig")
        return {navn: self.cleaned_data[navn] for navn in navnene if navn in self.cleaned_data}


class DelingForm(EngangsForm, StandForm, PortalModelForm):
    """A talk, visit or conference where the network shared its experience."""

    om = forms.CharField(
        label=gettext_lazy("Hva delte dere, og med hvem?"),
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    aar = forms.IntegerField(
        label=gettext_lazy("År"),
        required=False,
        min_value=1990,
        max_value=2100,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "size": 6, "autocomplete": "off"}),
    )

    class Meta:
        model = Deling
        fields: ClassVar = ["tittel", "aar", "om", "rekkefolge"]
        labels: ClassVar = {
            "tittel": gettext_lazy("Hvor delte dere?"),
            "rekkefolge": gettext_lazy("Plass i lista"),
        }
        help_texts: ClassVar = {
            "tittel": gettext_lazy("For eksempel en konferanse, et besøk eller et foredrag."),
            "rekkefolge": gettext_lazy("Lavest tall står først."),
        }

    def __init__(self, *args: Any, nettverk: Nettverk, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.nettverk = nettverk
        if not self.instance.pk:
            del self.fields["rekkefolge"]
        _write_in(self, nettverk.maalform, "tittel", "om")

    def clean_tittel(self) -> str:
        tittel: str = self.cleaned_data["tittel"]
        _once_in_network(
            self.instance, Q(tittel=tittel), _("Denne erfaringsdelingen står allerede i lista.")
        )
        return tittel

    @property
    def felt(self) -> dict[str, Any]:
        """What `nettverk.samarbeid` needs, by name."""
        navnene = ("tittel", "aar", "om", "rekkefolge")
        return {navn: self.cleaned_data[navn] for navn in navnene if navn in self.cleaned_data}


def _once_in_network(rad: Partner | Deling, lik: Q, melding: str) -> None:
    """The network is no field of the form, so the form does not ask the database's own rule."""
    like = type(rad)._default_manager.filter(lik, nettverk=rad.nettverk_id)
    if like.exclude(pk=rad.pk).exists():
        raise ValidationError(melding, code="opptatt")

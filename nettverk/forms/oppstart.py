"""Forms for setting up: Norway's kommuner from files, and a new network."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from kommuner.gyldighet import idag
from kommuner.kommuneimport.filer import read_files
from kommuner.lasting import fylker
from kommuner.models import Kommune
from kommuner.tabellfil.celler import LeseFeil
from nettverk.forms.form import Utseendevalg
from nettverk.models import Medlemskap, Nettverk
from nettverk.models.nettverk import ikke_reservert
from nettverk.oppstart.maler import maler
from nettverk.register import heter_noe_med
from nettverk.side.portalform import PersonnavnField, PortalForm
from nettverk.side.utenfra import SENEST, TIDLIGST
from nettverk.skriving.engang import EngangsForm

_TABELL = {"attrs": {"accept": ".xlsx,.csv,.txt"}}
# SSB's division begins then; what was before it, the portal does not know whole.
_FOERSTE_DAG = datetime.date(2017, 1, 1)
_LENGST_FRAM = datetime.timedelta(days=366)


class KommunefilerForm(PortalForm):
    """The two files of the division: the kommuner, and what became of them."""

    kommuner = forms.FileField(
        label=_("Kommunene"),
        help_text=_(
            "Excel (.xlsx) eller CSV med kolonnene «kommunenummer», «navn», «gyldig_fra» og «gyldig_til». Du kan også bruke CSV fra SSB."
        ),
        widget=forms.FileInput(**_TABELL),
    )
    endringer = forms.FileField(
        label=_("Endringene"),
        required=False,
        help_text=_("Kolonnene «dato», «fra_kommunenummer» og «til_kommunenummer»."),
        widget=forms.FileInput(**_TABELL),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if self.errors:
            return data
        try:
            data["kilde"] = read_files(data["kommuner"], data.get("endringer"))
        except LeseFeil as feil:
            raise ValidationError(str(feil), code="lesefeil") from feil
        return data

    @property
    def navn(self) -> str:
        """What the files are called, together."""
        filer = (self.cleaned_data["kommuner"], self.cleaned_data.get("endringer"))
        return ", ".join(fil.name for fil in filer if fil)


@dataclass
class Kommunevalg:
    """A kommune one may tick; `andre` are the networks it is in already."""

    nummer: str
    navn: str
    valgt: bool = False
    andre: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Fylke:
    """The kommuner of a fylke that are neither ticked nor found."""

    navn: str
    kommuner: list[Kommunevalg]


def _from_name(kortnavn: str) -> str:
    """«Indre Østfold» as an address: indre-ostfold."""
    norsk = str.maketrans({"æ": "ae", "ø": "o", "å": "a", "Æ": "ae", "Ø": "o", "Å": "a"})
    return slugify(kortnavn.translate(norsk))[:50]


class NyttNettverkForm(EngangsForm, Utseendevalg, PortalForm):
    """A new network: what it is called, its kommuner, its shape, its look, and who coordinates it."""

    navn = forms.CharField(
        label=_("Navnet på nettverket"),
        max_length=100,
        help_text=_("For eksempel «Oppvekstnettverk Nordmøre»."),
    )
    kortnavn = forms.CharField(
        label=_("Kortnavn"), max_length=40, help_text=_("Regionen, for eksempel «Nordmøre».")
    )
    slug = forms.SlugField(
        label=_("Adresse"),
        max_length=50,
        required=False,
        help_text=_(
            "Adressen står i lenkene til nettverket. Lar du feltet stå tomt, lager vi den av kortnavnet."
        ),
        error_messages={"invalid": _("Bruk bare bokstavene a–z, sifre og bindestrek.")},
    )
    maalform = forms.ChoiceField(
        label=_("Målform"),
        choices=[("nb", _("bokmål")), ("nn", _("nynorsk"))],
        widget=forms.RadioSelect,
        initial="nb",
    )
    mal = forms.ChoiceField(
        label=_("Grupper og roller"),
        widget=forms.RadioSelect,
        help_text=_("Bare formen, ingen tekster. Navnene får målformen til malen."),
    )
    fra = forms.DateField(
        label=_("Nettverket finnes fra"),
        help_text=_("Kommunene du kan velge mellom, er de som fantes denne dagen."),
    )
    kommuner: forms.MultipleChoiceField = forms.MultipleChoiceField(
        label=_("Kommuner"), error_messages={"required": _("Velg minst én kommune.")}
    )
    koordinator_navn = PersonnavnField(label=_("Navnet på koordinatoren"))
    koordinator_epost = forms.EmailField(
        label=_("E-postadressen til koordinatoren"),
        help_text=_(
            "Koordinatoren får en invitasjon til denne adressen, logger inn med den og legger inn resten."
        ),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, dato: datetime.date | None = None, sok: str = "", **kwargs: Any):
        """`dato` and `sok` are what the list of kommuner is shown by."""
        super().__init__(*args, **kwargs)
        self.sok = sok
        self.fields["fra"].initial = idag
        for navn in Utseendevalg.base_fields:
            self.fields[navn].required = False  # the shape has a colour and a horizon
        self.fields["mal"].choices = [
            (mal.noekkel, f"{mal.navn}. {mal.omtale}") for mal in maler().values()
        ]
        self.alle = _choices(dato or idag())
        self.fields["kommuner"].choices = [(k.nummer, k.navn) for k in self.alle]
        valgte = set(self["kommuner"].value() or ())
        for kommune in self.alle:
            kommune.valgt = kommune.nummer in valgte

    def clean_navn(self) -> str:
        navn: str = self.cleaned_data["navn"]
        if Nettverk.objects.filter(navn__iexact=navn).exists():
            raise ValidationError(_("Et annet nettverk har dette navnet."), code="opptatt")
        return navn

    def clean_fra(self) -> datetime.date:
        fra: datetime.date = self.cleaned_data["fra"]
        if fra < _FOERSTE_DAG:
            raise ValidationError(
                _(
                    "Portalen kjenner kommunene fra 1. januar 2017. Velg den dagen eller en senere. Hva nettverket gjorde før, kan stå i teksten om nettverket."
                ),
                code="for_tidlig",
            )
        if fra > idag() + _LENGST_FRAM:
            raise ValidationError(
                _(
                    "Det er mer enn ett år til. Velg en dag innen ett år. Du kan rette datoen senere."
                ),
                code="for_sent",
            )
        return fra

    def clean_slug(self) -> str:
        slug = (
            self.cleaned_data["slug"] or _from_name(self.cleaned_data.get("kortnavn", ""))
        ).lower()
        if not slug:
            raise ValidationError(_("Skriv en adresse, for eksempel «nordmore»."), code="mangler")
        ikke_reservert(slug)
        if Nettverk.objects.filter(slug=slug).exists():
            raise ValidationError(
                _("Et annet nettverk har adressen «%(slug)s»."),
                code="opptatt",
                params={"slug": slug},
            )
        return slug

    @property
    def valgte(self) -> list[Kommunevalg]:
        return [k for k in self.alle if k.valgt]

    @property
    def treff(self) -> list[Kommunevalg]:
        """Those that the search found, besides the ticked."""
        if not self.sok:
            return []
        return [k for k in self.alle if not k.valgt and heter_noe_med(k.navn, self.sok)]

    @property
    def fylker(self) -> list[Fylke]:
        """The rest, by the first two digits."""
        vist = {k.nummer for k in (*self.valgte, *self.treff)}
        rest = sorted((k for k in self.alle if k.nummer not in vist), key=lambda k: k.nummer[:2])
        return [
            Fylke(fylker().get(nr, nr), list(kommunene))
            for nr, kommunene in groupby(rest, lambda k: k.nummer[:2])
        ]

    def nettverk(self) -> dict[str, Any]:
        """The arguments of `nettverk.oppstart.nytt.make_nettverk`."""
        data = {navn: verdi for navn, verdi in self.cleaned_data.items() if navn != "engang"}
        nummer = data.pop("kommuner")
        return {
            **data,
            "mal": maler()[data["mal"]],
            # By number: where no border is known, that is how they lie next to each other on the map.
            "kommuner": list(
                Kommune.objects.filter(kommunenummer__in=nummer).order_by("kommunenummer")
            ),
        }


def _choices(dato: datetime.date) -> list[Kommunevalg]:
    """Every kommune on `dato`, by name, with the networks it is in. Two queries."""
    andre: dict[int, list[str]] = {}
    i_nettverk = Medlemskap.objects.gyldig(dato).filter(nettverk__er_testdata=False)
    for kommune, nettverk in i_nettverk.values_list("kommune", "nettverk__kortnavn"):
        andre.setdefault(kommune, []).append(nettverk)
    kommuner: Iterable[Any] = Kommune.objects.gyldig(dato).with_navn(dato).defer("grense")
    return [Kommunevalg(k.kommunenummer, k.navn_da, andre=andre.get(k.pk, [])) for k in kommuner]


def day_of(tekst: str) -> datetime.date:
    """The day that the list of kommuner is shown by; today when `tekst` is none."""
    try:
        dato = datetime.date.fromisoformat(tekst)
    except ValueError:
        return idag()
    return dato if TIDLIGST <= dato <= SENEST else idag()

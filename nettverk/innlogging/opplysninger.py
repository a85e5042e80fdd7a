"""«Mine opplysninger»: all that the portal keeps about a person, as rows and as a file (GDPR art. 15, 20)."""

import io
import json
import zipfile
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.core.serializers.json import DjangoJSONEncoder
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from nettverk.arbeid.brev import slag
from nettverk.flater import Opplysninger, listene, portaler
from nettverk.models import Nyhet, Omslag, Person


def gather(person: Person) -> list[Opplysninger]:
    """Everything about `person`, first what the portal itself keeps, then each app."""
    alt = [
        _account(person),
        _verv(person),
        _unanswered(person),
        _sign_in(person),
        _letters(person),
        _letter_choices(person),
        _news(person),
        _views(person),
        _covers(person),
    ]
    for portal in portaler():
        alt += portal.opplysninger(person)
    return [bit for bit in alt if bit.rader]


def archive(person: Person) -> bytes:
    """The same as a zip: JSON for machines and a page for people."""
    alt = gather(person)
    som_json = {str(bit.tittel): bit.rader for bit in alt}
    side = render_to_string("konto/opplysninger_fil.html", {"person": person, "alt": alt})
    fil = io.BytesIO()
    with zipfile.ZipFile(fil, "w", zipfile.ZIP_DEFLATED) as arkiv:
        arkiv.writestr(
            "mine-opplysninger.json",
            json.dumps(som_json, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2),
        )
        arkiv.writestr("mine-opplysninger.html", side)
    return fil.getvalue()


def _account(person: Person) -> Opplysninger:
    rad: dict[str, Any] = {
        _("navn"): person.navn,
        _("e-postadresse"): person.epost,
        _("telefon"): person.telefon,
        _("språk"): person.get_spraak_display(),
        _("registrert"): person.opprettet,
        _("sist logget inn"): person.last_login,
    }
    return Opplysninger(_("Kontoen"), [rad])


def _verv(person: Person) -> Opplysninger:
    verv = person.verv.select_related(
        "gruppe__nettverk", "representerer", "representerer_partner"
    ).order_by("gyldig")
    return Opplysninger(
        _("Verv"),
        [
            {
                _("nettverk"): v.gruppe.nettverk.navn,
                _("gruppe"): v.gruppe.navn,
                _("rolle"): v.gruppe.nettverk.rollenavn(v.rolle),
                _("stilling"): v.tittel,
                _("representerer"): v.representant_for.navn if v.representant_for else "",
                _("fra"): v.fra,
                _("til og med"): v.siste_dag,
                _("annullert"): v.annullert,
            }
            for v in verv
        ],
    )


def _unanswered(person: Person) -> Opplysninger:
    return Opplysninger(
        _("Nettverk som venter på svar fra deg"),
        [
            {
                _("nettverk"): rad.nettverk.navn,
                _("skrevet opp som"): rad.person.navn,
                _("e-postadresse"): rad.person.postadresse,
                _("skrevet opp"): rad.opprettet,
            }
            for rad in person.ubesvarte.select_related("nettverk", "person")
        ],
    )


def _sign_in(person: Person) -> Opplysninger:
    rader = [
        {
            _("slag"): _("innlogging"),
            _("hva"): f"{okt.user_agent} ({okt.ip})",
            _("fra"): okt.created_at,
            _("sist brukt"): okt.last_seen_at,
        }
        for okt in UserSession.objects.filter(user=person)
    ]
    rader += [
        {
            _("slag"): _("passnøkkel eller app"),
            _("hva"): str(nokkel),
            _("fra"): nokkel.created_at,
            _("sist brukt"): nokkel.last_used_at,
        }
        for nokkel in Authenticator.objects.filter(user=person)
    ]
    rader += [
        {
            _("slag"): _("annen innlogging"),
            _("hva"): konto.provider,
            _("fra"): konto.date_joined,
            _("sist brukt"): konto.last_login,
        }
        for konto in SocialAccount.objects.filter(user=person)
    ]
    return Opplysninger(_("Innlogging"), rader)


def _letters(person: Person) -> Opplysninger:
    rader = [
        {
            _("tidspunkt"): brev.tidspunkt,
            _("emne"): brev.emne,
            _("tilstand"): brev.get_tilstand_display(),
            _("e-post"): str(slag(brev.slag).tittel),
            _("adresse"): brev.epost,
        }
        for brev in person.brev.defer("tekst", "kalender").order_by("-opprettet")
    ]
    return Opplysninger(_("E-post portalen har sendt deg"), rader, tett=True)


def _letter_choices(person: Person) -> Opplysninger:
    return Opplysninger(
        _("E-posten du har valgt"),
        [
            {
                _("e-post"): str(slag(valg.slag).om or slag(valg.slag).tittel),
                _("når"): valg.get_naar_display(),
            }
            for valg in person.brevvalg.all()
        ],
    )


def _news(person: Person) -> Opplysninger:
    rader = Nyhet.objects.filter(til=person).select_related("nettverk")
    return Opplysninger(
        _("Det som venter på neste samlede e-post til deg"),
        [
            {
                _("nettverk"): n.nettverk.navn,
                _("e-post"): str(slag(n.slag).tittel),
                _("tekst"): n.tekst,
                _("tidspunkt"): n.opprettet,
            }
            for n in rader
        ],
        tett=True,
    )


def _views(person: Person) -> Opplysninger:
    navn = dict(listene())
    return Opplysninger(
        _("Lister du har lagret en visning av"),
        [
            {
                _("nettverk"): visning.nettverk.navn,
                _("liste"): str(navn.get(visning.liste, visning.liste)),
                _("navn"): visning.navn,
                _("valg"): visning.sporring,
                _("lagret"): visning.opprettet,
            }
            for visning in person.listevisninger.select_related("nettverk")
        ],
    )


def _covers(person: Person) -> Opplysninger:
    return Opplysninger(
        _("Omslagsbilder du har lastet opp"),
        [
            {
                _("nettverk"): bildet.nettverk.navn,
                _("fil"): bildet.navn,
                _("lastet opp"): bildet.lastet_opp,
            }
            for bildet in Omslag.objects.filter(lastet_opp_av=person).select_related("nettverk")
        ],
    )

"""The person's own page: who I am, my Verv, my data, and where I come after signing in."""

from django.contrib import messages
from django.contrib.auth import logout
from django.db.models import DateField, Func, Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kommuner.gyldighet import idag, periode
from nettverk.arbeid import brevvalg
from nettverk.filer.utlevering import note_export, send_zip
from nettverk.forms.konto import BrevvalgForm, MinKontoForm, UbesvartForm
from nettverk.innlogging import avslutning, opplysninger
from nettverk.innlogging.profil import change_profile
from nettverk.mellomvare import choose_spraak
from nettverk.models import Nettverk, Person, Verv
from nettverk.side.portalform import form_status, sent
from nettverk.sikkerhet.fersk import fersk_for_fil, fersk_innlogging
from nettverk.skriving.svar import told
from nettverk.tilgang.roller import whom_to_ask
from nettverk.verv import accept, decline, unanswered_by


def signed_in(request: HttpRequest) -> Person:
    """The person; LoginRequiredMiddleware has sent all others to sign in."""
    assert isinstance(request.user, Person)
    return request.user


@require_http_methods(["GET", "HEAD", "POST"])
def konto(request: HttpRequest) -> HttpResponse:
    """Name, phone and language; and the Verv, which others change."""
    person = signed_in(request)
    form = MinKontoForm(**sent(request), instance=person)
    if request.method == "POST" and form.is_valid():
        change_profile(person, **form.cleaned_data)
        choose_spraak(request)
        messages.success(request, _("Endringene er lagret."))
        return redirect("nettverk:konto")
    if request.method == "POST":
        person.refresh_from_db()
    verv = person.verv.gyldig().select_related(
        "gruppe__nettverk", "representerer", "representerer_partner"
    )
    return render(
        request,
        "konto/konto.html",
        {"form": form, "verv_list": verv, "ubesvarte": unanswered_by(person).count()},
        status=form_status(form),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def epost(request: HttpRequest) -> HttpResponse:
    """When I want which letters: at once, in the letter of the week, not at all."""
    person = signed_in(request)
    form = BrevvalgForm(**sent(request), valgt=brevvalg.choices_of(person))
    if request.method == "POST" and form.is_valid():
        brevvalg.choose(person, form.valg)
        messages.success(request, _("Valgene dine er lagret."))
        return redirect("nettverk:konto_epost")
    return render(request, "konto/epost.html", {"form": form}, status=form_status(form))


@require_http_methods(["GET", "HEAD", "POST"])
def svar(request: HttpRequest) -> HttpResponse:
    """«Du er lagt til i …»: yes, it is me, or no. Until then the network does not know who I am."""
    person = signed_in(request)
    ubesvarte = unanswered_by(person)
    form = UbesvartForm(**sent(request), ubesvarte=ubesvarte)
    if form.is_valid():
        ubesvart, ja = form.cleaned_data["ubesvart"], form.cleaned_data["svar"] == "ja"
        takk = _("Du er med i %(nettverk)s.") if ja else _("Du er ikke med i %(nettverk)s.")
        with told(request, takk % {"nettverk": ubesvart.nettverk.navn}):
            (accept if ja else decline)(ubesvart)
    if request.method == "POST":
        return redirect(
            "nettverk:konto_svar" if ubesvarte.exists() else "nettverk:etter_innlogging"
        )
    # What somebody said yes to would hold: not what has ended, or was taken back.
    verv = Verv.objects.filter(gyldig__overlap=periode(idag()))
    verv = verv.select_related("gruppe__nettverk").in_order()
    return render(
        request,
        "konto/svar.html",
        {
            "ubesvarte": ubesvarte.prefetch_related(
                Prefetch("person__verv", verv, to_attr="verv_her")
            )
        },
    )


@never_cache
@require_safe
def mine_opplysninger(request: HttpRequest) -> HttpResponse:
    """All that the portal keeps about the person."""
    return render(
        request, "konto/mine_opplysninger.html", {"alt": opplysninger.gather(signed_in(request))}
    )


@fersk_for_fil
@require_POST
def mine_opplysninger_fil(request: HttpRequest) -> HttpResponse:
    """The same as a file."""
    note_export(request, hva="nettverk.mine_opplysninger", antall=1, nettverk=None)
    return send_zip("mine-opplysninger.zip", opplysninger.archive(signed_in(request)))


@fersk_innlogging
@require_http_methods(["GET", "HEAD", "POST"])
def avslutt(request: HttpRequest) -> HttpResponse:
    """Close one's own account, after having read what goes and what stays."""
    if request.method != "POST":
        return render(request, "konto/avslutt.html")
    person = signed_in(request)
    logout(request)
    avslutning.close(person=person)
    messages.success(request, _("Kontoen din er avsluttet."))
    return redirect("nettverk:forside")


@require_safe
def etter_innlogging(request: HttpRequest) -> HttpResponse:
    """To the person's network; to a choice when there are several; to an explanation when none.

    First to what waits for their answer; there they may go on here without answering (`?senere`). A
    letter says which network it is about (`?nettverk`).
    """
    if "senere" not in request.GET and unanswered_by(signed_in(request)).exists():
        return redirect("nettverk:konto_svar")
    verv = Verv.objects.filter(person=signed_in(request)).gyldig()
    nettverk = list(Nettverk.objects.filter(grupper__verv__in=verv).distinct())
    spurt = request.GET.get("nettverk", "")
    valgt = nettverk if len(nettverk) == 1 else [ett for ett in nettverk if ett.slug == spurt]
    if valgt:
        return redirect("nettverk:hjem", nettverk=valgt[0].slug)
    if nettverk:
        return render(request, "konto/velg_nettverk.html", {"nettverk_list": nettverk})
    if request.user.is_superuser:
        return redirect("nettverk:oppstart")
    if request.user.is_staff:
        return redirect("admin:index")
    return render(request, "konto/uten_verv.html", _without_verv(signed_in(request)))


class _Slutt(Func):
    """The first day a period no longer holds."""

    function = "upper"
    output_field = DateField()


def _without_verv(person: Person) -> dict[str, object]:
    """The next appointment, else the last, else the one that was taken back; and whom to ask there."""
    kommende = person.verv.filter(gyldig__startswith__gt=idag()).order_by("gyldig").first()
    siste = person.verv.avsluttet().order_by(_Slutt("gyldig").desc(), "-pk").first()
    annullert = person.verv.filter(annullert__isnull=False).order_by("-annullert", "-pk").first()
    verv = kommende or siste or annullert
    return {
        "kommende": kommende,
        "siste": siste,
        "annullert": annullert,
        "koordinatorer": whom_to_ask(verv.gruppe.nettverk) if verv else [],
    }

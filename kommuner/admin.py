"""The register in the administrator's pages."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from kommuner.kommunegrenser import import_grenser
from kommuner.models import Enhet, Enhetstall, Kommune, Kommuneendring, Kommunenavn, Plassering


class KommunenavnInline(admin.TabularInline):
    model = Kommunenavn
    extra = 0


class GrensefilForm(forms.Form):
    """Kartverket's borders. What is wrong with the file is said at the field."""

    fil = forms.FileField(
        label=gettext_lazy("GeoJSON-fil"),
        help_text=gettext_lazy("Kommuner fra Kartverket, i WGS 84 (EPSG:4326 eller 4258)."),
        error_messages={
            "required": gettext_lazy("Velg en fil."),
            "empty": gettext_lazy("Fila er tom."),
        },
        widget=forms.FileInput(attrs={"accept": ".geojson,.json"}),
    )

    def clean_fil(self) -> UploadedFile:
        fil = self.cleaned_data["fil"]
        if fil.size > settings.OPPLASTING_MAKS:
            raise ValidationError(
                _("Fila er for stor. Den kan være opptil %(maks)s MB. Velg en forenklet utgave."),
                code="for_stor",
                params={"maks": settings.OPPLASTING_MAKS // (1024 * 1024)},
            )
        return fil


@admin.register(Kommune)
class KommuneAdmin(admin.ModelAdmin):
    change_list_template = "admin/kommuner/kommune/change_list.html"
    list_display = ["kommunenummer", "navn", "gyldig"]
    search_fields = ["kommunenummer", "navn"]
    exclude = ["grense"]
    inlines = [KommunenavnInline]

    def get_urls(self) -> list[URLPattern]:
        grenser = path(
            "grenser/", self.admin_site.admin_view(self.grenser), name="kommuner_kommune_grenser"
        )
        return [grenser, *super().get_urls()]

    def grenser(self, request: HttpRequest) -> HttpResponse:
        """Upload Kartverket's borders; each kommune that gets one is logged."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        form = (
            GrensefilForm(request.POST, request.FILES)
            if request.method == "POST"
            else GrensefilForm()
        )
        if form.is_valid() and self._import(request, form):
            return redirect("admin:kommuner_kommune_changelist")
        context: dict[str, Any] = {
            **self.admin_site.each_context(request),
            "title": _("Last opp kommunegrenser"),
            "opts": self.opts,
            "form": form,
        }
        return render(request, "admin/kommuner/kommune/grenser.html", context)

    def _import(self, request: HttpRequest, form: GrensefilForm) -> bool:
        try:
            resultat = import_grenser(form.cleaned_data["fil"].read())
        except ValidationError as feil:
            form.add_error("fil", feil)
            return False
        for kommune in resultat.oppdatert:
            self.log_change(request, kommune, _("Grensen er lest inn fra en fil."))
        antall = len(resultat.oppdatert)
        tekst = ngettext(
            "%(antall)s kommune fikk grense.", "%(antall)s kommuner fikk grense.", antall
        )
        messages.success(request, tekst % {"antall": antall})
        if resultat.ukjent:
            antall = len(resultat.ukjent)
            ukjent = ngettext(
                "Én kommune i fila er ikke i portalen og ble hoppet over.",
                "%(antall)s kommuner i fila er ikke i portalen og ble hoppet over.",
                antall,
            )
            messages.info(request, ukjent % {"antall": antall})
        return True


@admin.register(Kommuneendring)
class KommuneendringAdmin(admin.ModelAdmin):
    list_display = ["dato", "fra", "til", "type"]
    list_select_related = ["fra", "til"]
    autocomplete_fields = ["fra", "til"]


class PlasseringInline(admin.TabularInline):
    model = Plassering
    extra = 0
    autocomplete_fields = ["kommune"]


class EnhetstallInline(admin.TabularInline):
    model = Enhetstall
    extra = 0


@admin.register(Enhet)
class EnhetAdmin(admin.ModelAdmin):
    list_display = ["navn", "type", "eierform", "organisasjonsnummer"]
    list_filter = ["type", "eierform", "er_demo"]
    search_fields = ["navn", "visningsnavn", "organisasjonsnummer", "nsr_id"]
    autocomplete_fields = ["etterfolger"]
    inlines = [PlasseringInline, EnhetstallInline]

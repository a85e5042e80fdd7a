"""The register in the administrator's pages."""

from django.contrib import admin

from kommuner.models import Enhet, Enhetstall, Kommune, Kommuneendring, Kommunenavn, Plassering


class KommunenavnInline(admin.TabularInline):
    model = Kommunenavn
    extra = 0


@admin.register(Kommune)
class KommuneAdmin(admin.ModelAdmin):
    list_display = ["kommunenummer", "navn", "gyldig"]
    search_fields = ["kommunenummer", "navn"]
    exclude = ["grense"]
    inlines = [KommunenavnInline]


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

"""Gatherings and assignments in the administration: to look, and to mend what the portal cannot."""

from django.contrib import admin

from rolu.models import Deltakelse, Oppdrag, Programpost, Samling


class ProgrampostInline(admin.TabularInline):
    """The programme of a gathering."""

    model = Programpost
    extra = 0
    fields = ["start", "varighet", "tittel", "arbeidsform", "leder", "rom"]


@admin.register(Samling)
class SamlingAdmin(admin.ModelAdmin):
    """A status set here invites nobody and mails nobody; that is done in the portal."""

    list_display = ["tittel", "nettverk", "type", "start", "sted", "status"]
    list_filter = ["status", "type", "nettverk"]
    list_select_related = ["nettverk"]
    search_fields = ["tittel", "sted"]
    date_hierarchy = "start"
    autocomplete_fields = ["prosessledere"]
    inlines = [ProgrampostInline]


@admin.register(Deltakelse)
class DeltakelseAdmin(admin.ModelAdmin):
    """Who was invited, answered and met."""

    list_display = ["verv", "samling", "kommune", "status", "moett"]
    list_filter = ["status", "samling__nettverk"]
    list_select_related = ["verv__person", "verv__gruppe", "samling", "kommune"]
    search_fields = ["verv__person__navn", "samling__tittel"]
    raw_id_fields = ["samling", "verv", "svart_av", "moett_registrert_av"]


@admin.register(Oppdrag)
class OppdragAdmin(admin.ModelAdmin):
    """Assignments; one made here gives no unit any mellomarbeid, the portal does."""

    list_display = ["tittel", "nettverk", "frist", "samling"]
    list_filter = ["nettverk"]
    list_select_related = ["nettverk", "samling"]
    raw_id_fields = ["samling"]

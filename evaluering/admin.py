"""Reports in the administration: to look. They are written, approved and published in the portal."""

from django.contrib import admin

from evaluering.models import Aarsrapport, Kapitteltekst


class KapitteltekstInline(admin.TabularInline):
    """The texts of a report; written in the portal, only shown here."""

    model = Kapitteltekst
    extra = 0
    can_delete = False
    readonly_fields = ["noekkel", "tekst", "versjon", "endret", "endret_av"]

    def has_add_permission(self, request: object, obj: object = None) -> bool:
        return False


@admin.register(Aarsrapport)
class AarsrapportAdmin(admin.ModelAdmin):
    """One report per network and year."""

    list_display = ["nettverk", "aar", "status", "opprettet"]
    list_filter = ["status", "nettverk"]
    list_select_related = ["nettverk"]
    exclude = ["frosset"]
    readonly_fields = [
        "nettverk",
        "aar",
        "status",
        "godkjent",
        "godkjent_av",
        "publisert",
        "publisert_av",
        "fil",
    ]
    inlines = [KapitteltekstInline]

    def has_add_permission(self, request: object) -> bool:
        return False

"""The administrator's pages. Every act is logged by Django, and every change kept by the database."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from nettverk import flytting
from nettverk.filer.kvote import space
from nettverk.models import (
    Brev,
    Deling,
    Flytteforslag,
    Gruppe,
    Jobb,
    Medlemskap,
    Nettverk,
    Noekkeltall,
    Partner,
    Person,
    Prosjekt,
    Prosjektsum,
    Sikkerhetshendelse,
    Verv,
)
from nettverk.skriving.konflikt import KanIkke

admin.site.site_header = admin.site.site_title = "Nettverksportalen"


def with_nettverk(ting: Model) -> str:
    """Its name, and which network it is in: «Styringsgruppa (Nordmøre)». Networks have like names for things."""
    nettverk = getattr(ting, "nettverk", None)
    if not isinstance(nettverk, Nettverk) or nettverk == ting:
        return str(ting)
    return f"{ting} ({nettverk.kortnavn})"


class NettverkAutocomplete(AutocompleteJsonView):
    """What the pickers find, with its network."""

    def get_queryset(self) -> QuerySet:
        funnet = super().get_queryset()
        try:
            funnet.model._meta.get_field("nettverk")
        except FieldDoesNotExist:
            return funnet
        return funnet.select_related("nettverk")

    def serialize_result(self, obj: Model, to_field_name: str) -> dict[str, str]:
        return {**super().serialize_result(obj, to_field_name), "text": with_nettverk(obj)}


admin.site.autocomplete_view = NettverkAutocomplete.as_view(  # type: ignore[method-assign,assignment]
    admin_site=admin.site
)


class MedNettverkMixin:
    """What is chosen already says its network too."""

    def formfield_for_foreignkey(self, *args: Any, **kwargs: Any) -> Any:
        felt = super().formfield_for_foreignkey(*args, **kwargs)  # type: ignore[misc]
        felt.label_from_instance = with_nettverk
        return felt


class MedlemskapInline(admin.TabularInline):
    model = Medlemskap
    extra = 0
    autocomplete_fields = ["kommune"]


@admin.register(Nettverk)
class NettverkAdmin(admin.ModelAdmin):
    list_display = ["navn", "slug", "maalform", "er_offentlig"]
    search_fields = ["navn", "slug"]
    readonly_fields = ["lagerplass"]
    inlines = [MedlemskapInline]

    @admin.display(description=_("lagerplass"))
    def lagerplass(self, nettverk: Nettverk) -> str:
        """How much of the disk the network's people have used."""
        return str(space(nettverk)) if nettverk.pk else ""


class VervInline(MedNettverkMixin, admin.TabularInline):
    model = Verv
    extra = 0
    autocomplete_fields = ["person", "representerer", "representerer_partner"]


@admin.register(Gruppe)
class GruppeAdmin(admin.ModelAdmin):
    list_display = ["navn", "type", "nettverk", "gyldig"]
    list_filter = ["nettverk", "type"]
    list_select_related = ["nettverk"]
    search_fields = ["navn", "kortnavn"]
    autocomplete_fields = ["nettverk", "enhet", "kommune"]
    inlines = [VervInline]


@admin.register(Person)
class PersonAdmin(admin.ModelAdmin):
    list_display = ["navn", "epost", "is_active", "is_superuser"]
    search_fields = ["navn", "epost"]
    # No password is ever set here: sign-in is by e-mailed code.
    fields = [
        "navn",
        "epost",
        "telefon",
        "spraak",
        "is_active",
        "is_staff",
        "is_superuser",
        "last_login",
    ]
    readonly_fields = ["last_login"]

    def save_model(self, request, obj, form, change) -> None:
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)


@admin.register(Verv)
class VervAdmin(MedNettverkMixin, admin.ModelAdmin):
    list_display = ["person", "rolle", "gruppe", "gruppe__nettverk", "gyldig"]
    list_filter = ["rolle", "gruppe__nettverk"]
    list_select_related = ["person", "gruppe__nettverk"]
    search_fields = ["person__navn", "person__epost", "gruppe__navn"]
    autocomplete_fields = ["person", "gruppe", "representerer", "representerer_partner"]


class BareSe(admin.ModelAdmin):
    """Only to look: acts change it."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


@admin.register(Flytteforslag)
class FlytteforslagAdmin(BareSe):
    """The administrator answers where the network that has the unit does not."""

    list_display = ["enhet", "fra_nettverk", "til_nettverk", "dato", "tilstand"]
    list_filter = ["tilstand"]
    list_select_related = ["enhet", "fra_nettverk", "til_nettverk"]
    actions = ["godta", "avslaa"]

    @admin.action(description=_("Godta: flytt enhetene"), permissions=["answer"])
    def godta(self, request: HttpRequest, forslagene: QuerySet[Flytteforslag]) -> None:
        self._answer(request, forslagene, flytting.accept)

    @admin.action(description=_("Avslå"), permissions=["answer"])
    def avslaa(self, request: HttpRequest, forslagene: QuerySet[Flytteforslag]) -> None:
        self._answer(request, forslagene, flytting.decline)

    def has_answer_permission(self, request: HttpRequest) -> bool:
        """The administrator's alone: an account that may look at the proposals only looks."""
        return request.user.is_active and request.user.is_superuser

    def _answer(self, request: HttpRequest, forslagene: QuerySet, act: Callable) -> None:
        for forslag in forslagene:
            try:
                act(forslag, by=request.user)
            except KanIkke as feil:
                messages.error(request, f"{forslag}: {feil}")
            else:
                self.log_change(request, forslag, act.__name__)


@admin.register(Sikkerhetshendelse)
class SikkerhetshendelseAdmin(BareSe):
    """Its place in the index; the log has a page of its own."""

    def changelist_view(self, request: HttpRequest, extra_context: object = None) -> HttpResponse:
        return redirect("nettverk:sikkerhetslogg")


@admin.register(Partner)
class PartnerAdmin(admin.ModelAdmin):
    list_display = ["navn", "nettverk", "gyldig"]
    list_filter = ["nettverk"]
    search_fields = ["navn"]


@admin.register(Deling)
class DelingAdmin(admin.ModelAdmin):
    list_display = ["tittel", "aar", "nettverk"]
    list_filter = ["nettverk"]
    search_fields = ["tittel"]


class NoekkeltallInline(admin.TabularInline):
    model = Noekkeltall
    extra = 0


class ProsjektsumInline(admin.TabularInline):
    model = Prosjektsum
    extra = 0


@admin.register(Prosjekt)
class ProsjektAdmin(admin.ModelAdmin):
    list_display = ["navn", "nettverk", "gyldig"]
    list_filter = ["nettverk"]
    search_fields = ["navn"]
    inlines = [NoekkeltallInline, ProsjektsumInline]


@admin.register(Jobb)
class JobbAdmin(admin.ModelAdmin):
    """Only to look: a job is changed by the worker alone."""

    list_display = ["slag", "gjelder", "status", "bestilt", "nettverk"]
    list_filter = ["status", "slag"]
    list_select_related = ["nettverk"]

    def has_add_permission(self, request) -> bool:
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        return False


@admin.register(Brev)
class BrevAdmin(admin.ModelAdmin):
    """Also mail about sign-in, which belongs to no network. Nothing is changed here, and no text shown."""

    list_display = ["slag", "epost", "tilstand", "opprettet", "nettverk"]
    list_filter = ["tilstand", "slag"]
    list_select_related = ["nettverk"]
    search_fields = ["epost", "noekkel"]
    exclude = ["tekst", "kalender"]

    def has_add_permission(self, request) -> bool:
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        return False

    def has_delete_permission(self, request, obj=None) -> bool:
        return False

"""Addresses of rolu, all inside a network."""

from django.urls import path

from rolu.views import (
    deltakere,
    innsjekk,
    logg,
    mellomarbeid,
    mottakere,
    oppdrag,
    oppsummering,
    paamelding,
    praksis,
    program,
    samling,
    vedlegg,
)

app_name = "rolu"
urlpatterns = [
    path("samlinger/", samling.samling_list, name="samling_list"),
    path("samlinger/ny/", samling.samling_ny, name="samling_ny"),
    path("samlinger/<int:pk>/", samling.samling, name="samling"),
    path("samlinger/<int:pk>/rediger/", samling.samling_rediger, name="samling_rediger"),
    path("samlinger/<int:pk>/publiser/", samling.samling_publiser, name="samling_publiser"),
    path("samlinger/<int:pk>/mottakere/", mottakere.samling_mottakere, name="samling_mottakere"),
    path("samlinger/<int:pk>/inviter/", samling.samling_inviter, name="samling_inviter"),
    path("samlinger/<int:pk>/avlys/", samling.samling_avlys, name="samling_avlys"),
    path("samlinger/<int:pk>/slett/", samling.samling_slett, name="samling_slett"),
    path("samlinger/<int:pk>/program/", program.samling_program, name="samling_program"),
    path(
        "samlinger/<int:pk>/program/<int:post_pk>/",
        program.programpost_rediger,
        name="programpost_rediger",
    ),
    path(
        "samlinger/<int:pk>/program/<int:post_pk>/slett/",
        program.programpost_slett,
        name="programpost_slett",
    ),
    path("samlinger/<int:pk>/program/<int:post_pk>/notat/", program.notat, name="notat"),
    path("samlinger/<int:pk>/deltakere/", deltakere.samling_deltakere, name="samling_deltakere"),
    path(
        "samlinger/<int:pk>/deltakere/regneark/",
        deltakere.deltakere_regneark,
        name="deltakere_regneark",
    ),
    path(
        "samlinger/<int:pk>/deltakere/utskrift/",
        deltakere.deltakere_utskrift,
        name="deltakere_utskrift",
    ),
    path(
        "samlinger/<int:pk>/deltakere/epost/",
        deltakere.deltakere_epost,
        name="deltakere_epost",
    ),
    path("samlinger/<int:pk>/innsjekk/", innsjekk.innsjekk, name="innsjekk"),
    path("samlinger/<int:pk>/paamelding/", paamelding.paamelding, name="paamelding"),
    path(
        "samlinger/<int:pk>/oppsummering/",
        oppsummering.samling_oppsummering,
        name="samling_oppsummering",
    ),
    path(
        "samlinger/<int:pk>/oppsummering/publiser/",
        oppsummering.oppsummering_publiser,
        name="oppsummering_publiser",
    ),
    path(
        "samlinger/<int:pk>/oppsummering/pdf/",
        oppsummering.oppsummering_pdf,
        name="oppsummering_pdf",
    ),
    path("samlinger/<int:pk>/oppdrag/", oppdrag.samling_oppdrag, name="samling_oppdrag"),
    path("oppdrag/<int:pk>/rediger/", oppdrag.oppdrag_rediger, name="oppdrag_rediger"),
    path("oppdrag/<int:pk>/mottakere/", mottakere.oppdrag_mottakere, name="oppdrag_mottakere"),
    path("oppdrag/<int:pk>/nye/", oppdrag.oppdrag_nye, name="oppdrag_nye"),
    path("oppdrag/<int:pk>/slett/", oppdrag.oppdrag_slett, name="oppdrag_slett"),
    path("mellomarbeid/", mellomarbeid.mellomarbeid_list, name="mellomarbeid_list"),
    path("mellomarbeid/mangler/", mellomarbeid.mellomarbeid_mangler, name="mellomarbeid_mangler"),
    path("mellomarbeid/<int:pk>/", mellomarbeid.mellomarbeid, name="mellomarbeid"),
    path("mellomarbeid/<int:pk>/lever/", mellomarbeid.lever, name="mellomarbeid_lever"),
    path("mellomarbeid/<int:pk>/aapne/", mellomarbeid.aapne, name="mellomarbeid_aapne"),
    path("mellomarbeid/<int:pk>/del/", mellomarbeid.del_, name="mellomarbeid_del"),
    path("mellomarbeid/<int:pk>/logg/ny/", mellomarbeid.loggpost_ny, name="loggpost_ny"),
    path("mellomarbeid/<int:pk>/logg/<uuid:noekkel>/", logg.loggpost, name="loggpost"),
    path(
        "mellomarbeid/<int:pk>/logg/<uuid:noekkel>/slett/",
        logg.loggpost_slett,
        name="loggpost_slett",
    ),
    path("mellomarbeid/<int:pk>/vedlegg/", vedlegg.vedlegg_ny, name="vedlegg_ny"),
    path("praksis/", praksis.praksis, name="praksis"),
    path("vedlegg/<int:pk>/", vedlegg.vedlegg, name="vedlegg"),
    path("vedlegg/<int:pk>/beskriv/", vedlegg.vedlegg_beskriv, name="vedlegg_beskriv"),
    path("vedlegg/<int:pk>/slett/", vedlegg.vedlegg_slett, name="vedlegg_slett"),
]

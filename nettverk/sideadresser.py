"""The addresses of the network's own pages."""

from django.urls import path, re_path

from nettverk.views import (
    enhetsimport,
    flytting,
    folkeimport,
    grupper,
    hjem,
    invitasjon,
    jobber,
    konto,
    nettverkstekst,
    offentlig,
    omportalen,
    register,
    sikkerhet,
    sikkerhetslogg,
    sok,
    utboks,
)

app_name = "nettverk"
urlpatterns = [
    path("", offentlig.forside, name="forside"),
    path("konto/", konto.konto, name="konto"),
    path("konto/videre/", konto.etter_innlogging, name="etter_innlogging"),
    path("konto/mine-opplysninger/", konto.mine_opplysninger, name="mine_opplysninger"),
    path("konto/mine-opplysninger/fil/", konto.mine_opplysninger_fil, name="mine_opplysninger_fil"),
    path("konto/svar/", konto.svar, name="konto_svar"),
    path("konto/avslutt/", konto.avslutt, name="konto_avslutt"),
    path("konto/sikkerhet/to-steg/", sikkerhet.tosteg_krav, name="tosteg"),
    path("konto/sikkerhet/ikke-naa/", sikkerhet.tosteg_ikke_naa, name="tosteg_ikke_naa"),
    path("tilgjengelighet/", omportalen.tilgjengelighet, name="tilgjengelighet"),
    path("personvern/", omportalen.personvern, name="personvern"),
    path("sikkerhetslogg/", sikkerhetslogg.sikkerhetslogg, name="sikkerhetslogg"),
    path("<slug:nettverk>/", offentlig.offentlig, name="offentlig"),
    path("<slug:nettverk>/hjem/", hjem.hjem, name="hjem"),
    path("<slug:nettverk>/sok/", sok.sok, name="sok"),
    path("<slug:nettverk>/rediger/", nettverkstekst.nettverk_rediger, name="nettverk_rediger"),
    path("<slug:nettverk>/sikkerhet/", sikkerhet.nettverk_sikkerhet, name="nettverk_sikkerhet"),
    path("<slug:nettverk>/kommuner/", register.kommune_list, name="kommune_list"),
    # Four digits: a number may begin with 0, and /kommuner/import/ is another page.
    re_path(
        r"^(?P<nettverk>[-\w]+)/kommuner/(?P<kommunenummer>\d{4})/$",
        register.kommune,
        name="kommune",
    ),
    path("<slug:nettverk>/kommuner/import/", enhetsimport.enhetsimport, name="enhetsimport"),
    path(
        "<slug:nettverk>/kommuner/import/mal/",
        enhetsimport.enhetsimport_mal,
        name="enhetsimport_mal",
    ),
    path(
        "<slug:nettverk>/kommuner/import/<int:pk>/",
        enhetsimport.enhetsimport_vis,
        name="enhetsimport_vis",
    ),
    path(
        "<slug:nettverk>/kommuner/import/<int:pk>/bekreft/",
        enhetsimport.enhetsimport_bekreft,
        name="enhetsimport_bekreft",
    ),
    path(
        "<slug:nettverk>/kommuner/import/<int:pk>/forkast/",
        enhetsimport.enhetsimport_forkast,
        name="enhetsimport_forkast",
    ),
    path(
        "<slug:nettverk>/kommuner/import/<int:pk>/avviste/",
        enhetsimport.enhetsimport_avviste,
        name="enhetsimport_avviste",
    ),
    path("<slug:nettverk>/enheter/<slug:referanse>/", register.enhet, name="enhet"),
    path("<slug:nettverk>/enheter/<slug:referanse>/tall/", register.enhet_tall, name="enhet_tall"),
    path("<slug:nettverk>/flytteforslag/", flytting.flytteforslag_list, name="flytteforslag_list"),
    path("<slug:nettverk>/flytteforslag/ny/", flytting.flytteforslag_ny, name="flytteforslag_ny"),
    path("<slug:nettverk>/flytteforslag/<int:pk>/", flytting.flytteforslag, name="flytteforslag"),
    path(
        "<slug:nettverk>/flytteforslag/<int:pk>/svar/",
        flytting.flytteforslag_svar,
        name="flytteforslag_svar",
    ),
    path(
        "<slug:nettverk>/flytteforslag/<int:pk>/trekk/",
        flytting.flytteforslag_trekk,
        name="flytteforslag_trekk",
    ),
    path("<slug:nettverk>/grupper/", grupper.gruppe_list, name="gruppe_list"),
    path("<slug:nettverk>/grupper/<int:pk>/", grupper.gruppe, name="gruppe"),
    path("<slug:nettverk>/grupper/<int:pk>/ny/", grupper.verv_ny, name="verv_ny"),
    path(
        "<slug:nettverk>/grupper/<int:pk>/verv/<int:verv_pk>/avslutt/",
        grupper.verv_avslutt,
        name="verv_avslutt",
    ),
    path("<slug:nettverk>/grupper/importer/", folkeimport.folkeimport, name="folkeimport"),
    path(
        "<slug:nettverk>/grupper/importer/mal/", folkeimport.folkeimport_mal, name="folkeimport_mal"
    ),
    path(
        "<slug:nettverk>/grupper/importer/<int:pk>/",
        folkeimport.folkeimport_vis,
        name="folkeimport_vis",
    ),
    path(
        "<slug:nettverk>/grupper/importer/<int:pk>/bekreft/",
        folkeimport.folkeimport_bekreft,
        name="folkeimport_bekreft",
    ),
    path(
        "<slug:nettverk>/grupper/importer/<int:pk>/forkast/",
        folkeimport.folkeimport_forkast,
        name="folkeimport_forkast",
    ),
    path(
        "<slug:nettverk>/grupper/importer/<int:pk>/avviste/",
        folkeimport.folkeimport_avviste,
        name="folkeimport_avviste",
    ),
    path("<slug:nettverk>/grupper/inviter/", invitasjon.inviter, name="inviter"),
    path("<slug:nettverk>/grupper/inviter/send/", invitasjon.inviter_send, name="inviter_send"),
    path("<slug:nettverk>/utboks/", utboks.utboks, name="utboks"),
    path("<slug:nettverk>/utboks/<uuid:sending>/", utboks.sending, name="utboks_sending"),
    path(
        "<slug:nettverk>/utboks/<uuid:sending>/proev-igjen/",
        utboks.sending_proev_igjen,
        name="utboks_sending_proev_igjen",
    ),
    path("<slug:nettverk>/utboks/brev/<int:pk>/", utboks.brev, name="utboks_brev"),
    path(
        "<slug:nettverk>/utboks/brev/<int:pk>/proev-igjen/",
        utboks.brev_proev_igjen,
        name="utboks_brev_proev_igjen",
    ),
    path("<slug:nettverk>/jobber/<int:pk>/", jobber.jobb, name="jobb"),
    path("<slug:nettverk>/jobber/<int:pk>/resultat/", jobber.jobb_resultat, name="jobb_resultat"),
    path(
        "<slug:nettverk>/jobber/<int:pk>/proev-igjen/",
        jobber.jobb_proev_igjen,
        name="jobb_proev_igjen",
    ),
]

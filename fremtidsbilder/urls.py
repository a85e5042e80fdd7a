"""Addresses of fremtidsbilder, all inside a network."""

from django.urls import path

from fremtidsbilder.views import (
    bidragsbilder,
    bildepdf,
    bilder,
    bilderedigering,
    illustrasjoner,
    maal,
    maalrunder,
    maalskriving,
    paavegne,
    skanning,
    stemmegrupper,
    stemmeimport,
    stemmer,
    tankesmier,
    temaer,
    utgaver,
    veggtemaer,
)

app_name = "fremtidsbilder"
urlpatterns = [
    path("fremtidsbilder/", bilder.fremtidsbilde_list, name="fremtidsbilde_list"),
    path("fremtidsbilder/<int:pk>/", bilder.fremtidsbilde, name="fremtidsbilde"),
    path("maal/", maal.maal_list, name="maal_list"),
    path("maal/<int:pk>/", maal.maal, name="maal"),
    # Writing them, and their rounds.
    path("maal/ny/", maalskriving.maal_ny, name="maal_ny"),
    path("maal/<int:pk>/rediger/", maalskriving.maal_rediger, name="maal_rediger"),
    path("maal/<int:pk>/hoering/", maalrunder.maal_hoering, name="maal_hoering"),
    path("maal/<int:pk>/ta-tilbake/", maalrunder.maal_ta_tilbake, name="maal_ta_tilbake"),
    path("maal/<int:pk>/vedta/", maalrunder.maal_vedta, name="maal_vedta"),
    path("maal/<int:pk>/revider/", maalrunder.maal_revider, name="maal_revider"),
    path("maal/<int:pk>/avslutt/", maalrunder.maal_avslutt, name="maal_avslutt"),
    path("maal/<int:pk>/gjenaapne/", maalrunder.maal_gjenaapne, name="maal_gjenaapne"),
    path("maal/<int:pk>/vurder/", maalrunder.maal_vurder, name="maal_vurder"),
    path("maal/<int:pk>/ta-inn/", maalrunder.maal_ta_inn, name="maal_ta_inn"),
    path("maal/<int:pk>/kommentarer/", maalrunder.maal_kommentarer, name="maal_kommentarer"),
    path(
        "maal/kommentarer/<int:pk>/svar/",
        maalrunder.maal_kommentar_svar,
        name="maal_kommentar_svar",
    ),
    # --- the images are written
    path("fremtidsbilder/ny/", bilderedigering.fremtidsbilde_ny, name="fremtidsbilde_ny"),
    path("fremtidsbilder/temaer/", bilderedigering.temaer_rediger, name="temaer"),
    path("fremtidsbilder/arenaer/pdf/", bildepdf.arenaer_pdf, name="arenaer_pdf"),
    path(
        "fremtidsbilder/<int:pk>/rediger/",
        bilderedigering.fremtidsbilde_rediger,
        name="fremtidsbilde_rediger",
    ),
    path(
        "fremtidsbilder/<int:pk>/publiser/",
        bilderedigering.fremtidsbilde_publiser,
        name="fremtidsbilde_publiser",
    ),
    path(
        "fremtidsbilder/<int:pk>/slett/",
        bilderedigering.fremtidsbilde_slett,
        name="fremtidsbilde_slett",
    ),
    path(
        "fremtidsbilder/<int:pk>/ta-i-bruk/",
        bilderedigering.fremtidsbilde_ta_i_bruk,
        name="fremtidsbilde_ta_i_bruk",
    ),
    path("fremtidsbilder/<int:pk>/pdf/", bildepdf.fremtidsbilde_pdf, name="fremtidsbilde_pdf"),
    path("fremtidsbilder/<int:pk>/utgaver/ny/", utgaver.utgave_ny, name="utgave_ny"),
    path("fremtidsbilder/<int:pk>/utgaver/<int:nummer>/", utgaver.utgave, name="utgave"),
    path("fremtidsbilder/<int:pk>/utgaver/sammenlign/", utgaver.sammenlign, name="sammenlign"),
    path(
        "fremtidsbilder/<int:pk>/bilder/",
        illustrasjoner.illustrasjon_list,
        name="illustrasjon_list",
    ),
    path(
        "fremtidsbilder/<int:pk>/bilder/<int:nummer>/",
        illustrasjoner.illustrasjon,
        name="illustrasjon",
    ),
    path(
        "fremtidsbilder/<int:pk>/bilder/<int:nummer>/endre/",
        illustrasjoner.illustrasjon_endre,
        name="illustrasjon_endre",
    ),
    path(
        "fremtidsbilder/<int:pk>/bilder/<int:nummer>/slett/",
        illustrasjoner.illustrasjon_slett,
        name="illustrasjon_slett",
    ),
    path("maal/regneark/", maal.maal_regneark, name="maal_regneark"),
    path("maal/pdf/", maal.maal_pdf, name="maal_pdf"),
    # --- tankesmier that are held for themselves
    path("tankesmier/", tankesmier.tankesmie_list, name="tankesmie_list"),
    path("tankesmier/ny/", tankesmier.tankesmie_ny, name="tankesmie_ny"),
    path("tankesmier/<int:pk>/", tankesmier.tankesmie, name="tankesmie"),
    path("tankesmier/<int:pk>/rediger/", tankesmier.tankesmie_rediger, name="tankesmie_rediger"),
    path("tankesmier/<int:pk>/styr/", tankesmier.tankesmie_styr, name="tankesmie_styr"),
    path("tankesmier/<int:pk>/bord/", tankesmier.tankesmie_bord, name="tankesmie_bord"),
    path("tankesmier/<int:pk>/ark/", tankesmier.tankesmie_ark, name="tankesmie_ark"),
    path("tankesmier/<int:pk>/regneark/", tankesmier.tankesmie_regneark, name="tankesmie_regneark"),
    path(
        "tankesmier/<int:pk>/bruk-hos-oss/",
        tankesmier.tankesmie_bruk_hos_oss,
        name="tankesmie_bruk_hos_oss",
    ),
    path(
        "tankesmier/<int:pk>/<int:sporsmaal_pk>/vegg/",
        tankesmier.tankesmie_vegg,
        name="tankesmie_vegg",
    ),
    path(
        "tankesmier/<int:pk>/<int:sporsmaal_pk>/samlet/",
        tankesmier.tankesmie_samlet,
        name="tankesmie_samlet",
    ),
    path(
        "tankesmier/<int:pk>/<int:sporsmaal_pk>/endre/",
        tankesmier.tankesmie_sporsmaal,
        name="tankesmie_sporsmaal",
    ),
    path(
        "tankesmier/<int:pk>/<int:sporsmaal_pk>/papir/",
        tankesmier.tankesmie_papir,
        name="tankesmie_papir",
    ),
    path("stemmegrupper/", stemmegrupper.stemmegrupper, name="stemmegrupper"),
    # --- what was written on paper, scanned
    path("tankesmier/<int:pk>/skann/", skanning.skannebunke_list, name="skannebunke_list"),
    path(
        "tankesmier/<int:pk>/skann/<int:bunke_pk>/del/",
        skanning.skannebunke_del,
        name="skannebunke_del",
    ),
    path(
        "tankesmier/<int:pk>/skann/<int:bunke_pk>/slett/",
        skanning.skannebunke_slett,
        name="skannebunke_slett",
    ),
    path(
        "tankesmier/<int:pk>/skann/<int:bunke_pk>/<int:nummer>/",
        skanning.skanneside,
        name="skanneside",
    ),
    path(
        "tankesmier/<int:pk>/skann/<int:bunke_pk>/<int:nummer>/bilde/",
        skanning.skanneside_bilde,
        name="skanneside_bilde",
    ),
    # --- what becomes of the voices
    path("tankesmier/<int:pk>/stemmer/", stemmer.stemmer, name="stemmer"),
    path("tankesmier/<int:pk>/temaer/", veggtemaer.veggtemaer, name="veggtemaer"),
    path(
        "tankesmier/<int:pk>/<int:sporsmaal_pk>/forslag/",
        veggtemaer.temaforslag,
        name="temaforslag",
    ),
    # --- voices come in by those who lead it
    path("tankesmier/<int:pk>/paa-vegne/", paavegne.paa_vegne, name="paa_vegne"),
    path("tankesmier/<int:pk>/hent-inn/", stemmeimport.stemmeimport, name="stemmeimport"),
    path(
        "tankesmier/<int:pk>/hent-inn/mal/",
        stemmeimport.stemmeimport_mal,
        name="stemmeimport_mal",
    ),
    path("bidragsbilder/<int:pk>/", bidragsbilder.bidragsbilde, name="bidragsbilde"),
    path("temaer/<int:pk>/", temaer.tema, name="tema"),
    path("temaer/<int:pk>/rediger/", temaer.tema_rediger, name="tema_rediger"),
    path("temaer/<int:pk>/publiser/", temaer.tema_publiser, name="tema_publiser"),
    path("temaer/<int:pk>/slaa-sammen/", temaer.tema_slaa_sammen, name="tema_slaa_sammen"),
    path("temaer/<int:pk>/stemmer/", temaer.tema_stemmer, name="tema_stemmer"),
]

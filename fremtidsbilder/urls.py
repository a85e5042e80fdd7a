"""Addresses of fremtidsbilder, all inside a network."""

from django.urls import path

from fremtidsbilder.views import bilder, maal, maalrunder, maalskriving

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
]

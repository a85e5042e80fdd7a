"""Sign-in and the person's own pages: only those the portal has use for, with Norwegian addresses.

The views are allauth's; the names are those allauth looks up. There is no sign-up and no change of
e-mail address or password: a person's address is changed where their Verv is.
"""

from allauth.account import views as konto
from allauth.mfa.base import views as tofaktor
from allauth.mfa.recovery_codes import views as reservekoder
from allauth.mfa.totp import views as app
from allauth.mfa.webauthn import views as noekler
from allauth.socialaccount import views as leverandoer
from allauth.socialaccount.providers.openid_connect import views as oidc
from allauth.usersessions import views as oekter
from django.urls import include, path

from nettverk.innlogging.bekreft import bekreft_med_kode
from nettverk.innlogging.views import (
    LoggInnView,
    NyPassnoekkelView,
    kjent_nettleser,
    logg_ut,
    skriv_koden,
    til_leverandoer,
)
from nettverk.sikkerhet.fersk import fersk_innlogging, noekkel_vist

sign_in = [
    path("logg-inn/", LoggInnView.as_view(), name="account_login"),
    # allauth sends people here when a code has run out; it is the same page.
    path("logg-inn/igjen/", LoggInnView.as_view(), name="account_request_login_code"),
    path("logg-inn/kode/", skriv_koden, name="account_confirm_login_code"),
    path("logg-inn/min-nettleser/", kjent_nettleser, name="kjent_nettleser"),
    path("logg-inn/to-steg/", tofaktor.authenticate, name="mfa_authenticate"),
    path("logg-inn/husk-enheten/", tofaktor.trust, name="mfa_trust"),
    path("logg-inn/passnokkel/", noekler.login_webauthn, name="mfa_login_webauthn"),
    path("logg-inn/stengt/", konto.account_inactive, name="account_inactive"),
    path("logg-inn/ny/", konto.signup, name="account_signup"),
    path("logg-ut/", logg_ut, name="account_logout"),
    path("bekreft/", konto.reauthenticate, name="account_reauthenticate"),
    path("bekreft/e-post/", bekreft_med_kode, name="bekreft_med_kode"),
    path("bekreft/kode/", tofaktor.reauthenticate, name="mfa_reauthenticate"),
    path(
        "bekreft/passnokkel/", noekler.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"
    ),
]

own_keys = [
    path("", tofaktor.index, name="mfa_index"),
    path("app/", noekkel_vist(fersk_innlogging(app.activate_totp)), name="mfa_activate_totp"),
    path("app/fjern/", noekkel_vist(app.deactivate_totp), name="mfa_deactivate_totp"),
    path(
        "reservekoder/",
        noekkel_vist(reservekoder.view_recovery_codes),
        name="mfa_view_recovery_codes",
    ),
    path(
        "reservekoder/nye/",
        noekkel_vist(reservekoder.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "reservekoder/fil/",
        noekkel_vist(reservekoder.download_recovery_codes),
        name="mfa_download_recovery_codes",
    ),
    path("passnokler/", noekler.list_webauthn, name="mfa_list_webauthn"),
    path(
        "passnokler/ny/",
        noekkel_vist(fersk_innlogging(NyPassnoekkelView.as_view())),
        name="mfa_add_webauthn",
    ),
    path("passnokler/<int:pk>/", noekkel_vist(noekler.edit_webauthn), name="mfa_edit_webauthn"),
    path(
        "passnokler/<int:pk>/fjern/",
        noekkel_vist(noekler.remove_webauthn),
        name="mfa_remove_webauthn",
    ),
]

providers = [
    path("avbrutt/", leverandoer.login_cancelled, name="socialaccount_login_cancelled"),
    path("feil/", leverandoer.login_error, name="socialaccount_login_error"),
    path("", leverandoer.connections, name="socialaccount_connections"),
    path("ny/", konto.signup, name="socialaccount_signup"),
]

urlpatterns = [
    *sign_in,
    path("sikkerhet/", include(own_keys)),
    path("tilknytninger/", include(providers)),
    path("okter/", oekter.list_usersessions, name="usersessions_list"),
    # The address that is registered with Feide and the others as the place to come back to.
    path("oidc/<str:provider_id>/login/", til_leverandoer, name="openid_connect_login"),
    path("oidc/<str:provider_id>/login/callback/", oidc.callback, name="openid_connect_callback"),
]

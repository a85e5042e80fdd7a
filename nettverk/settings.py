"""Settings: one file, read from the environment, refusing values it does not understand.

Every variable is described in README.md («Slik settes portalen opp»). Nothing secret has a
default outside development (DEBUG=1).
"""

import os
from datetime import timedelta
from pathlib import Path

import dj_database_url
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from nettverk.filer import lagervalg
from nettverk.innlogging import leverandoerer
from nettverk.maskinrom.miljo import adresser

BASE_DIR = Path(__file__).resolve().parent.parent


def _flag(name: str, default: bool = False) -> bool:
    value = os.environ.get(name, "1" if default else "0").strip().lower()
    if value in {"1", "true", "ja", "yes", "on"}:
        return True
    if value in {"0", "false", "nei", "no", "off", ""}:
        return False
    raise ImproperlyConfigured(f"{name}={value!r}: skriv 1 eller 0.")


def _number(name: str, default: int) -> int:
    value = os.environ.get(name, str(default)).strip()
    if not (value.isascii() and value.isdigit() and len(value) <= 9):
        raise ImproperlyConfigured(f"{name}={value[:20]!r}: skriv et helt tall, høyst 999999999.")
    return int(value)


def _words(name: str) -> list[str]:
    return [word for word in os.environ.get(name, "").replace(",", " ").split() if word]


DEBUG = _flag("DEBUG")
# Demo people, their sign-in buttons and the mailbox page exist only when DEMO=1.
DEMO = _flag("DEMO")
# An open demo on the web is meant only when this second switch says so: anybody signs in as anybody in it.
DEMO_I_PRODUKSJON = _flag("DEMO_I_PRODUKSJON")
if DEMO and not DEBUG and not DEMO_I_PRODUKSJON:
    raise ImproperlyConfigured(
        "DEMO=1 uten DEBUG: hvem som helst kan logge inn som en demoperson. "
        "Fjern DEMO, eller sett DEMO_I_PRODUKSJON=1 hvis dette er en åpen demo."
    )

SECRET_KEY = os.environ.get("SECRET_KEY", "")
if not SECRET_KEY:
    if not DEBUG:
        raise ImproperlyConfigured("SECRET_KEY mangler. Sett den i miljøet.")
    SECRET_KEY = "bare-for-utvikling-" + "0" * 40

ALLOWED_HOSTS = _words("ALLOWED_HOSTS") or (["127.0.0.1", "localhost", "[::1]"] if DEBUG else [])
CSRF_TRUSTED_ORIGINS = _words("CSRF_TRUSTED_ORIGINS")
# Where people find the portal: links in mail. A mail is made by a worker, which sees no request.
PORTAL_ADRESSE = os.environ.get("PORTAL_ADRESSE", "").rstrip("/") or (
    f"http://localhost:{_number('PORT', 8000)}"
    if DEBUG or not ALLOWED_HOSTS
    else f"https://{ALLOWED_HOSTS[0].lstrip('.')}"
)

_adresser = adresser()
DATABASES = {
    "default": dj_database_url.parse(
        _adresser["DATABASE_URL"],
        # Measured: as fast as a pool for a threaded server, and no failed request after a restart.
        conn_max_age=60,
        conn_health_checks=True,
    )
}
# A page does not wait minutes for a machine that is gone.
DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 5)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {
    "default": {
        "BACKEND": "nettverk.mellomlager.TaalmodigRedisCache",
        "LOCATION": _adresser["REDIS_URL"],
        "KEY_PREFIX": "nettverk",
        # A hanging Redis must not hang the pages.
        "OPTIONS": {"socket_timeout": 1, "socket_connect_timeout": 1},
    }
}

INSTALLED_APPS = [
    "nettverk",
    "kommuner",
    "fremtidsbilder",
    "evaluering",
    "laeringsloyper",
    "rolu",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "django_htmx",
    "template_partials",
    "csp",
    "rules.apps.AutodiscoverRulesConfig",
    "pgtrigger",
    "pghistory",
    "pghistory.admin",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.mfa",
    "allauth.usersessions",
]

MIDDLEWARE = [
    "nettverk.mellomvare.HelseMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "nettverk.mellomvare.PakkMiddleware",
    "nettverk.mellomvare.BorteMiddleware",
    "nettverk.mellomvare.IkkeLagresMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "nettverk.sikkerhet.okt.OktMiddleware",
    "nettverk.sikkerhet.tosteg.StyrkeMiddleware",
    "nettverk.sikkerhet.utsatt.UtsattMiddleware",
    "nettverk.mellomvare.HtmxInnloggingMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "nettverk.mellomvare.SpraakMiddleware",
    "nettverk.mellomvare.HistorieMiddleware",
    "nettverk.tilgang.slutt.VervSluttMiddleware",
]

ROOT_URLCONF = "nettverk.urls"
WSGI_APPLICATION = "nettverk.wsgi.application"
APPEND_SLASH = True

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "nettverk.side.kontekst.portal",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static"],
        },
    }
]
FORM_RENDERER = "nettverk.side.formrenderer.DsRenderer"

# --- language, time, formats (norske-krav 3)
LANGUAGE_CODE = "nb"
LANGUAGES = [("nb", "Bokmål"), ("nn", "Nynorsk"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["nettverk.formats"]
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_SAMESITE = "Lax"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Oslo"

# --- files
STATIC_URL = "/static/"
STATIC_ROOT = Path(os.environ.get("STATIC_ROOT", BASE_DIR / "build" / "staticfiles"))
STATICFILES_DIRS = [BASE_DIR / "static", BASE_DIR / "build" / "static"]
# Uploads and finished reports, unless LAGER_S3_BUCKET names a store for them. Never served by address: only through a view that asks the rules.
MEDIA_ROOT = Path(
    os.environ.get("MEDIA_ROOT", _adresser.get("MEDIA_ROOT") or BASE_DIR / "var" / "filer")
)
STORAGES = {
    "default": lagervalg.storage(os.environ),
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if DEBUG
            else "whitenoise.storage.CompressedManifestStaticFilesStorage"
        ),
        # Nothing secret in them: whoever builds is another than whoever serves.
        "OPTIONS": {"file_permissions_mode": 0o644, "directory_permissions_mode": 0o755},
    },
}
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_MAX_AGE = 60 if DEBUG else 3600
FILE_UPLOAD_PERMISSIONS = 0o640
# A file is refused above this size (bytes); the request itself a little above it.
OPPLASTING_MAKS = _number("OPPLASTING_MAKS_MB", 25) * 1024 * 1024
# A film, where films are taken; never less than the rest.
OPPLASTING_FILM_MAKS = max(_number("OPPLASTING_FILM_MAKS_MB", 200) * 1024 * 1024, OPPLASTING_MAKS)
# What the people of one network may keep in all (bytes).
LAGERPLASS_PER_NETTVERK = _number("LAGERPLASS_PER_NETTVERK_MB", 5 * 1024) * 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "nettverk.filer.opplasting.StoerrelsesgrenseHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "nettverk.filer.opplasting.MidlertidigFilHandler",
]
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
# The pages of a register, chosen at once; the form says when there are more.
DATA_UPLOAD_MAX_NUMBER_FILES = 250

# --- sign-in (docs/tilgang.md)
AUTH_USER_MODEL = "nettverk.Person"
# Only an administrator may have a password, to confirm who they are; it opens no door by itself.
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 15},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["epost", "navn"]},
    },
]
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "nettverk:etter_innlogging"
LOGOUT_REDIRECT_URL = "nettverk:forside"
# The database alone: signed out is signed out, whatever the cache remembers.
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = int(timedelta(days=14).total_seconds())
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "nettverk.views.feil.csrf"

# An unused session ends after this; none lasts longer than SESSION_COOKIE_AGE (docs/valg/okten-tar-slutt.md).
OKT_LEDIG = timedelta(days=7)
OKT_LEDIG_RETTIGHETER = timedelta(hours=8)
OKT_LEDIG_ADMINISTRATOR = timedelta(hours=2)
# Whoever signed in or confirmed within this is not asked before a sensitive act.
FERSK_INNLOGGING = timedelta(minutes=_number("FERSK_INNLOGGING_MINUTTER", 15))
ACCOUNT_REAUTHENTICATION_TIMEOUT = int(FERSK_INNLOGGING.total_seconds())
# From the administrator asks that somebody's lost keys are removed, until it may be done.
NULLSTILLING_VENTER = timedelta(hours=24)

ACCOUNT_ADAPTER = "nettverk.innlogging.adapter.KontoAdapter"
SOCIALACCOUNT_ADAPTER = "nettverk.innlogging.adapter.LeverandoerAdapter"
MFA_ADAPTER = "nettverk.innlogging.adapter.TofaktorAdapter"
USERSESSIONS_ADAPTER = "nettverk.innlogging.adapter.OekterAdapter"
ACCOUNT_FORMS = {
    "login": "nettverk.innlogging.forms.InnloggingForm",
    "reauthenticate": "nettverk.innlogging.forms.PassordbekreftelseForm",
}
MFA_FORMS = {
    "authenticate": "nettverk.innlogging.forms.TofaktorForm",
    "reauthenticate": "nettverk.innlogging.forms.BekreftForm",
    "activate_totp": "nettverk.innlogging.forms.AppForm",
    "login_webauthn": "nettverk.innlogging.forms.NoekkelinnloggingForm",
    "reauthenticate_webauthn": "nettverk.innlogging.forms.NoekkelbekreftelseForm",
    "add_webauthn": "nettverk.innlogging.forms.NyNoekkelForm",
    "edit_webauthn": "nettverk.innlogging.forms.NoekkelnavnForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = "epost"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
KODE_VARER = timedelta(minutes=15)
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = int(KODE_VARER.total_seconds())
# From the address is given until the last step is done; a new code may be asked for meanwhile.
ACCOUNT_LOGIN_TIMEOUT = int(timedelta(minutes=30).total_seconds())
# An address is proved by the code at every sign-in; nobody can add or change one by themselves.
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
# allauth counts in the cache, which may be away and lets many at once through. What protects is counted in
# PostgreSQL (`nettverk.innlogging.forsoek`).
ACCOUNT_RATE_LIMITS = False
MFA_RATE_LIMITS = False
ALLAUTH_TRUSTED_PROXY_COUNT = _number("PROXY_ANTALL", 0)
SOCIALACCOUNT_FORMS = {"disconnect": "nettverk.innlogging.forms.FrakoblingForm"}
SOCIALACCOUNT_REAUTHENTICATION_REQUIRED = True
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": leverandoerer(os.environ)}}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TRUST_ENABLED = True
MFA_RECOVERY_CODE_COUNT = 10
# The code before and the one after are taken too: who types slowly, or whose phone's clock is half a minute off, is
# let in (one step, RFC 6238, 5.2).
MFA_TOTP_TOLERANCE = 1
MFA_TOTP_ISSUER = "Nettverksportalen"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEBUG
# Tracking every request would cost five queries a page; the list shows when a session began.
USERSESSIONS_TRACK_ACTIVITY = False

# --- mail
EMAIL_BACKEND = (
    "nettverk.demo.post.PostkasseBackend"
    if DEMO
    else os.environ.get("EMAIL_BACKEND", "nettverk.arbeid.epost.SmtpBackend")
)
EMAIL_HOST = os.environ.get("EMAIL_HOST", "localhost")
EMAIL_PORT = _number("EMAIL_PORT", 25)
EMAIL_HOST_USER = os.environ.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = _flag("EMAIL_USE_TLS")
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = os.environ.get("DEFAULT_FROM_EMAIL", "Nettverksportalen <ikke-svar@localhost>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# A letter that a worker has claimed and not told of for this long, is one nobody knows the fate of. Each step
# of the talk with the server may last EMAIL_TIMEOUT.
BREV_LEIETID = timedelta(seconds=_number("BREV_LEIETID_SEKUNDER", 120))
BREV_TEKST_BEHOLDES = timedelta(days=365)
BREV_INNLOGGING_BEHOLDES = timedelta(days=30)

# --- Statistics Norway's classifications (KLASS), which the administrator reads all kommuner from
SSB_KLASS_ADRESSE = (
    os.environ.get("SSB_KLASS_ADRESSE", "").rstrip("/") or "https://data.ssb.no/api/klass/v1"
)
if not SSB_KLASS_ADRESSE.startswith(("https://", "http://")):
    raise ImproperlyConfigured(
        f"SSB_KLASS_ADRESSE={SSB_KLASS_ADRESSE[:80]!r}: skriv en nettadresse."
    )

# --- background work: the truth about a job is its row, so losing a message loses nothing
CELERY_BROKER_URL = _adresser["CELERY_BROKER_URL"]
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 50  # a long report leaves memory behind
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3600,
    "socket_timeout": 5,
    "socket_connect_timeout": 2,
    # A page that asks for work does not wait for a queue that is away; the sweep finds the job.
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0,
}
CELERY_TASK_PUBLISH_RETRY = False
# The worker waits for the queue as long as it takes.
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
# Work that never ends is stopped, with a reason on the page that asked for it.
CELERY_TASK_SOFT_TIME_LIMIT = _number("JOBB_MAKS_MINUTTER", 30) * 60
CELERY_TASK_TIME_LIMIT = CELERY_TASK_SOFT_TIME_LIMIT + 60
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE = {
    "jobber-som-venter": {
        "task": "nettverk.tasks.start_waiting_jobber",
        "schedule": _number("JOBB_SVEIP_SEKUNDER", 10),
        # A sweep that waited in the queue while Redis was away is worth nothing after the next one.
        "options": {"expires": 60},
    },
    "faste-brev": {
        "task": "nettverk.tasks.send_due_letters",
        "schedule": _number("FASTE_BREV_SEKUNDER", 1800),
        "options": {"expires": 600},
    },
    "rydd-utlopt": {"task": "nettverk.tasks.purge_expired", "schedule": 24 * 3600},
}
# A job whose worker has not renewed its lease for this long is done by another.
JOBB_LEIETID = timedelta(seconds=_number("JOBB_LEIETID_SEKUNDER", 30))
JOBB_MAKS_FORSOK = 3

# --- safety
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF, *_words("CSP_FORM_ACTION")],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if not DEBUG:
    HTTPS = _flag("HTTPS", default=True)
    SECURE_SSL_REDIRECT = HTTPS
    SESSION_COOKIE_SECURE = HTTPS
    CSRF_COOKIE_SECURE = HTTPS
    LANGUAGE_COOKIE_SECURE = HTTPS
    if HTTPS:
        # No neighbour under the same domain, and no page over plain http, can set one of these.
        SESSION_COOKIE_NAME = "__Host-sessionid"
        CSRF_COOKIE_NAME = "__Host-csrftoken"
        LANGUAGE_COOKIE_NAME = "__Host-spraak"
        MFA_TRUST_COOKIE_NAME = "__Host-enhet"
    SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
    SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
    # A browser's built-in list is easy to get on and takes months to get off: only for one who asks.
    SECURE_HSTS_PRELOAD = HTTPS and _flag("HSTS_PRELOAD")
    SILENCED_SYSTEM_CHECKS = ["security.W021"]
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# What the security log tells is kept this long.
SIKKERHETSLOGG_BEHOLDES = timedelta(days=90)

# --- history: every change is kept by the database (django-pghistory)
PGHISTORY_ADMIN_ALL_EVENTS = False

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"enkel": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "enkel"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("LOG_LEVEL", "WARNING")},
    "loggers": {
        "nettverk": {"level": os.environ.get("LOG_LEVEL", "INFO")},
        # A refusal or a missing page is an answer, not a fault: no traceback for each.
        "django.request": {"level": "ERROR"},
        "fontTools": {"level": "WARNING"},
        "weasyprint": {"level": "ERROR"},
    },
}

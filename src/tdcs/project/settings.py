"""Django settings. Everything a machine may vary comes from the environment (docs/how-to/run.md)."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from tdcs.core import law
from tdcs.core.files import write_once
from tdcs.project import embedded

PACKAGE = Path(__file__).resolve().parents[1]
HOME = embedded.home()

DEMO = os.environ.get("TDCS_DEMO") == "1"
DEBUG = os.environ.get("TDCS_DEBUG") == "1"
# The province whose data and own law this installation uses; "" before one is set up.
TDCS_PROVINCE = law.chosen_province()


def _secret_key() -> str:
    """The key of this installation: from the environment, else made once and kept in its home."""
    given = os.environ.get("TDCS_SECRET_KEY")
    if given:
        return given
    file = HOME / "secret-key"
    if file.exists():
        return file.read_text()
    # Workers that start together agree on the key of the first.
    return write_once(file, secrets.token_urlsafe(48).encode(), mode=0o600).decode()


SECRET_KEY = _secret_key()
ALLOWED_HOSTS = os.environ.get("TDCS_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [o for o in os.environ.get("TDCS_ORIGINS", "").split(",") if o]
# What receipts carry as this site's address; "" where it has none that the public reaches.
PUBLIC_URL = os.environ.get("TDCS_PUBLIC_URL", next(iter(CSRF_TRUSTED_ORIGINS), "")).rstrip("/")

INSTALLED_APPS = [
    "tdcs.web",
    "tdcs.demo",
    "tdcs.sending",
    "tdcs.scheme",
    "tdcs.sheets",
    "tdcs.reporting",
    "tdcs.word_templates",
    "tdcs.oversight",
    "tdcs.boards",
    "tdcs.outreach",
    "tdcs.plans",
    "tdcs.policy_lab",
    "tdcs.forecasting",
    "tdcs.credit_plan",
    "tdcs.problem_loans",
    "tdcs.indicators",
    "tdcs.closing",
    "tdcs.imports",
    "tdcs.demand",
    "tdcs.group_results",
    "tdcs.transaction_points",
    "tdcs.loans",
    "tdcs.capital",
    "tdcs.entrustment",
    "tdcs.programmes",
    "tdcs.households",
    "tdcs.ledger",
    "tdcs.letters",
    "tdcs.drafts",
    "tdcs.jobs",
    "tdcs.audit",
    "tdcs.access",
    "tdcs.organisations",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "procrastinate.contrib.django",
]

MIDDLEWARE = [
    "tdcs.web.clients.TrustedProxies",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "tdcs.web.middleware.ServerTiming",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "tdcs.web.middleware.Language",
    "tdcs.web.bodies.BoundedBodies",
    "tdcs.web.middleware.Readable",
    "tdcs.web.middleware.Compression",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "tdcs.access.middleware.StandIn",
    "tdcs.web.middleware.FreshCounts",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "tdcs.drafts.middleware.KeepTyped",
    "tdcs.web.middleware.RefusedExports",
    "tdcs.web.guards.IdentityNotInAddress",
    "tdcs.web.guards.SecondFactor",
    "tdcs.web.guards.ProvinceFirst",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "tdcs.web.middleware.ContentPolicy",
    "tdcs.web.middleware.Frame",
    "axes.middleware.AxesMiddleware",
    "tdcs.web.middleware.ShownTables",
    "tdcs.web.kept_pages.KeptPages",
]

ROOT_URLCONF = "tdcs.project.urls"
WSGI_APPLICATION = "tdcs.project.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "tdcs.web.context_processors.frame",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "tdcs.web.templatetags.tdcs_ui",
                "tdcs.web.templatetags.components",
                "tdcs.drafts.templatetags.drafts",
                "tdcs.web.templatetags.own_templates",
                "tdcs.web.templatetags.fixed_parts",
            ],
        },
    }
]

DATABASES = {"default": embedded.database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Sign-in: names given by the branch, no self-registration; lock-out after failures; second factor offered.
AUTH_USER_MODEL = "access.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "tdcs.access.backends.AccountBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
ACCOUNT_ADAPTER = "tdcs.web.adapters.ClosedAccounts"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "TDCS"
# A second factor is demanded by role (access/permissions.py MFA_ROLES); a demonstration signs in by a switch and has none.
TDCS_MFA = os.environ.get("TDCS_MFA", "0" if DEMO else "1") == "1"
# How many identity numbers and telephones a person may see in full within an hour.
TDCS_UNMASK_LIMIT = int(os.environ.get("TDCS_UNMASK_LIMIT", "30"))
# How many days a draft (what was typed and not sent) is kept.
TDCS_DRAFT_DAYS = int(os.environ.get("TDCS_DRAFT_DAYS", "30"))
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "web:home"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
# Bad sign-ins: ten of one account from one client lock that pair for a quarter of an hour (axes), so that nobody shuts
# another person out; twenty of one client on any account stop that client for five minutes, and a hundred of one account
# from anywhere stop guessing by many (allauth). An office behind one address signs in at eight o'clock: 600 a minute.
ACCOUNT_RATE_LIMITS = {"login": "600/m/ip", "login_failed": "20/5m/ip,100/1h/key"}
# Counted in the database: two workers, or two servers, count together. All else that is cached lies in each worker's memory.
CACHES = {
    # What waits for each person lies here: beyond Django's own bound of 300 a third would be thrown away again and again.
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "OPTIONS": {"MAX_ENTRIES": 10_000},
    },
    "limits": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "access_limits",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    },
}
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_TEMPLATE = "web/locked.html"
AXES_VERBOSE = False
AXES_ENABLE_ADMIN = False

# Above this sum (dong) an entry by hand or a reversal is confirmed by typing the amount once more. 400 million is the size at
# which a transaction is large by law (Quyết định 11/2023/QĐ-TTg, from 01/12/2023); an office may set less.
TDCS_LARGE_SUM = int(os.environ.get("TDCS_LARGE_SUM", "400000000"))

# Days for which what a background job made can be fetched.
TDCS_RESULT_DAYS = int(os.environ.get("TDCS_RESULT_DAYS", "7"))

# Messages to borrowers by an SMS gateway over HTTP; off without an address (sending/gateway.py).
TDCS_SMS_URL = os.environ.get("TDCS_SMS_URL", "")
TDCS_SMS_KEY = os.environ.get("TDCS_SMS_KEY", "")
TDCS_SMS_SENDER = os.environ.get("TDCS_SMS_SENDER", "NHCSXH")
# Field of the gateway → what stands in it; the field of its answer that holds its own number of the message.
TDCS_SMS_BODY = os.environ.get(
    "TDCS_SMS_BODY",
    '{"to": "{to}", "from": "{sender}", "text": "{text}", "reference": "{reference}"}',
)
TDCS_SMS_ID = os.environ.get("TDCS_SMS_ID", "id")
TDCS_SMS_SECONDS = float(os.environ.get("TDCS_SMS_SECONDS", "10"))
# By which the gateway signs what it says of a delivery; without it that address answers 404.
TDCS_SMS_CALLBACK_KEY = os.environ.get("TDCS_SMS_CALLBACK_KEY", "")

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", _("Tiếng Việt")), ("en", _("Tiếng Anh"))]
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Ho_Chi_Minh"

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
MEDIA_ROOT = HOME / "files"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "tdcs.web.stylesheets.Collected"
    },
}
WHITENOISE_MAX_AGE = 31536000

# Uploads: a document of 20 MB at the most; larger bodies are refused by size before they are read.
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
FILE_UPLOAD_PERMISSIONS = 0o640

SECURE = os.environ.get("TDCS_HTTPS") == "1"
# Proxies whose X-Forwarded-For is believed: addresses or networks. Under HTTPS the proxy is on this machine unless said
# otherwise; without it there is none.
TDCS_PROXIES = os.environ.get("TDCS_PROXIES", "127.0.0.1,::1" if SECURE else "").split(",")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SECURE_SSL_REDIRECT = SECURE
SECURE_HSTS_SECONDS = 31536000 if SECURE else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE else None
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
SESSION_ENGINE = "tdcs.access.sessions"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SILENCED_SYSTEM_CHECKS = [
    # HTTPS is switched on by TDCS_HTTPS=1 where a proxy ends TLS; a demo runs on loopback.
    *(["security.W004", "security.W008", "security.W012", "security.W016"] if not SECURE else []),
]

EMAIL_BACKEND = os.environ.get(
    "TDCS_EMAIL_BACKEND", "django.core.mail.backends.filebased.EmailBackend"
)
EMAIL_FILE_PATH = HOME / "mail"
EMAIL_HOST = os.environ.get("TDCS_EMAIL_HOST", "localhost")
EMAIL_PORT = int(os.environ.get("TDCS_EMAIL_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("TDCS_EMAIL_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("TDCS_EMAIL_PASSWORD", "")
EMAIL_USE_TLS = os.environ.get("TDCS_EMAIL_TLS") == "1"
# A mail server that says nothing must not hold whoever sends.
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = os.environ.get("TDCS_EMAIL_FROM", "tdcs@localhost")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("TDCS_LOG", "WARNING")},
}

"""What Django itself must know; everything else is in ``config`` or in rows."""

import secrets
import tempfile
from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from negatoscope.config import Config, ConfigError, load
from negatoscope.kit.clock import live_at
from negatoscope.kit.durable import write_durably

HERE = Path(__file__).parent
CONFIG: Config = load()
if CONFIG.demonstration:
    live_at(CONFIG.demonstration.opens - CONFIG.demonstration.built)


def _secret(name: str) -> str:
    """A random key kept in the key folder, made at the first need."""
    file = CONFIG.key_folder / name
    if not file.exists():
        write_durably(file, secrets.token_urlsafe(64).encode())
    return file.read_text()


SECRET_KEY = _secret("session.key") if CONFIG.key_folder.exists() else secrets.token_urlsafe(64)
DEBUG = False
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", CONFIG.host, *CONFIG.names]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "negatoscope.web",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
    "django_htmx",
    "negatoscope.store",
    "negatoscope.cli",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "negatoscope.web.language.Language",
    "django.middleware.common.CommonMiddleware",
    "negatoscope.web.bounds.Bounds",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "negatoscope.web.access.Doorkeeper",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "negatoscope.web.trouble.Trouble",
    "negatoscope.web.privacy.Privacy",
    "negatoscope.web.visible.Visible",
]
ROOT_URLCONF = "negatoscope.web.urls"
WSGI_APPLICATION = "negatoscope.web.wsgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "negatoscope.web.context.room",
            ],
        },
    },
]

EMBEDDED: dict[str, Any] = {
    "ENGINE": "django.db.backends.sqlite3",
    "NAME": CONFIG.embedded,
    "OPTIONS": {
        "timeout": 60,
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
    },
}


def _postgresql(address: str) -> dict[str, Any]:
    """What Django and libpq must know; what the writer's lock leans on is asked for, whatever the server's default."""
    from psycopg import IsolationLevel, ProgrammingError  # noqa: PLC0415 -- who has no PostgreSQL does not wait for it
    from psycopg.conninfo import conninfo_to_dict  # noqa: PLC0415

    try:
        told = conninfo_to_dict(address)
    except ProgrammingError as error:
        raise ConfigError(f"{CONFIG.data / 'negatoscope.toml'}: {error}") from error
    names = {"NAME": "dbname", "USER": "user", "HOST": "host", "PORT": "port"}
    fields = {name: str(told.pop(said, "")) for name, said in names.items()}
    asked = f"{told.pop('options', '')} -c synchronous_commit=on".strip()
    options = {**told, "options": asked, "isolation_level": IsolationLevel.READ_COMMITTED}
    return {"ENGINE": "django.db.backends.postgresql", **fields, "OPTIONS": options}


DATABASES = {"default": _postgresql(CONFIG.database) if CONFIG.database else EMBEDDED}
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": CONFIG.data / "cache"
        if CONFIG.data.exists()
        else Path(tempfile.gettempdir()) / "negatoscope-cache",
        # Full, it drops entries at random: counters of refused log-ins and codes already used must not be among them.
        "OPTIONS": {"MAX_ENTRIES": 5000},
    },
}

AUTH_USER_MODEL = "store.User"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "negatoscope.store.passwords.LongEnough"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "negatoscope.web.accounts.ClosedDoor"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_FORMS = {
    "login": "negatoscope.web.forms.entering.LoginForm",
    "change_password": "negatoscope.web.forms.entering.ChangePasswordForm",
    "reauthenticate": "negatoscope.web.forms.securing.PasswordAgainForm",
}
MFA_ADAPTER = "negatoscope.web.factors.Factors"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 1
MFA_FORMS = {
    "authenticate": "negatoscope.web.forms.securing.AuthenticateForm",
    "reauthenticate": "negatoscope.web.forms.securing.ReauthenticateForm",
    "activate_totp": "negatoscope.web.forms.securing.ActivateTOTPForm",
    "add_webauthn": "negatoscope.web.forms.securing.AddWebAuthnForm",
    "edit_webauthn": "negatoscope.web.forms.securing.EditWebAuthnForm",
}
ACCOUNT_RATE_LIMITS = {"login": "30/m/ip", "login_failed": "10/m/ip,5/5m/key", "change_password": "5/m/user"}
ACCOUNT_PREVENT_ENUMERATION = True
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "lightbox"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"

LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", _("Français")), ("en", _("Anglais"))]
LANGUAGE_COOKIE_NAME = "language"
LOCALE_PATHS = [HERE / "locale"]
TIME_ZONE = "Europe/Paris"
USE_TZ = True

STATIC_URL = "static/"
STATICFILES_DIRS: list[Path] = []
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False

SESSION_COOKIE_AGE = 8 * 3600
# Browsers keep cookies by host, whatever the port: two consoles side by side must not end each other’s sessions.
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = f"session-{CONFIG.port}", f"csrf-{CONFIG.port}"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = CONFIG.tls is not None
SECURE_HSTS_SECONDS = 31_536_000 if CONFIG.tls else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "negatoscope.web.pages.errors.forged"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    },
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"tokens": {"()": "negatoscope.web.privacy.HideTokens"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "filters": ["tokens"]}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}

"""Django's settings. What an installation may choose comes from JUNHENG_… variables; the rest is decided here."""

from __future__ import annotations

import os
from importlib.resources import files
from pathlib import Path

from junheng_web.config.databases import database
from junheng_web.config.logs import logging_of
from junheng_web.config.mails import mail_server
from junheng_web.config.objects import s3_server
from junheng_web.config.places import DATA, made, secret_key

# A demonstration knows its accounts' passwords and says so; production refuses them.
DEMONSTRATION = os.environ.get("JUNHENG_DEMONSTRATION") == "1"
HTTPS = os.environ.get("JUNHENG_HTTPS") == "1"
DEBUG = False
SECRET_KEY = secret_key(DATA)
ALLOWED_HOSTS = os.environ.get("JUNHENG_HOSTS", "127.0.0.1,localhost,testserver").split(",")
CSRF_TRUSTED_ORIGINS = [one for one in os.environ.get("JUNHENG_ORIGINS", "").split(",") if one]

# Hours of the day (from, until) in which the platform says nothing by itself, and where robots may be spoken to.
QUIET_HOURS = tuple(int(hour) for hour in os.environ.get("JUNHENG_QUIET_HOURS", "20-8").split("-"))
ROBOTS = os.environ.get("JUNHENG_ROBOTS", "https://qyapi.weixin.qq.com,https://oapi.dingtalk.com").split(",")

# Reminders by e-mail: off unless a server is named. Links in them begin with the first of the origins.
MAIL = mail_server(os.environ.get("JUNHENG_MAIL", ""))
EMAIL_HOST, EMAIL_PORT, EMAIL_USE_TLS, EMAIL_USE_SSL = MAIL.host, MAIL.port, MAIL.starttls, MAIL.ssl
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD, EMAIL_TIMEOUT = MAIL.user, MAIL.password, 10
DEFAULT_FROM_EMAIL = os.environ.get("JUNHENG_MAIL_FROM", "") or MAIL.user or "junheng@localhost"
PUBLIC_ADDRESS = CSRF_TRUSTED_ORIGINS[0] if CSRF_TRUSTED_ORIGINS else ""

# Where a virus scanner listens (clamd): unix:/run/clamav/clamd.ctl, or tcp:127.0.0.1:3310; none is none.
CLAMD = os.environ.get("JUNHENG_CLAMD", "")

ROOMS = (
    *("config", "home", "areas", "boards", "reports", "planning", "funding", "rectification", "supervision", "dossier"),
    *("duties", "scrutiny", "assessment", "registers", "statistics", "visits"),
    *("collection", "evidence", "notices", "organisation", "common"),
)
INSTALLED_APPS = [
    *(f"junheng_web.{room}" for room in ROOMS),
    "axes",
    "django_htmx",
    "django_tables2",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
]
MIDDLEWARE = [
    "junheng_web.common.middleware.RequestId",
    "django.middleware.security.SecurityMiddleware",
    "junheng_web.common.middleware.SecureHeaders",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "junheng_web.organisation.middleware.Acting",
    "junheng_web.organisation.middleware.InitialPassword",
    "axes.middleware.AxesMiddleware",
    "junheng_web.common.page_workbook.PageWorkbook",
    "junheng_web.evidence.middleware.ContentsAway",
]
ROOT_URLCONF = "junheng_web.config.urls"
WSGI_APPLICATION = "junheng_web.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "junheng_web.organisation.context.acting",
                "junheng_web.notices.context.unread",
                "junheng_web.config.menu.menu",
            ],
            "builtins": ["junheng_web.common.templatetags.components"],
        },
    }
]

DATABASES = {"default": database(os.environ.get("JUNHENG_DATABASE", ""), made(DATA))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATA_FOLDER = DATA
FILES = DATA / "files"
# Contents lie in the data folder, or in a bucket; of what is read there, copies of so many MB stay on the disk.
S3 = s3_server(
    os.environ.get("JUNHENG_S3", ""), os.environ.get("JUNHENG_S3_KEY", ""), os.environ.get("JUNHENG_S3_SECRET", "")
)
S3_CACHE = int(os.environ.get("JUNHENG_S3_CACHE", "2048"))
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

AUTH_USER_MODEL = "organisation.Account"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "junheng_web.organisation.backends.AccountBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
LOGIN_URL = "sign_in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "sign_in"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.5  # hours
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_PARAMETERS = ["username"]
AXES_LOCKOUT_CALLABLE = "junheng_web.organisation.views.locked"
AXES_VERBOSE = False

# Half an hour without a click ends a session, as assessors of 等保 ask; `organisation.middleware` lets it go on.
SESSION_COOKIE_AGE = 30 * 60
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "junheng_web.common.errors.forged"
DATA_UPLOAD_MAX_MEMORY_SIZE = 64 * 2**20
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 2**20

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True  # Django's own texts in Chinese; there is no catalogue of ours

STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
# The core carries ECharts for its pages that stand alone; the platform serves the same file.
STATICFILES_DIRS = [("vendor/echarts", str(Path(str(files("junheng"))) / "output" / "assets" / "echarts"))]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = False

# One address is a whole office: an account is locked, never the office. Whether the domain's other hosts have HTTPS
# (W005), and whether browsers are to know that beforehand (W021), is for whoever owns the domain.
SILENCED_SYSTEM_CHECKS = ["axes.W006", "security.W005", "security.W021"]
LOGGING_CONFIG = None
logging_of(os.environ.get("JUNHENG_LOG", "INFO"))

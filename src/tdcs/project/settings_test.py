"""Settings of the tests: their own embedded server that need not survive, quick passwords, no disk mail."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

os.environ.setdefault("TDCS_SECRET_KEY", "tests-only")
os.environ.setdefault("TDCS_PG_FOLDER", "pg-test")
os.environ.setdefault("TDCS_PG_DURABLE", "0")
# Tables of a few rows: a second thread of Polars only waits for the first, which costs a third of its time.
os.environ.setdefault("POLARS_MAX_THREADS", "1")

from tdcs.project import settings
from tdcs.project.settings import *

DATABASES["default"]["CONN_MAX_AGE"] = 0
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
MEDIA_ROOT = Path(tempfile.mkdtemp(prefix="tdcs-test-files-"))
atexit.register(shutil.rmtree, MEDIA_ROOT, ignore_errors=True)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
MIDDLEWARE = [m for m in settings.MIDDLEWARE if "whitenoise" not in m]
AXES_ENABLED = False
TDCS_MFA = False
DEMO = False

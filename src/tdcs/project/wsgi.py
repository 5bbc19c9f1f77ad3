"""The entry that a server calls."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tdcs.project.settings")

application = get_wsgi_application()

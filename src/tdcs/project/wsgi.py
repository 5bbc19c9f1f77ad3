"""The entry that a server calls."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tdcs.project.settings")

application = get_wsgi_application()

# What is loaded now stays: the collector need not walk it again, and pages make few cycles.
gc.collect()
gc.freeze()
gc.set_threshold(50_000, 20, 20)

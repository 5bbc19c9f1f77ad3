"""The entry that `tdcs serve` gives to Granian (web/entry.py); any other server takes wsgi.py."""

from tdcs.project.wsgi import application as django
from tdcs.web.entry import Entry

application = Entry(django)

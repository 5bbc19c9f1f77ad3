"""Compile the translations and say which strings have none (`make messages`)."""

from __future__ import annotations

from pathlib import Path

import polib

LOCALE = Path(__file__).resolve().parents[1] / "src/tdcs/locale"
PO = LOCALE / "en/LC_MESSAGES/django.po"
# What the libraries' own pages say: written by hand, for they have no Vietnamese.
LIBRARIES = LOCALE / "vi/LC_MESSAGES/django.po"


def main() -> None:
    catalogue = polib.pofile(str(PO))
    for entry in catalogue.obsolete_entries():
        catalogue.remove(entry)
    for entry in catalogue.fuzzy_entries():
        # Gettext's guess from a string that looks alike is no translation.
        entry.flags.remove("fuzzy")
        entry.msgstr, entry.previous_msgid, entry.previous_msgid_plural = "", None, None
        entry.msgstr_plural = dict.fromkeys(entry.msgstr_plural, "")
    catalogue.save()
    catalogue.save_as_mofile(str(PO.with_suffix(".mo")))
    polib.pofile(str(LIBRARIES)).save_as_mofile(str(LIBRARIES.with_suffix(".mo")))
    missing = [entry.msgid for entry in catalogue.untranslated_entries()]
    print(f"{len(catalogue)} strings, {len(missing)} without English")
    for words in missing:
        print("-", words)


if __name__ == "__main__":
    main()

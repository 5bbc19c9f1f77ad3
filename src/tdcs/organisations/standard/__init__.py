"""The areas and bodies that a province has as a rule, made from the packaged lists; what it says of its own comes first.

Pure: no database, no clock. ``law/organisations/standard.yaml`` says which bodies there are; a province's ``units.yaml``
what differs.
"""

from __future__ import annotations

from tdcs.organisations.packaged import PackagedProvince
from tdcs.organisations.standard import areas, bank, local, provincial
from tdcs.organisations.standard.place import Own, place_of
from tdcs.organisations.standard.rows import Rows


def units_of(province: PackagedProvince, own: Own) -> Rows:
    """Every row of a province of today, on both sides of each change, in the order in which they are made."""
    place = place_of(province, own)
    rows = Rows(place.standard["basis"])
    areas.add(rows, place)
    provincial.add(rows, place)
    local.add(rows, place)
    bank.add(rows, place)
    rows.keep_known()
    return rows

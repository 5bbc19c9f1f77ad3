"""Where forms begin: the bank of the stories, bà Hoa's group with its leader."""

from __future__ import annotations

from datetime import date

from grounds import Ground
from lending_cast import Bank
from lending_grounds import BANK

from tdcs.entrustment.models import BoardMember
from tdcs.households.models import Person


def _led(made: Bank) -> Bank:
    leader = Person.objects.create(full_name="Nguyễn Thị Hoa", search="nguyen thi hoa")
    BoardMember.objects.create(
        group=made.group, person=leader, post="leader", starts_on=date(2023, 1, 1)
    )
    return made


LED = Ground(_led, date(2026, 11, 23), below=BANK)

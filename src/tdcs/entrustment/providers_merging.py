"""This room's part when a household passes into another: its place in a group, its seat on a board, its savings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.db import connection
from django.db.models import Q

from tdcs.entrustment.models import BoardMember, GroupMember, SavingsAccount
from tdcs.households.ports import Merging
from tdcs.households.services.dated_rows import hand_back, hand_over
from tdcs.organisations.models import living_on

_WRITTEN_SQL: Final = """
    SELECT md5(coalesce(string_agg(d, '|' ORDER BY d), '')) FROM (
        SELECT 'm' || t::text FROM entrustment_groupmember t WHERE t.household_id = %(id)s
        UNION ALL SELECT 'a' || t::text FROM entrustment_savingsaccount t WHERE t.household_id = %(id)s
        UNION ALL SELECT 'e' || e::text FROM entrustment_savingsevent e
          JOIN entrustment_savingsaccount t ON t.id = e.account_id WHERE t.household_id = %(id)s
        UNION ALL SELECT 'b' || b::text FROM entrustment_boardmember b
          JOIN households_householdmember m ON m.person_id = b.person_id WHERE m.household_id = %(id)s
    ) AS rows(d)
"""


class Groups:
    """The entrustment room as one of those that take part in a merge."""

    def reasons(self, merging: Merging) -> list[str]:
        """Two groups at once, two seats for one person, a seat that would be left without a member."""
        mine, theirs = _membership(merging.goes, merging), _membership(merging.stays, merging)
        reasons = []
        if mine is not None and mine.starts_on >= merging.since:
            reasons.append(f"hộ {merging.goes.code} vào tổ {mine.group.code} từ ngày gộp trở đi")
        if mine is not None and theirs is not None and mine.group_id != theirs.group_id:
            reasons.append(
                f"hộ {merging.goes.code} ở tổ {mine.group.code}, hộ {merging.stays.code} ở tổ"
                f" {theirs.group.code}: chuyển về một tổ trước"
            )
        for post in _posts(merging).select_related("person"):
            heir = merging.people.get(post.person_id)
            if heir is not None and _seated(heir, merging):
                reasons.append(f"{post.person.full_name} giữ hai chức danh trong ban quản lý tổ")
            if theirs is not None and theirs.person_id != heir:
                reasons.append(
                    f"{post.person.full_name} trong ban quản lý tổ nhưng không đại diện hộ {merging.stays.code}"
                )
        return reasons

    def counts(self, merging: Merging) -> list[tuple[str, int]]:
        """What would follow."""
        mine, theirs = _membership(merging.goes, merging), _membership(merging.stays, merging)
        return [
            ("tư cách tổ viên", int(mine is not None and theirs is None)),
            ("sổ tiền gửi", merging.goes.savings_accounts.count()),
        ]

    def follow(self, merging: Merging) -> dict[str, Any]:
        """The membership goes over where the other household has none; accounts and seats are the heir's."""
        theirs = _membership(merging.stays, merging)
        rows = GroupMember.objects.filter(household=merging.goes)
        accounts = list(
            SavingsAccount.objects.select_for_update()
            .filter(household=merging.goes)
            .order_by("pk")
            .values_list("pk", "person_id")
        )
        posts = list(_posts(merging).filter(person__in=merging.people).values_list("pk", "person"))
        note = {
            "members": hand_over(
                rows,
                merging.since,
                lambda row: None if theirs is not None else _heir(row, merging),
            ),
            "accounts": accounts,
            "posts": posts,
        }
        for key, person in accounts:
            SavingsAccount.objects.filter(pk=key).update(
                household=merging.stays, person_id=merging.people.get(person, person)
            )
        for key, person in posts:
            BoardMember.objects.filter(pk=key).update(person_id=merging.people[person])
        return note

    def back(self, merging: Merging, note: Mapping[str, Any]) -> None:
        """Undo it from the day on."""
        hand_back(GroupMember, note["members"], merging.since, merging.on)
        for key, person in note["accounts"]:
            SavingsAccount.objects.filter(pk=key).update(household=merging.goes, person_id=person)
        for key, person in note["posts"]:
            BoardMember.objects.filter(pk=key).update(person_id=person)

    def written(self, household: Any) -> str:
        """A digest of memberships, seats, accounts and their movements."""
        with connection.cursor() as cursor:
            cursor.execute(_WRITTEN_SQL, {"id": household.pk})
            return str(cursor.fetchone()[0])


def _membership(household: Any, merging: Merging) -> GroupMember | None:
    rows = GroupMember.objects.filter(household=household, ends_on=None).select_related("group")
    found: GroupMember | None = rows.order_by("-starts_on").first()
    return found


def _posts(merging: Merging) -> Any:
    # Also once the members have gone over: then their rows end on the day.
    there = Q(ends_on__isnull=True) | Q(ends_on__gte=merging.since)
    people = merging.goes.members.filter(there, starts_on__lt=merging.since).values("person")
    return BoardMember.objects.filter(living_on(merging.since), person__in=people).order_by("pk")


def _seated(person: int, merging: Merging) -> bool:
    return BoardMember.objects.filter(living_on(merging.since), person=person).exists()


def _heir(row: GroupMember, merging: Merging) -> Mapping[str, Any]:
    person = merging.people.get(row.person_id, row.person_id)
    return {"household_id": merging.stays.pk, "person_id": person}

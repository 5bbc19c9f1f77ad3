"""Named invariants of cases of consolidation; `tdcs verify` runs them, and tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from django.db.models import F

from tdcs.entrustment.models import BoardMember, GroupSuccession
from tdcs.group_results.models import ConsolidationCase, GroupVote
from tdcs.group_results.rules.consolidating import least_present, passes
from tdcs.group_results.states import CaseState

_SETTLED: Final = (CaseState.DECIDED, CaseState.HANDED)


def states_are_where_steps_end() -> Iterator[str]:
    """A case's state is the target of its last step."""
    for row in ConsolidationCase.objects.order_by("pk").prefetch_related("steps"):
        steps = sorted(row.steps.all(), key=lambda one: one.pk)
        if not steps or steps[-1].target != row.state:
            yield f"vụ việc kiện toàn {row.pk}: trạng thái {row.state} khác bước cuối"


def votes_had_their_quorum() -> Iterator[str]:
    """Each vote had its quorum and came out as its votes say."""
    for row in GroupVote.objects.order_by("pk").prefetch_related("attended"):
        present = len(row.attended.all())
        if present < least_present(row.members, row.held_on):
            yield f"cuộc họp tổ {row.pk}: {present}/{row.members} có mặt, không đủ để biểu quyết"
        if row.passed != passes(row.votes_for, present, row.held_on):
            yield f"cuộc họp tổ {row.pk}: kết quả không khớp số phiếu"


def decisions_were_carried_out() -> Iterator[str]:
    """A decided case was voted for, decided by another than who proposed it, and done in the room of groups that day."""
    rows = ConsolidationCase.objects.filter(state__in=_SETTLED).order_by("pk")
    for row in rows:
        day = row.decided_on or row.proposed_on
        if not row.votes.filter(passed=True).exists():
            yield f"vụ việc kiện toàn {row.pk}: đã quyết định mà tổ chưa thông qua"
        if row.into_id is not None:
            done = GroupSuccession.objects.filter(
                predecessor=row.group_id, successor=row.into_id, on=day
            ).exists()
        else:
            wanted = [("leader", row.leader_id), ("deputy", row.deputy_id)]
            done = all(
                BoardMember.objects.filter(
                    group=row.group_id, person=person, post=post, starts_on=day
                ).exists()
                for post, person in wanted
                if person is not None
            )
        if not done:
            yield f"vụ việc kiện toàn {row.pk}: tổ chưa thay đổi theo quyết định"
    for row in rows.filter(decided_by=F("proposed_by")):
        yield f"vụ việc kiện toàn {row.pk}: người đề nghị cũng là người quyết định"


CHECKS: Final[dict[str, Callable[[], Iterator[str]]]] = {
    "group_results.states_are_where_steps_end": states_are_where_steps_end,
    "group_results.votes_had_their_quorum": votes_had_their_quorum,
    "group_results.decisions_were_carried_out": decisions_were_carried_out,
}

"""A weak board is consolidated: proposed, the commune asked, voted on by the group, decided, handed over."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from tdcs.access.models import User
from tdcs.core import clock, trail
from tdcs.core.text import nfc, squash
from tdcs.entrustment.errors import GroupEnded, LeaderNotMember, SameGroup
from tdcs.entrustment.models import BoardMember, GroupMember, SavingsGroup
from tdcs.entrustment.queries.groups import board_on, faces_of, members_on
from tdcs.entrustment.services import board, groups
from tdcs.entrustment.services.checking import require_one_office
from tdcs.group_results.errors import (
    AlreadyHolds,
    BoardNotWeak,
    ConsolidationIncomplete,
    ConsolidationMoveRefused,
    ConsolidationOpen,
    GroupVotesWrong,
    GroupWithoutQuorum,
    NotTheCommune,
    OutsideTheOffice,
    SamePersonDecides,
)
from tdcs.group_results.models import (
    BoardHandover,
    ConsolidationCase,
    ConsolidationStep,
    GroupVote,
)
from tdcs.group_results.queries.cases import is_committee_of, keeps
from tdcs.group_results.queries.quality import ground_of
from tdcs.group_results.rules.consolidating import handed_over, least_present, passes
from tdcs.group_results.states import CASE_MOVES, CaseState
from tdcs.households.models import Person
from tdcs.organisations.models import living_on

Kind = ConsolidationCase.Kind
_LEADER, _DEPUTY = BoardMember.Post.LEADER, BoardMember.Post.DEPUTY


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """Who is to lead, who to be deputy (either or both); or which group takes this one over. ``reason``: what was found."""

    kind: str
    reason: str
    leader: Person | None = None
    deputy: Person | None = None
    into: SavingsGroup | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """A meeting of the group: the members who were there, how they voted, who led it."""

    held_on: date | None
    attended: Collection[int]
    votes_for: int
    votes_against: int
    chair: str
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """What was handed over, from whom to whom, before whom."""

    receiver: str
    witness: str
    books: tuple[str, ...]
    cash: int | None
    words: str = ""


def propose(*, group: SavingsGroup, proposal: Proposal, by: User, on: date) -> ConsolidationCase:
    """A case is opened for a group whose board is weak by its ratings.

    Raises OutsideTheOffice, GroupEnded, BoardNotWeak, ConsolidationOpen, ConsolidationIncomplete, LeaderNotMember,
    AlreadyHolds, SameGroup, OtherOffice.
    """
    reason = _needed(proposal.reason, "lý do đề nghị")[:500]
    with transaction.atomic():
        row = SavingsGroup.objects.select_for_update().get(pk=group.pk)
        _require_office(by, row, on)
        if row.ends_on is not None:
            raise GroupEnded(group=row.code, on=f"{row.ends_on:%d/%m/%Y}")
        there = ConsolidationCase.objects.filter(group=row, closed_on=None).first()
        if there is not None:
            raise ConsolidationOpen(group=row.code, day=there.proposed_on)
        ground = ground_of(row.pk, on)
        if ground is None:
            raise BoardNotWeak(group=row.code, why="số tháng xếp loại thấp liền nhau chưa đủ")
        _require_possible(row, proposal, on)
        leads = board_on(row, on).filter(post=_LEADER).first()
        made = ConsolidationCase.objects.create(
            group=row,
            kind=proposal.kind,
            leader=proposal.leader,
            deputy=proposal.deputy,
            into=proposal.into,
            grade=ground.grade,
            months=ground.months,
            reason=reason,
            outgoing=leads.person if leads else None,
            proposed_by=by,
            proposed_on=on,
        )
        _step(made, "propose", by, on, words=reason)
    return made


def opine(
    *, case: ConsolidationCase, agrees: bool, number: str, words: str, by: User, on: date
) -> ConsolidationCase:
    """The commune's People's Committee says in writing whether it agrees; when it does not, the case ends.

    Raises ConsolidationMoveRefused, NotTheCommune, ConsolidationIncomplete.
    """
    number = _needed(number, "số văn bản của UBND xã")[:60]
    if not agrees:
        _needed(words, "lý do không đồng ý")
    with transaction.atomic():
        row = _locked(case, "opine")
        if not is_committee_of(by, row.group, on):
            face = faces_of([row.group_id], on)[row.group_id]
            raise NotTheCommune(commune=face.commune, group=row.group.code)
        row.state = CASE_MOVES["opine"].target if agrees else CaseState.DROPPED
        row.closed_on = None if agrees else on
        row.save(update_fields=["state", "closed_on"])
        _step(row, "opine", by, on, number=number, words=words)
    return row


def hold_meeting(*, case: ConsolidationCase, meeting: Meeting, by: User, on: date) -> GroupVote:
    """The group's meeting votes; a proposal that does not pass leaves the case where it was, for another meeting.

    Raises ConsolidationMoveRefused, OutsideTheOffice, ConsolidationIncomplete, GroupWithoutQuorum, GroupVotesWrong.
    """
    chair = _needed(meeting.chair, "người chủ trì")[:120]
    with transaction.atomic():
        row = _locked(case, "vote")
        _require_office(by, row.group, on)
        day = meeting.held_on
        opined = row.steps.filter(verb="opine").order_by("-pk").first()
        if day is None or day > on or (opined is not None and day < opined.on):
            raise ConsolidationIncomplete(what="ngày họp từ ngày có ý kiến của UBND xã đến hôm nay")
        members = list(members_on(row.group, day))
        there = [one for one in members if one.pk in set(meeting.attended)]
        least = least_present(len(members), day)
        if len(there) < least:
            raise GroupWithoutQuorum(present=len(there), members=len(members), least=least)
        cast = meeting.votes_for + meeting.votes_against
        if min(meeting.votes_for, meeting.votes_against) < 0 or not 0 < cast <= len(there):
            raise GroupVotesWrong(
                for_=meeting.votes_for, against=meeting.votes_against, present=len(there)
            )
        made = GroupVote.objects.create(
            case=row,
            held_on=day,
            members=len(members),
            votes_for=meeting.votes_for,
            votes_against=meeting.votes_against,
            passed=passes(meeting.votes_for, len(there), day),
            chair=nfc(chair),
            words=nfc(squash(meeting.words))[:500],
        )
        made.attended.set(there)
        if made.passed:
            row.state = CASE_MOVES["vote"].target
            row.save(update_fields=["state"])
        said = f"{len(there)}/{len(members)} có mặt, {made.votes_for} thuận, {made.votes_against} chống"
        _step(row, "vote", by, on, words=said)
    return made


def decide(*, case: ConsolidationCase, number: str, by: User, on: date) -> ConsolidationCase:
    """The board is replaced, or the group passes into the other, by the services of groups, from this day on.

    Raises ConsolidationMoveRefused, OutsideTheOffice, SamePersonDecides, ConsolidationIncomplete and what ``appoint`` and
    ``merge`` refuse (LeaderNotMember: who was proposed has left since).
    """
    number = _needed(number, "số quyết định")[:60]
    with transaction.atomic():
        row = _locked(case, "decide")
        _require_office(by, row.group, on)
        if row.proposed_by_id == by.pk:
            raise SamePersonDecides(name=by.full_name or by.username)
        if row.into is not None:
            groups.merge(group=row.group, into=row.into, decision=number, since=on, by=by, on=on)
        else:
            for person, post in ((row.leader, _LEADER), (row.deputy, _DEPUTY)):
                if person is not None:
                    board.appoint(group=row.group, person=person, post=post, since=on, by=by, on=on)
            if row.leader is not None:
                board.take_accounts(group=row.group, since=on, by=by, on=on)
        row.state, row.decided_by = CASE_MOVES["decide"].target, by
        row.decided_on, row.decision_number = on, number
        row.save(update_fields=["state", "decided_by", "decided_on", "decision_number"])
        _step(row, "decide", by, on, number=number)
    return row


def hand_over(*, case: ConsolidationCase, given: Handover, by: User, on: date) -> BoardHandover:
    """Books and cash pass to the new board before a witness; the case ends.

    Raises ConsolidationMoveRefused, OutsideTheOffice, ConsolidationIncomplete.
    """
    with transaction.atomic():
        row = _locked(case, "hand_over")
        _require_office(by, row.group, on)
        receiver = _needed(given.receiver, "bên nhận")[:120]
        witness = _needed(given.witness, "người chứng kiến")[:120]
        if given.cash is None or given.cash < 0:
            raise ConsolidationIncomplete(what="tiền mặt bàn giao, không có thì ghi 0")
        known = [one for one in handed_over() if one in given.books]
        if not known:
            raise ConsolidationIncomplete(what="sổ sách, giấy tờ bàn giao")
        made = BoardHandover.objects.create(
            case=row,
            on=on,
            giver=row.outgoing.full_name if row.outgoing else "",
            receiver=nfc(receiver),
            witness=nfc(witness),
            books=known,
            cash=given.cash,
            words=nfc(squash(given.words))[:500],
        )
        row.state, row.closed_on = CASE_MOVES["hand_over"].target, on
        row.save(update_fields=["state", "closed_on"])
        _step(row, "hand_over", by, on, words=given.words)
    return made


def drop(*, case: ConsolidationCase, why: str, by: User, on: date) -> ConsolidationCase:
    """The case ends without a decision. Raises ConsolidationMoveRefused, OutsideTheOffice, ConsolidationIncomplete."""
    why = _needed(why, "lý do")
    with transaction.atomic():
        row = _locked(case, "drop")
        _require_office(by, row.group, on)
        row.state, row.closed_on = CASE_MOVES["drop"].target, on
        row.save(update_fields=["state", "closed_on"])
        _step(row, "drop", by, on, words=why)
    return row


def _require_possible(group: SavingsGroup, proposal: Proposal, on: date) -> None:
    """A proposal names what its kind needs and nothing else, and what it names can be."""
    if proposal.kind == Kind.MERGE:
        if proposal.into is None:
            raise ConsolidationIncomplete(what="tổ nhận sáp nhập")
        if proposal.leader or proposal.deputy:
            raise ConsolidationIncomplete(what="sáp nhập thì không đề nghị người thay")
        if proposal.into.pk == group.pk:
            raise SameGroup
        require_one_office(group, proposal.into, on)
        return
    if proposal.kind != Kind.REPLACE or proposal.into is not None:
        raise ConsolidationIncomplete(what="cách kiện toàn")
    if proposal.leader is None and proposal.deputy is None:
        raise ConsolidationIncomplete(what="người được đề nghị")
    if proposal.leader == proposal.deputy:
        raise ConsolidationIncomplete(what="tổ trưởng và tổ phó phải là hai người")
    for person, post in ((proposal.leader, _LEADER), (proposal.deputy, _DEPUTY)):
        if person is None:
            continue
        if not GroupMember.objects.filter(living_on(on), group=group, person=person).exists():
            raise LeaderNotMember(name=person.full_name, group=group.code)
        if board_on(group, on).filter(post=post, person=person).exists():
            raise AlreadyHolds(name=person.full_name, post=post.label.lower())


def _locked(case: ConsolidationCase, verb: str) -> ConsolidationCase:
    row: ConsolidationCase = (
        ConsolidationCase.objects.select_for_update(of=("self",))
        .select_related("group", "into", "leader", "deputy", "outgoing")
        .get(pk=case.pk)
    )
    move = CASE_MOVES[verb]
    if row.state not in move.sources:
        raise ConsolidationMoveRefused(verb=move.label, state=row.get_state_display())
    return row


def _require_office(by: User, group: SavingsGroup, on: date) -> None:
    if not keeps(by, group, on):
        raise OutsideTheOffice(group=group.code)


def _needed(words: str, what: str) -> str:
    found = nfc(squash(words))
    if not found:
        raise ConsolidationIncomplete(what=what)
    return found


def _step(
    case: ConsolidationCase, verb: str, by: User, on: date, *, number: str = "", words: str = ""
) -> None:
    """The step in the case's history, and its line of the trail."""
    ConsolidationStep.objects.create(
        case=case,
        verb=verb,
        target=case.state,
        on=on,
        by=by,
        number=number,
        words=nfc(squash(words))[:500],
        recorded_at=clock.now(),
    )
    trail.record(
        action=f"group_results.{verb}",
        subject=case,
        by=by,
        on=on,
        data={"group": case.group.code, "state": case.state, "number": number},
    )

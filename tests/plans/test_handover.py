"""A clerk's work goes to a successor from a day on; a substitute works for an absent person up to a day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from plans_cast import commune, person

from tdcs.access.errors import HandOverRefused, SubstituteRefused
from tdcs.access.handover import end_substitution, hand_over, name_substitute, settle
from tdcs.access.models import HandOver, Substitution, User
from tdcs.audit.checks import changes_have_their_line, records_are_as_decided
from tdcs.audit.models import AuditLine
from tdcs.core import clock
from tdcs.drafts import services as drafts
from tdcs.drafts.queries import drafts_of
from tdcs.plans.models import Notice, NoticeKind, Obligation, Plan
from tdcs.plans.queries.notices import notices_of
from tdcs.plans.services.notices import notify

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)
LATER, END = TODAY + timedelta(days=7), TODAY + timedelta(days=9)


@pytest.fixture
def fresh(cast: Any) -> User:
    return User.objects.create_user("nguoi-moi", "mat-khau-dai", full_name="Người mới")


def _again(user: User) -> User:
    """The person as another request reads it."""
    return User.objects.get(pk=user.pk)


def _kept(user: User) -> None:
    drafts.keep(by=user, form="plans.result:7", fields={"words": ["dở dang"]}, seen="")
    notify(
        organisation=user.holding().organisation_id,
        words="Việc riêng",
        kind=NoticeKind.OBLIGATION,
        subject=7,
        person=user.pk,
    )


def _over(old: User, new: User, admin: User, day: date = TODAY, words: str = "QĐ 9") -> HandOver:
    return hand_over(old=old, new=new, from_day=day, words=words, by=admin, on=TODAY)


def test_work_drafts_and_notices_move_and_the_old_access_ends(
    plan: Plan, cast: Any, fresh: User, signed_in: Any
) -> None:
    _kept(cast.la_nga)
    unit = cast.la_nga.holding().organisation
    made = _over(cast.la_nga, fresh, cast.admin)
    assert made.moved == {"drafts": 1, "plans": 1}
    old, new = _again(cast.la_nga), _again(fresh)
    assert not old.may("plans.work")
    assert new.may("plans.work")
    assert new.holding().organisation == unit  # type: ignore[union-attr]
    assert drafts_of(new)["plans.result:7"].fields == {"words": ["dở dang"]}
    assert drafts_of(old) == {}
    assert [row.words for row in notices_of(new)] == ["Việc riêng"]
    assert signed_in(old).get("/ke-hoach/viec/").status_code == 403
    assert signed_in(new).get("/ke-hoach/viec/").status_code == 200


def test_a_hand_over_of_a_later_day_waits_for_it(plan: Plan, cast: Any, fresh: User) -> None:
    _kept(cast.la_nga)
    made = _over(cast.la_nga, fresh, cast.admin, LATER)
    assert made.moved_at is None
    assert _again(cast.la_nga).may("plans.work")
    assert settle(on=LATER - timedelta(days=1), by=None) == 0
    with clock.fixed_today(LATER - timedelta(days=1)):
        assert _again(cast.la_nga).may("plans.work")
        assert not _again(fresh).may("plans.work")
    with clock.fixed_today(LATER):
        assert settle(on=LATER, by=None) == 1
        assert settle(on=LATER, by=None) == 0
        assert not _again(cast.la_nga).may("plans.work")
        assert _again(fresh).may("plans.work")
    assert Notice.objects.get(words="Việc riêng").person == fresh


def test_a_draft_of_the_successor_is_not_overwritten(plan: Plan, cast: Any, fresh: User) -> None:
    _kept(cast.la_nga)
    drafts.keep(by=fresh, form="plans.result:7", fields={"words": ["của tôi"]}, seen="")
    assert _over(cast.la_nga, fresh, cast.admin).moved["drafts"] == 0
    assert drafts_of(fresh)["plans.result:7"].fields == {"words": ["của tôi"]}


@pytest.mark.parametrize("case", ["self", "past", "no words", "busy", "locked", "no role", "clerk"])
def test_what_cannot_be_handed_over_is_refused(
    plan: Plan, cast: Any, fresh: User, case: str
) -> None:
    old, new, by, day, words = cast.la_nga, fresh, cast.admin, TODAY, "QĐ 9"
    if case == "self":
        new = old
    elif case == "past":
        day = TODAY - timedelta(days=1)
    elif case == "no words":
        words = " "
    elif case == "busy":
        new = cast.finance
    elif case == "locked":
        fresh.is_active = False
        fresh.save()
    elif case == "no role":
        old = User.objects.create_user("khong-vai", full_name="x")
    else:
        by = cast.planner
    with pytest.raises(HandOverRefused):
        hand_over(old=old, new=new, from_day=day, words=words, by=by, on=TODAY)
    assert _again(cast.la_nga).may("plans.work")


def test_a_colleague_of_the_same_role_and_unit_takes_over(plan: Plan, cast: Any) -> None:
    colleague = person("la-nga-2", "unit_clerk", commune("La Ngà"))
    _kept(cast.la_nga)
    assert _over(cast.la_nga, colleague, cast.admin).moved["drafts"] == 1
    assert _again(colleague).may("plans.work")


def _stand_in(cast: Any, who: User, first: date = TODAY, end: date = END) -> Substitution:
    return name_substitute(
        absent=cast.la_nga,
        substitute=who,
        days=(first, end),
        words="nghỉ phép",
        by=cast.admin,
        on=TODAY,
    )


def test_a_substitute_works_for_the_absent_person_up_to_the_day(
    plan: Plan, cast: Any, signed_in: Any
) -> None:
    row = Obligation.objects.filter(
        plan=plan, holder=cast.la_nga.holding().organisation, task__isnull=False
    )[0]
    made = _stand_in(cast, cast.other_commune)
    client = signed_in(cast.other_commune)
    page = f"/ke-hoach/viec/{row.pk}/"
    assert client.get(page).status_code == 404
    assert cast.la_nga.full_name in client.get("/tai-khoan/cua-toi/").content.decode()
    client.post("/tai-khoan/lam-thay/", {"substitution": made.pk})
    shown = client.get(page)
    assert shown.status_code == 200
    assert "làm thay" in shown.content.decode()
    client.post(f"{page}lam/", {"verb": "progress", "percent": "20", "words": "thay mặt"})
    line = AuditLine.objects.filter(action="plans.progress").latest("pk")
    # The own name stands there, and for whom.
    assert line.actor == cast.other_commune
    assert line.data["acting_for"] == cast.la_nga.username
    with clock.fixed_today(END - timedelta(days=1)):
        assert client.get(page).status_code == 200
    with clock.fixed_today(END):
        assert client.get(page).status_code == 404
    # The absent person keeps the own access all the time.
    assert _again(cast.la_nga).may("plans.work")


def test_a_substitute_goes_back_to_the_own_work(plan: Plan, cast: Any, signed_in: Any) -> None:
    made = _stand_in(cast, cast.other_commune)
    client = signed_in(cast.other_commune)
    client.post("/tai-khoan/lam-thay/", {"substitution": made.pk})
    assert "làm thay" in client.get("/ke-hoach/viec/").content.decode()
    client.post("/tai-khoan/lam-thay/")
    assert "làm thay" not in client.get("/ke-hoach/viec/").content.decode()


def test_who_has_no_role_works_as_the_absent_person_at_once(
    plan: Plan, cast: Any, fresh: User, signed_in: Any
) -> None:
    _stand_in(cast, fresh)
    assert signed_in(fresh).get("/ke-hoach/viec/").status_code == 200
    with clock.fixed_today(END):
        assert signed_in(fresh).get("/ke-hoach/viec/").status_code == 403


def test_nobody_chooses_a_substitution_that_is_not_the_own(
    plan: Plan, cast: Any, signed_in: Any
) -> None:
    made = _stand_in(cast, cast.other_commune)
    client = signed_in(cast.finance)
    assert client.post("/tai-khoan/lam-thay/", {"substitution": made.pk}).status_code == 404
    assert "làm thay" not in client.get("/ke-hoach/viec/").content.decode()


def test_a_substitute_does_not_read_the_drafts_of_the_absent_person(
    plan: Plan, cast: Any, signed_in: Any
) -> None:
    _kept(cast.la_nga)
    made = _stand_in(cast, cast.other_commune)
    client = signed_in(cast.other_commune)
    client.post("/tai-khoan/lam-thay/", {"substitution": made.pk})
    assert drafts_of(cast.other_commune) == {}


@pytest.mark.parametrize(
    ("first", "end"),
    [(TODAY, TODAY), (LATER, TODAY), (TODAY - timedelta(days=1), END), (TODAY, date.min)],
)
def test_days_of_a_substitution_are_in_order(plan: Plan, cast: Any, first: date, end: date) -> None:
    with pytest.raises(SubstituteRefused):
        _stand_in(cast, cast.other_commune, first, end)


def test_one_substitute_at_a_time_and_the_next_from_the_end_day(plan: Plan, cast: Any) -> None:
    _stand_in(cast, cast.other_commune)
    with pytest.raises(SubstituteRefused):
        _stand_in(cast, cast.finance, END - timedelta(days=1), END + timedelta(days=3))
    _stand_in(cast, cast.finance, END, END + timedelta(days=3))
    with pytest.raises(SubstituteRefused):
        name_substitute(
            absent=cast.finance,
            substitute=cast.la_nga,
            days=(TODAY, END),
            words="x",
            by=cast.planner,
            on=TODAY,
        )


def test_a_substitution_ends_early(plan: Plan, cast: Any) -> None:
    made = _stand_in(cast, cast.other_commune)
    end_substitution(substitution=made, by=cast.admin, on=TODAY + timedelta(days=2))
    made.refresh_from_db()
    assert made.ends_on == TODAY + timedelta(days=2)
    coming = _stand_in(cast, cast.finance, LATER, END)
    end_substitution(substitution=coming, by=cast.admin, on=TODAY)
    assert not Substitution.objects.filter(pk=coming.pk).exists()


def test_the_administrators_page_enters_and_shows_both(
    plan: Plan, cast: Any, fresh: User, signed_in: Any
) -> None:
    assert signed_in(cast.planner).get("/tai-khoan/ban-giao/").status_code == 403
    client = signed_in(cast.admin)
    wrong = {
        "verb": "hand_over",
        "old": "khong-co",
        "new": "nguoi-moi",
        "from_day": "2026-11-30",
        "words": "QĐ",
    }
    answer = client.post("/tai-khoan/ban-giao/", wrong).content.decode()
    assert "không có tài khoản" in answer
    assert 'value="nguoi-moi"' in answer
    sent = wrong | {"old": cast.la_nga.username}
    assert client.post("/tai-khoan/ban-giao/", sent).status_code == 302
    stand_in = {
        "verb": "substitute",
        "absent": cast.finance.username,
        "substitute": cast.other_commune.username,
        "first": "2026-11-24",
        "end": "2026-11-27",
        "words": "đi học",
    }
    assert client.post("/tai-khoan/ban-giao/", stand_in).status_code == 302
    page = client.get("/tai-khoan/ban-giao/").content.decode()
    assert "chờ đến ngày" in page
    assert "27/11/2026" in page


def owner(sql: str, key: int) -> None:
    """What the owner of the database can do: with every trigger off."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(sql, [key])
        cursor.execute("SET LOCAL session_replication_role = origin")


def test_a_hand_over_and_a_substitution_altered_behind_the_services_are_named(
    plan: Plan, cast: Any, fresh: User
) -> None:
    colleague = person("la-nga-3", "unit_clerk", commune("La Ngà"))
    named = _stand_in(cast, colleague)
    made = _over(cast.la_nga, fresh, cast.admin, day=LATER)
    assert list(records_are_as_decided()) == []
    assert list(changes_have_their_line()) == []
    owner("UPDATE access_handover SET words = 'khác' WHERE id = %s", made.pk)
    owner("UPDATE access_substitution SET ends_on = ends_on + 30 WHERE id = %s", named.pk)
    assert list(records_are_as_decided()) == [
        f"access_handover {made.pk}: nội dung khác lần ghi cuối",
        f"access_substitution {named.pk}: nội dung khác lần ghi cuối",
    ]

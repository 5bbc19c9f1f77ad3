"""Run before the server of a session's story starts: a point in La Ngà, a group that owes, a session of today with its team."""

from datetime import date

TODAY, LENT = date(2026, 11, 23), date(2026, 6, 23)
SINCE = date(2024, 1, 1)
TEAM = (("demo-tindung", "leader"), ("demo-kiemsoat", "controller"), ("demo-giaodich", "teller"))
NAMES = ("Nguyễn Thị Lành", "Trần Văn Bình", "Đỗ Thị Sáu", "Phạm Thị Mận", "Hồ Văn Tư")
BALANCE, PAID_OUT = 20_000_000, 30_000_000


def build() -> None:
    """Five loans of one group, one application to pay out, a session that is open today."""
    from lending_cast import approved, lend, make_bank, make_household, savings_of

    from tdcs.access.models import User
    from tdcs.organisations.models import (
        OrganisationProfile,
        ServedArea,
        TransactionPoint,
        TransactionPointProfile,
        living_on,
    )
    from tdcs.transaction_points.models import GroupAtPoint, TransactionSession
    from tdcs.transaction_points.services.schedule import Team, name_team

    bank = make_bank()
    area = OrganisationProfile.objects.get(organisation__code="ubnd@n26227", ends_on=None).area
    served = ServedArea.objects.filter(living_on(TODAY), area=area)
    if not served.filter(office=bank.office).exists():
        served.delete()
        ServedArea.objects.create(office=bank.office, area=area, starts_on=date(2025, 7, 1))
    point = TransactionPoint.objects.create(code="TXN1", starts_on=SINCE)
    TransactionPointProfile.objects.create(
        point=point,
        name="Điểm La Ngà",
        area=area,
        session_day=23,
        hours="8h00-11h00",
        place="UBND xã La Ngà",
        starts_on=SINCE,
    )
    GroupAtPoint.objects.create(group=bank.group, point=point, starts_on=SINCE)
    for name in NAMES:
        home = make_household(bank.group, name)
        savings_of(home, bank)
        lend(bank, home, on=LENT, amount=BALANCE)
    approved(bank, make_household(bank.group, "Lê Thị Mới"), on=TODAY, amount=PAID_OUT)
    session = TransactionSession.objects.create(
        point=point, office=bank.office, due_on=TODAY, held_on=TODAY, place="UBND xã La Ngà"
    )
    people = [(User.objects.get(username=name), role) for name, role in TEAM]
    name_team(session=session, team=Team(people), by=people[1][0], on=TODAY)
    TransactionSession.objects.update(state="open")


if __name__ == "__main__":
    import django

    django.setup()
    build()

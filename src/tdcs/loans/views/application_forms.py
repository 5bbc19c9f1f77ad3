"""Asking for a loan: the household, what the law offers it, the form (01/TD)."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from tdcs.access.gate import PersonRequest, requires
from tdcs.access.queries import own_organisation
from tdcs.core import clock
from tdcs.core.errors import Refusal
from tdcs.documents.numbers import dong_in_words
from tdcs.entrustment.models import SavingsGroup
from tdcs.entrustment.queries.groups import profile_on
from tdcs.households.models import Household, Person
from tdcs.households.queries.finding import HouseholdFilters, find_households, heads_and_places
from tdcs.households.queries.scope import is_group_leader
from tdcs.households.rules import is_grown
from tdcs.http import parse_int, show_success
from tdcs.ledger.queries import was_done
from tdcs.ledger.services import idempotent
from tdcs.loans.forms.applications import ApplyChoices, ApplyForm, groups_of, words_of
from tdcs.loans.queries.borrowing import group_of, office_serving, people_of, sources_for
from tdcs.loans.queries.offers import Limits, limits_of, offers
from tdcs.loans.queries.scope import living_households
from tdcs.loans.services.applications import LoanRequest, apply
from tdcs.organisations.models import Kind, Organisation
from tdcs.programmes.rules import default_spacing, programmes

_FOUND = 20
_AFTER_LAW = (
    "amount",
    "term_months",
    "instalment_months",
    "purpose",
    "borrower",
    "channel",
    "source",
)


@requires("loans.apply")
@require_http_methods(["GET", "POST"])
def apply_page(request: PersonRequest) -> HttpResponse:
    """The form for one household; without a household, the search for one."""
    key = parse_int(request.GET.get("household") or request.POST.get("household"))
    if not key:
        return _choose(request)
    on, household = clock.today(), household_or_404(request, key)
    desk = Desk(request, household, on)
    form = desk.form()
    if request.method == "POST" and "look" not in request.POST and form.is_valid():
        try:
            return desk.file(form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, words_of(refusal))
    return render(request, "loans/application_new.html", desk.context(form))


@requires("loans.apply")
@require_GET
def apply_hint(request: PersonRequest) -> HttpResponse:
    """What the law says of the programme, amount and term typed so far: a piece of the form's page."""
    household = household_or_404(request, parse_int(request.GET.get("household")))
    desk = Desk(request, household, clock.today())
    form = desk.form(request.GET)
    return render(request, "loans/_application_hint.html", desk.context(form))


def household_or_404(request: PersonRequest, pk: int) -> Household:
    """A living household in the person's scope."""
    return get_object_or_404(living(request), pk=pk)


def living(request: PersonRequest) -> QuerySet[Household]:
    """Households in scope that have not ended."""
    return living_households(request.user, clock.today())


def _choose(request: PersonRequest) -> HttpResponse:
    """A group leader sees the group's households; an officer searches."""
    on, words = clock.today(), request.GET.get("q", "").strip()[:100]
    leads = is_group_leader(request.user)
    rows: list[Household] = []
    if words or leads:
        found = find_households(request.user, HouseholdFilters(words=words), on)
        rows = list(found[: 60 if leads else _FOUND])
    faces = heads_and_places([row.pk for row in rows], on)
    context = {
        "q": words,
        "leads": leads,
        "rows": [(row, faces[row.pk]) for row in rows],
        "full": len(rows) == _FOUND and not leads,
    }
    return render(request, "loans/application_choose.html", context)


class Desk:
    """One household before the desk: its offers, its people, its group, the money that may be lent."""

    def __init__(self, request: PersonRequest, household: Household, on: date) -> None:
        self.request, self.household, self.on = request, household, on
        self.offers = offers(household, on)
        self.group = self._group()
        self.people = self._people()
        self.sources = sources_for(household, on)

    def form(self, given: Any = None) -> ApplyForm:
        """The form over what was sent, or over the address' beginning."""
        sent: Any = given if given is not None else self.request.POST or None
        return ApplyForm(
            sent,
            initial=self._initial(),
            given=ApplyChoices(
                offers=self.offers,
                limits=self.limits(sent or self.request.GET),
                borrowers=[(row.pk, row.full_name) for row in self.people],
                channels=self._channels(),
                sources=[(row.pk, row.name) for row in self.sources],
            ),
            day=self.on,
            again=bool(sent) and was_done(sent.get("key", "")),
        )

    def limits(self, sent: Any) -> Limits | None:
        """The limits of the programme chosen, for the target group chosen."""
        code, target = sent.get("programme", ""), sent.get("target_group", "")
        chosen = programmes().get(code)
        if chosen is None or not any(
            offer.verdict.eligible for offer in self.offers if offer.programme is chosen
        ):
            return None
        return limits_of(self.household, code, self.on, target if target in chosen.groups else "")

    def file(self, data: dict[str, Any]) -> HttpResponse:
        """Make the application, once for a key; to its page."""
        group = self.group if data["channel"] else None
        request = {name: value for name, value in data.items() if name != "key"}

        def work(_operation: Any) -> dict[str, Any]:
            made = apply(
                request=LoanRequest(
                    household=self.household,
                    borrower=next(row for row in self.people if row.pk == data["borrower"]),
                    programme=data["programme"],
                    target_group=data["target_group"],
                    amount=data["amount"],
                    term_months=data["term_months"],
                    instalment_months=data["instalment_months"],
                    purpose=data["purpose"],
                    group=group,
                    office=self._office(group),
                    source=next(row for row in self.sources if row.pk == data["source"]),
                ),
                by=self.request.user,
                on=self.on,
            )
            return {"application": made.pk, "number": made.number}

        answer = idempotent(
            key=data["key"],
            action="loans.apply",
            request={"household": self.household.pk, **request},
            by=self.request.user,
            on=self.on,
            work=work,
        )
        show_success(self.request, _("Đã lập hồ sơ %(n)s.") % {"n": answer["number"]})
        return redirect("loans:application", pk=answer["application"])

    def context(self, form: ApplyForm) -> dict[str, Any]:
        """What the page and its hint show."""
        limits, value = form.limits, _typed(form)
        amount, term = value("amount"), value("term_months")
        over = limits is not None and limits.left is not None and amount > limits.left
        longest = limits.terms.max_term_months if limits else None
        return {
            "household": self.household,
            "face": heads_and_places([self.household.pk], self.on)[self.household.pk],
            "form": form,
            "fields": [form[name] for name in _AFTER_LAW],
            "on": self.on,
            "open": [offer for offer in self.offers if offer.verdict.eligible],
            "closed": [offer for offer in self.offers if not offer.verdict.eligible],
            "limits": limits,
            "groups": groups_of(limits),
            "chosen": str(form["programme"].value() or ""),
            "target": str(form["target_group"].value() or ""),
            "in_words": dong_in_words(amount) if 0 < amount < 10**12 else "",
            "over": over,
            "too_long": longest is not None and term > longest,
            "spacing": default_spacing(
                limits.programme.code, term, "group" if self.group else "direct", self.on
            )
            if limits and term > 0
            else None,
            "group": self.group,
            "group_name": profile_on(self.group, self.on).name if self.group else "",
            "nobody": not self.people,
            "nowhere": not self._channels(),
        }

    def _initial(self) -> dict[str, Any]:
        open_ = [offer.programme.code for offer in self.offers if offer.verdict.eligible]
        asked = self.request.GET.get("programme", "")
        return {
            "programme": asked if asked in open_ else open_[0] if len(open_) == 1 else "",
            "key": f"apply-{uuid4()}",
            "channel": self.group.pk if self.group else 0,
        }

    def _group(self) -> SavingsGroup | None:
        """The group to which the household belongs on the day; for a leader only the own one."""
        return group_of(self.household, self.request.user, self.on)

    def _channels(self) -> list[tuple[int, str]]:
        """The group, and for the bank's own people the direct way."""
        found = []
        if self.group is not None:
            name = profile_on(self.group, self.on).name
            found.append((self.group.pk, _("Qua tổ %(n)s") % {"n": f"{self.group.code} {name}"}))
        if not is_group_leader(self.request.user):
            found.append((0, _("Trực tiếp tại ngân hàng")))
        return found

    def _people(self) -> list[Person]:
        """Members who are grown up on the day, the head first; who has no day of birth counts as grown up."""
        people = people_of(self.household, self.on)
        return [row for row in people if is_grown(row.born_on, self.on)]

    def _office(self, group: SavingsGroup | None) -> Organisation:
        """The office of the group; for a direct loan the person's own, or the one that serves the commune."""
        if group is not None:
            return profile_on(group, self.on).office
        unit = own_organisation(self.request.user)
        if unit is not None and unit.kind == Kind.TRANSACTION_OFFICE:
            return unit
        office = office_serving(self.household, self.on)
        if office is None:
            raise Http404("no office")
        return office


def _typed(form: ApplyForm) -> Any:
    """A function that reads a number from what was typed, 0 when it is none."""

    def value(name: str) -> int:
        try:
            return int(form.fields[name].clean(form[name].value()) or 0)
        except ValidationError:
            return 0

    return value

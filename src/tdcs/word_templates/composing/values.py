"""The values of one record, by the names of its tags (law/word_templates/tags.yaml)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any, Final

from tdcs.access.models import User
from tdcs.core import law
from tdcs.documents import numbers
from tdcs.documents.forms.filling import percent_of_ppm
from tdcs.entrustment.models import SavingsGroup
from tdcs.entrustment.queries.groups import board_on, faces_of, member_rows, profile_on
from tdcs.entrustment.rules import GRADES
from tdcs.households.queries.scope import area_names
from tdcs.loans.composing.facts import Paper, bare_place, group_of, office_of
from tdcs.loans.composing.forms import context_for
from tdcs.loans.models import ChangeRequest, Loan
from tdcs.loans.queries.owed import due_rows
from tdcs.loans.queries.sheets import lines_of
from tdcs.loans.rules.balance import state_of
from tdcs.loans.states import OPEN_STATES, EventKind, LoanState
from tdcs.organisations.models import Kind, OrganisationProfile, TransactionPointProfile, living_on
from tdcs.organisations.queries import names_on, profile_of
from tdcs.oversight.models import Inspection
from tdcs.oversight.queries.inspections import (
    borrowers_of,
    checklist_of,
    findings_of,
    subject_names,
)
from tdcs.transaction_points.queries.scope import areas_of
from tdcs.word_templates.filling.tags import Tag, tags_of
from tdcs.word_templates.models import TemplateKind
from tdcs.word_templates.queries import figures

_SAID: Final = {"yes": "có", "no": "không", "none": "không áp dụng"}
Values = dict[str, Any]


def values_of(
    kind: str, key: int, *, used: Collection[str], by: User, on: date, full: bool = False
) -> Values:
    """The tags of a record; ``used``: those that the template names, so that no other costs anything; ``full``: identity
    numbers and telephones are written out. The caller has asked whether the person may."""
    made = _OF[kind](key, set(used), on, full)
    blank: Values = {
        name: [] if tag.type == "list" else None for name, tag in tags_of(kind).items()
    }
    found = {**blank, **_common(by, on), **made}
    for name, tag in tags_of(kind).items():
        if tag.type == "list":
            found[name] = _numbered(found[name], tag)
    return {name: found[name] for name in blank}


def numbers_in(values: Values, plain: Iterable[str], lists: Iterable[str]) -> int:
    """How many identity numbers and telephones stand in a record's values, of the tags that a template uses."""
    shown = sum(bool(values[name]) for name in plain)
    return shown + sum(
        bool(row.get(column))
        for name in lists
        for row in values[name]
        for column in ("cmnd", "sdt")
    )


def _numbered(rows: list[Values], tag: Tag) -> list[Values]:
    return [
        {name: at if name == "stt" else row.get(name) for name in tag.columns}
        for at, row in enumerate(rows, 1)
    ]


def _common(by: User, on: date) -> Values:
    profiles = OrganisationProfile.objects.filter(organisation__kind=Kind.VBSP_BRANCH)
    branch = profiles.filter(starts_on__lte=on).order_by("-starts_on").first() or profiles.first()
    return {
        "ten_cn": branch.name if branch else "",
        "ten_tinh": law.province_name(on),
        "ngay_in": on,
        "nguoi_in": by.full_name,
    }


def _loan(key: int, used: set[str], on: date, full: bool) -> Values:
    near = ("household", "borrower", "group", "office", "source", "application")
    loan = Loan.objects.select_related(*near).get(pk=key)
    asked = ChangeRequest.objects.filter(loan=loan).order_by("-asked_on", "-pk").first()
    made = context_for("01/XLN", asked or loan, on, full=full)
    deal, standing, change = made["deal"], made["standing"], made["change"]
    parts = {row["name"]: row["amount"] for row in made["parts"]}
    kinds = dict(EventKind.choices)
    return {
        "ten_pgd": made["office"]["name"],
        "ten_nhcsxh": made["office"]["name"],
        "dia_danh": made["place"],
        "ten_kh": made["borrower"]["name"],
        "ngay_sinh": made["borrower"]["born_on"],
        "cmnd": made["borrower"]["identity"],
        "sdt": made["borrower"]["phone"],
        "ma_kh": made["household"]["code"],
        "dia_chi": made["household"]["address"],
        "ten_thon": made["household"]["hamlet"],
        "ten_xa": made["commune"]["name"],
        "ten_to": made["group"]["name"],
        "ma_to": made["group"]["code"],
        "to_truong": made["group"]["leader"],
        "ten_hoi": made["group"]["mass_organisation"],
        "so_ku": loan.number,
        "ten_ct": deal["programme_name"],
        "muc_dich_vay": deal["purpose"],
        "muc_vay": loan.principal,
        "ngay_vay": loan.disbursed_on,
        "ngay_dh": loan.final_due_on,
        "thoi_han": loan.term_months,
        "ky_han": loan.instalment_months,
        "lai_suat": percent_of_ppm(loan.rate_ppm),
        "tinh_trang": _state_words(loan, on) if "tinh_trang" in used else "",
        "du_no_th": parts["Nợ gốc trong hạn"],
        "no_qh": parts["Nợ gốc quá hạn"],
        "no_khoanh": parts["Nợ gốc đang khoanh"],
        "tong_du_no": standing["balance"],
        "du_no_goc": standing["balance"],
        "lai_ton": standing["interest_due"],
        "tong_phai_tra": standing["owed"],
        "goc_da_tra": loan.paid_total,
        "loai_de_nghi": kinds.get(change["kind"], "") if change["kind"] else "",
        "ngay_de_nghi": change["asked_on"],
        "nguyen_nhan": change["cause"],
        "so_tien_de_nghi": change["amount"],
        "den_ngay": change["until_on"],
        "muc_do_thiet_hai": change["loss_percent"],
        "lich_tra": [
            {"ngay": row["session_on"], "so_tien": row["principal"]} for row in made["schedule"]
        ],
        "thanh_vien": [
            {
                "ho_ten": row["name"],
                "ngay_sinh": row["born_on"],
                "quan_he": row["relation"],
                "cmnd": row["identity"],
            }
            for row in made["household"]["members"]
        ],
    }


def _state_words(loan: Loan, on: date) -> str:
    (row,) = due_rows([loan.pk], max(on, loan.disbursed_on))
    return dict(LoanState.choices)[state_of({**row, "is_frozen": row["frozen"]})]


def _group(key: int, used: set[str], on: date, full: bool) -> Values:
    group = SavingsGroup.objects.get(pk=key)
    profile = profile_on(group, on)
    face = faces_of([key], on)[key]
    paper = Paper(on, full)
    known = group_of(group, paper)
    office = office_of(profile.office, paper)
    loans = _borrowers(Loan.objects.filter(group=group, state__in=OPEN_STATES), on)
    balance, overdue = (sum(row[name] for row in loans) for name in ("du_no", "no_qh"))
    return {
        "ten_pgd": office["name"],
        "dia_danh": office["place"],
        "ten_to": known["name"],
        "ma_to": group.code,
        "to_truong": known["leader"],
        "to_pho": known["deputy"],
        "ten_hoi": known["mass_organisation"],
        "ten_xa": face.commune,
        "ten_thon": face.hamlet,
        "ngay_gd": face.session_day,
        "xep_loai": GRADES.get(face.grade, ""),
        "diem": face.total,
        "so_tv": face.members,
        "so_kh": len({row["ma_kh"] for row in loans}),
        "so_mon": len(loans),
        "tong_muc_vay": sum(row["muc_vay"] for row in loans),
        "tong_du_no": balance,
        "du_no_qua_han": overdue,
        "ty_le_nqh": numbers.share(overdue, balance),
        "lai_ton": sum(row["lai_ton"] for row in loans),
        "tien_gui": face.savings,
        "ds_kh": loans,
        "ds_tv": [
            {
                "ho_ten": row.member.person.full_name,
                "ma_kh": row.member.household.code,
                "chuc_vu": row.post,
                "tien_gui": row.savings,
                "cmnd": paper.identity(row.member.person),
            }
            for row in (member_rows(group, on) if "ds_tv" in used else [])
        ],
    }


def _borrowers(rows: Any, on: date) -> list[Values]:
    """Lines of a group's loans that owe, by name."""
    lines = lines_of(rows, on)
    more = {
        row.pk: row
        for row in Loan.objects.filter(pk__in=[line.loan for line in lines]).select_related(
            "application"
        )
    }
    return [_line(line, more[line.loan]) for line in lines]


def _line(line: Any, loan: Loan) -> Values:
    return {
        "ten_kh": line.name,
        "ma_kh": line.household,
        "so_ku": line.number,
        "ten_ct": line.programme,
        "muc_vay": loan.principal,
        "ngay_vay": loan.disbursed_on,
        "ngay_dh": loan.final_due_on,
        "muc_dich_vay": loan.application.purpose if loan.application else "",
        "du_no": line.balance,
        "no_qh": line.overdue,
        "lai_ton": line.interest_due,
        "goc_den_han": line.principal_due,
        "tien_gui": line.savings,
    }


def _commune(key: int, used: set[str], on: date, full: bool) -> Values:
    book = figures.book_of_commune(key, on)
    name = area_names([key], on)[key]
    named = {"ten_xa": name, "dia_danh": bare_place(name[:1].lower() + name[1:])}
    return {**_place(book, [key], used, on), **named}


def _unit(key: int, used: set[str], on: date, full: bool) -> Values:
    profile = profile_of(key, on)
    areas = [profile.area_id] if profile.area_id else []
    if profile.organisation.kind == Kind.TRANSACTION_OFFICE:
        areas = list(areas_of([key], on))
    book = figures.book_of_unit(key, on)
    here = {"ten_pgd": profile.name, "dia_danh": profile.place_name}
    if profile.area_id:
        here["ten_xa"] = area_names([profile.area_id], on)[profile.area_id]
    return {**_place(book, areas, used, on), **here}


def _place(book: list[figures.BookLoan], areas: list[int], used: set[str], on: date) -> Values:
    groups = {row.group for row in book if row.group and row.balance > 0}
    faces = faces_of(groups, on) if used & {"ds_thon", "ten_pgd", "dia_danh"} else {}
    points = TransactionPointProfile.objects.filter(living_on(on), area_id__in=areas)
    offices = [face.office for face in faces.values()]
    return {
        **figures.sums_of(book, on, amber="mon_amber_tong" in used),
        "so_to": len(groups),
        "tien_gui_105": figures.savings_of(groups) if "tien_gui_105" in used else None,
        "ten_dgd": ", ".join(points.order_by("name").values_list("name", flat=True)),
        "ds_thon": ", ".join(sorted({face.hamlet for face in faces.values() if face.hamlet})),
        "ten_pgd": max(set(offices), key=offices.count) if offices else "",
        "dia_danh": "",
        "bang_hoi": figures.by_mass(book, on) if "bang_hoi" in used else [],
        "bang_ct": figures.by_programme(book) if "bang_ct" in used else [],
        "bang_to": figures.by_group(book, on) if "bang_to" in used else [],
        "ds_no_xau": figures.in_trouble(book, on) if "ds_no_xau" in used else [],
    }


def _inspection(key: int, used: set[str], on: date, full: bool) -> Values:
    row = Inspection.objects.select_related("group", "body", "lead").get(pk=key)
    checklist = checklist_of(row)
    body = profile_of(row.body_id, on)
    profile = profile_on(row.group, on) if row.group else None
    loans = [_visited(one, on) for one in borrowers_of(row, on)] if row.group else []
    members = [one.person.full_name for one in row.members.select_related("person")]
    return {
        "so_kt": row.number,
        "ten_pgd": names_on(on, [profile.office_id])[profile.office_id] if profile else "",
        "dia_danh": body.place_name,
        "ten_don_vi_kt": body.name,
        "doi_tuong": subject_names([row], on)[row.pk],
        "ma_to": row.group.code if row.group else "",
        "to_truong": _leader(row.group, on) if row.group else "",
        "ten_xa": area_names([row.area_id], on)[row.area_id],
        "ngay_kt": row.held_on or row.due_on,
        "mau_so": checklist.number,
        "ten_mau": checklist.vi,
        "dot_xuat": "đột xuất" if row.surprise else "",
        "truong_doan": row.lead.full_name,
        "nguoi_lam_viec": row.witnesses,
        "ket_luan": row.conclusion,
        "so_ho": len(loans),
        "so_ho_da_gap": row.visits.count(),
        "tong_muc_vay": sum(one["muc_vay"] for one in loans),
        "tong_du_no": sum(one["du_no"] for one in loans),
        "tong_lai_ton": sum(one["lai_ton"] for one in loans),
        "tong_tien_gui": sum(one["tien_gui"] for one in loans),
        "thanh_vien_doan": [
            {"ho_ten": row.lead.full_name, "chuc_vu": "Trưởng đoàn"},
            *({"ho_ten": name, "chuc_vu": "Thành viên"} for name in members),
        ],
        "cau_hoi": [
            {"noi_dung": item.vi, "ket_qua": _SAID.get(row.answers.get(item.code, ""), "")}
            for item in checklist.items
        ],
        "ds_kh": loans,
        "ton_tai": [
            {
                "noi_dung": one.words,
                "muc_do": one.get_severity_display(),
                "nguyen_nhan": one.cause,
                "kien_nghi": one.recommendation,
                "nguoi_khac_phuc": one.owner.full_name,
                "han": one.due_on,
            }
            for one in findings_of(row)
        ],
    }


def _leader(group: SavingsGroup, on: date) -> str:
    return next((one.person.full_name for one in board_on(group, on) if one.post == "leader"), "")


def _visited(one: Any, on: date) -> Values:
    loan = Loan.objects.select_related("application").get(pk=one.line.loan)
    visit = one.visit
    return {
        **_line(one.line, loan),
        "ket_qua": visit.get_result_display() if visit else "",
        "dung_muc_dich": visit.rightly if visit else None,
        "sai_muc_dich": visit.wrongly if visit else None,
        "ghi_chu": visit.words if visit else "",
    }


_OF: Final = {
    TemplateKind.LOAN.value: _loan,
    TemplateKind.GROUP.value: _group,
    TemplateKind.COMMUNE.value: _commune,
    TemplateKind.UNIT.value: _unit,
    TemplateKind.INSPECTION.value: _inspection,
}

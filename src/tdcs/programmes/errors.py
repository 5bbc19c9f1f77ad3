"""Refusals of programmes."""

from tdcs.core.errors import Refusal


class UnknownProgramme(Refusal):
    code = "unknown_programme"
    vi = "Không có chương trình tín dụng “{programme}”."
    en = "There is no credit programme “{programme}”."
    next_step_vi = "Xem danh sách chương trình: tdcs law list."
    next_step_en = "See the programmes: tdcs law list."
    basis = "law/parameters/programmes.yaml"

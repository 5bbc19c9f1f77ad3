"""Refusals of the survey of needs."""

from __future__ import annotations

from tdcs.core.errors import Refusal


class SurveyExists(Refusal):
    code = "survey_exists"
    vi = "Đợt khảo sát này đã mở."
    en = "This survey is open already."
    next_step_vi = "Mở đợt khảo sát đã có trong danh sách."
    next_step_en = "Open the survey that is in the list."


class SurveyClosed(Refusal):
    code = "survey_closed"
    vi = "Đợt khảo sát đã chốt ngày {on}."
    en = "The survey was closed on {on}."
    next_step_vi = "Mở đợt khảo sát của kỳ sau."
    next_step_en = "Open the next period's survey."


class NeedExists(Refusal):
    code = "need_exists"
    vi = "Hộ {code} đã có nhu cầu chương trình {programme} trong đợt này."
    en = "Household {code} already has a need for {programme} in this survey."
    next_step_vi = "Sửa nhu cầu đang có."
    next_step_en = "Change the existing need."

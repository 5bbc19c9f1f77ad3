"""Refusals of the indicators room."""

from __future__ import annotations

from tdcs.core.errors import Refusal


class UnknownKey(Refusal):
    code = "unknown_key"
    vi = "Không chia chỉ tiêu theo “{key}”."
    en = "Indicators are not divided by “{key}”."
    next_step_vi = "Chọn trong: {known}."
    next_step_en = "Choose among: {known}."


class UnknownIndicator(Refusal):
    code = "unknown_indicator"
    vi = "Không có chỉ tiêu “{indicator}”."
    en = "There is no indicator “{indicator}”."
    next_step_vi = "Xem danh mục chỉ tiêu."
    next_step_en = "See the catalogue of indicators."


class NotDividedSo(Refusal):
    code = "not_divided_so"
    vi = "Chỉ tiêu “{name}” không chia được theo “{key}”."
    en = "“{name}” cannot be divided by “{key}”."
    next_step_vi = "Chia chỉ tiêu này theo: {known}."
    next_step_en = "Divide it by: {known}."


class NoSnapshot(Refusal):
    code = "no_snapshot"
    vi = "Chưa có ngày khóa sổ nào đến {day}."
    en = "No day has been closed by {day}."
    next_step_vi = "Khóa sổ (tdcs close) hoặc chọn ngày sau."
    next_step_en = "Close the days (tdcs close) or choose a later day."

"""Refusals of the capital room."""

from tdcs.core.errors import Refusal


class InvestorUnfit(Refusal):
    code = "investor_unfit"
    vi = "{name} không phải là UBND; vốn ủy thác địa phương là của ngân sách một cấp."
    en = "{name} is no People's Committee; local entrusted capital comes from a budget."
    next_step_vi = "Chọn UBND của cấp ngân sách ủy thác."
    next_step_en = "Choose the committee whose budget entrusts the money."
    basis = "TT 11/2017/TT-BTC; TT 84/2025/TT-BTC"

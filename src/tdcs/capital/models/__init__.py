"""What the room keeps: sources, the money that came into them, how budgets entrust, what else may be moved to policy credit."""

from tdcs.capital.models.budgets import BalanceConfirmation, BudgetEstimate
from tdcs.capital.models.funding import (
    FundingContract,
    FundingKind,
    FundReceipt,
    InterestSplit,
    ReceiptKind,
    Tranche,
)
from tdcs.capital.models.register import Campaign, OutsideFund, OutsideStep, Pledge
from tdcs.capital.models.sources import CapitalSource, Fund, FundLent, FundOpening, Tier

__all__ = [
    "BalanceConfirmation",
    "BudgetEstimate",
    "Campaign",
    "CapitalSource",
    "Fund",
    "FundLent",
    "FundOpening",
    "FundReceipt",
    "FundingContract",
    "FundingKind",
    "InterestSplit",
    "OutsideFund",
    "OutsideStep",
    "Pledge",
    "ReceiptKind",
    "Tier",
    "Tranche",
]

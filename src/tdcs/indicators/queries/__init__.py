"""Reads of the indicators: the catalogue, values by keys, series, targets, names, what a person may see."""

from tdcs.indicators.queries.monitored import not_reported
from tdcs.indicators.queries.naming import names
from tdcs.indicators.queries.scope import visible_where
from tdcs.indicators.queries.targets import TargetLine, targets
from tdcs.indicators.queries.values import series, values
from tdcs.indicators.rules.definitions import catalogue

__all__ = [
    "TargetLine",
    "catalogue",
    "names",
    "not_reported",
    "series",
    "targets",
    "values",
    "visible_where",
]

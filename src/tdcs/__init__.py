"""TDCS: policy credit of a province, from the signed plan to the figure that proves it."""

__version__ = "0.2.0.dev0"

"""Verbs: add a template, change it, go back, withdraw it and bring it back; fill one in."""

from tdcs.word_templates.services.changing import (
    add_template,
    add_version,
    bring_back,
    check_file,
    go_back,
    withdraw,
)
from tdcs.word_templates.services.filling import fill_list, fill_one

__all__ = [
    "add_template",
    "add_version",
    "bring_back",
    "check_file",
    "fill_list",
    "fill_one",
    "go_back",
    "withdraw",
]

"""The accounts of the demonstration in the frame: escaped, and one's own marked."""

from __future__ import annotations

from tdcs.access.models import User
from tdcs.web.frame_parts import demo_buttons


def test_a_button_for_each_account_and_ones_own_is_marked() -> None:
    people = [User(pk=1, username="demo-a", full_name="<Lan>"), User(pk=2, username="demo-b")]
    first, second = str(demo_buttons(people, 2)).splitlines()
    assert 'value="demo-a"' in first and "&lt;Lan&gt;" in first and "aria-current" not in first
    assert 'value="demo-b"' in second and 'aria-current="true"' in second
    assert "aria-current" not in demo_buttons(people, None)

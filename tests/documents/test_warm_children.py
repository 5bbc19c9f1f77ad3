"""A forked child of the guarded reading (warm_children) refuses as a fresh one does, with the same words."""

from __future__ import annotations

import pytest
from warm_children import _NURSERY

from tdcs.core.errors import Refusal
from tdcs.documents.reading import guarded
from tdcs.documents.reading.guarded import Bounds


@pytest.mark.parametrize("reader", ["_rows", "_sheets", "_document"])
@pytest.mark.parametrize("content", [b"PK\x03\x04", b"\xd0\xcf\x11\xe0" * 100])
def test_it_refuses_as_a_fresh_one(reader: str, content: bytes, fresh_children: None) -> None:
    reader = f"{guarded.__name__}:{reader}"
    with pytest.raises(Refusal) as fresh:
        guarded.ask(reader, content, Bounds())
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(guarded, "subprocess", _NURSERY)
        with pytest.raises(Refusal) as warm:
            guarded.ask(reader, content, Bounds())
    assert (type(warm.value), str(warm.value)) == (type(fresh.value), str(fresh.value))

"""The page of a group or school without a browser."""

from __future__ import annotations

from typing import Any

from pages.parts.navigation import SETTING


def test_a_child_is_never_called_a_person_of_concern(visit: Any) -> None:
    here = visit("U-jo").to(SETTING)
    for n in range(len([b for b in here.at.button if b.label == "Open"])):
        opened = visit("U-jo").to(SETTING)
        opened.button("Open", n).click().run()
        assert not opened.at.exception
        assert "Zed Person of concern" not in opened.said
        if "Bramble Academy" in opened.said:
            assert "Zed Child or age unknown" in opened.said
            break
    else:
        raise AssertionError("Bramble Academy is not among the schools")
    group = visit("U-jo").to(SETTING)
    group.button("Open", 1).click().run()
    assert "Danno Person of concern" in group.said

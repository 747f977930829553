"""Names of the files that leave a meeting."""

from __future__ import annotations

import re

import pytest

from chm.exchange.paper import document_name


@pytest.mark.parametrize(
    ("meeting", "kind", "name"),
    [
        ("MTG-7", "minutes", "MTG-7-v2-minutes.docx"),
        ("MTG-7", "actions-Children's Social Care", "MTG-7-v2-actions-Childrens-Social-Care.docx"),
        ("MTG-7", "actions-Police (Merton) / Wandsworth", "MTG-7-v2-actions-Police-Merton-Wandsworth.docx"),
        ("../../etc/passwd", "minutes", "etc-passwd-v2-minutes.docx"),
        ('a"b\r\nX: y', "..", "a-b-X-y-v2-record-5ec1f7e7.docx"),
        ("C:\\x.exe", "mínutes", "C-x-exe-v2-m-nutes.docx"),
    ],
)
def test_a_name_is_letters_digits_and_hyphens(meeting: str, kind: str, name: str) -> None:
    assert document_name(meeting, 2, kind, "docx") == name


def test_what_has_no_such_letters_or_is_cut_stays_apart() -> None:
    names = [document_name("MTG-7", 1, f"actions-{n}", "pdf") for n in ("x" * 5_000, "x" * 5_001)]
    names += [document_name(m, 1, "minutes", "pdf") for m in ("", "警察", "صحة", "\ud800")]
    assert len(set(names)) == 6
    for name in names:
        assert re.fullmatch(r"[A-Za-z0-9-]{1,130}\.pdf", name)

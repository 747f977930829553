"""What a council sets from outside."""

from __future__ import annotations

from pathlib import Path

import pytest

from chm import settings


def test_outlines_are_kept_beside_the_embedded_database_or_where_a_council_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CHM_GEOGRAPHY", raising=False)
    assert settings.geography() == settings.ROOT / "var" / "geography"
    monkeypatch.setenv("CHM_GEOGRAPHY", str(tmp_path))
    assert settings.geography() == tmp_path

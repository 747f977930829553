"""An encrypted backup that an administrator takes away."""

from __future__ import annotations

from pathlib import Path

import pytest

from chm.casework import backups
from chm.errors import NotPermitted, StorageUnavailable
from chm.store import backups as kept

from .conftest import NOW, Office
from .test_desk import log

KEY = "a key of this test alone, made up 1"


def test_it_is_whole_and_opens_under_its_key_alone(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chm.settings._held", {"CHM_BACKUP_KEY": KEY})
    made = backups.take_away(office["admin"])
    assert made.name == "backup-2026-11-23-1200.chm"
    assert b"Heron" not in made.data
    assert not made.data.startswith(b"SQLite")
    file = tmp_path / made.name
    file.write_bytes(made.data)
    said = kept.read(file, KEY)
    assert (said.made_at, said.entries, said.server) == (NOW, 1, office.engine.dialect.name == "postgresql")
    with pytest.raises(StorageUnavailable):
        kept.read(file, KEY[::-1])
    assert log(office.engine) == [("u-admin", "backups.begin_backup", "", "everything, encrypted")]


def test_by_an_administrator_alone(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chm.settings._held", {"CHM_BACKUP_KEY": KEY})
    for name in ("jo", "chair", "analyst", "partner", "auditor", "lead"):
        with pytest.raises(NotPermitted):
            backups.take_away(office[name])


def test_without_a_key_there_is_none_and_nothing_is_noted(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chm.settings._held", {})
    for name in ("CHM_DATABASE_KEY", "CHM_DATABASE_KEY_FILE", "CHM_BACKUP_KEY", "CHM_BACKUP_KEY_FILE"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(StorageUnavailable, match="No key is set"):
        backups.take_away(office["admin"])
    assert log(office.engine) == []

"""What a council sets from outside: environment variables, each with a default that works."""

from __future__ import annotations

import os
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

ROOT = Path(__file__).resolve().parent.parent
ZONE = ZoneInfo("Europe/London")


def today() -> date:
    """The day it is where the council is, whatever the server's clock is set to."""
    return datetime.now(ZONE).date()


def data() -> Path:
    """Folder of frameworks, local services and demo data: CHM_DATA, else `data/` beside the package."""
    return Path(os.environ.get("CHM_DATA") or ROOT / "data")


def database_url() -> str:
    """Where records are kept: CHM_DATABASE_URL, else the embedded database `var/chm.sqlite3`."""
    return os.environ.get("CHM_DATABASE_URL") or f"sqlite:///{ROOT / 'var' / 'chm.sqlite3'}"


def framework() -> str:
    """Id of the framework that new assessments use: CHM_FRAMEWORK, else merton-2020."""
    return os.environ.get("CHM_FRAMEWORK") or "merton-2020"


def demo() -> bool:
    """Whether an empty database is filled with the invented cohort: CHM_DEMO, on unless 0, no, off or false."""
    return os.environ.get("CHM_DEMO", "1").strip().lower() not in {"0", "no", "off", "false"}


def geography() -> Path:
    """Folder where outlines are kept once built, and those an administrator supplies: CHM_GEOGRAPHY, else beside the
    embedded database, `var/geography`."""
    return Path(os.environ.get("CHM_GEOGRAPHY") or ROOT / "var" / "geography")

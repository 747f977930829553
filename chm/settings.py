"""What a council sets from outside: environment variables, each with a default that works."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from chm.errors import Faults

ROOT = Path(__file__).resolve().parent.parent
ZONE = ZoneInfo("Europe/London")
LOOPBACK = ("127.0.0.1", "localhost", "::1")
SECRETS = ("CHM_OIDC_CLIENT_SECRET", "CHM_COOKIE_SECRET")
PROVIDER = ("CHM_OIDC_METADATA_URL", "CHM_OIDC_CLIENT_ID", *SECRETS, "CHM_PUBLIC_URL")
LEAST_SECRET = 32
_held: dict[str, str] = {}


def today() -> date:
    """The day it is where the council is, whatever the server's clock is set to."""
    return datetime.now(ZONE).date()


def data() -> Path:
    """Folder of frameworks, local services and demo data: CHM_DATA, else `data/` beside the package."""
    return Path(os.environ.get("CHM_DATA") or ROOT / "data")


def database_url() -> str:
    """Where records are kept: CHM_DATABASE_URL, else the embedded database `var/chm.sqlite3`."""
    return os.environ.get("CHM_DATABASE_URL") or f"sqlite:///{ROOT / 'var' / 'chm.sqlite3'}"


def database_key() -> str | None:
    """What the embedded database is encrypted with: CHM_DATABASE_KEY, or the file that CHM_DATABASE_KEY_FILE names;
    None where neither is set. 64 hexadecimal digits are the key itself, anything else is stretched into one.

    Raises:
        Faults: both are set, it is too short, or others may read the file.
    """
    return _key("CHM_DATABASE_KEY")


def backup_key() -> str | None:
    """What backups are encrypted with: CHM_BACKUP_KEY, or the file that CHM_BACKUP_KEY_FILE names, else the database's.

    Raises:
        Faults: as for the database's.
    """
    return _key("CHM_BACKUP_KEY") or database_key()


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


@dataclass(frozen=True)
class Provider:
    """The OpenID provider that people sign in with: any that publishes its metadata (Entra ID, Keycloak, others)."""

    metadata_url: str
    client_id: str
    client_secret: str
    cookie_secret: str
    public_url: str


def provider() -> Provider | None:
    """CHM_OIDC_METADATA_URL, CHM_OIDC_CLIENT_ID, CHM_PUBLIC_URL, and CHM_OIDC_CLIENT_SECRET and CHM_COOKIE_SECRET,
    each of the two also as a file (`..._FILE`); None where none is set.

    Raises:
        Faults: some are set and others are not, or one cannot be what it should be.
    """
    given = {name: _secret(name) if name in SECRETS else os.environ.get(name, "").strip() for name in PROVIDER}
    if not any(given.values()):
        return None
    faults = [f"{name}: not set; sign-in needs it" for name, value in given.items() if not value]
    # As a browser says it of a page, for the two are compared.
    public, metadata = given["CHM_PUBLIC_URL"].rstrip("/").lower().removesuffix(":443"), given["CHM_OIDC_METADATA_URL"]
    for name, url in (("CHM_OIDC_METADATA_URL", metadata), ("CHM_PUBLIC_URL", public)):
        if url and not _safe(url):
            faults.append(f"{name}: must begin with https://, or be on this machine")
    if _safe(public) and public != "{0.scheme}://{0.netloc}".format(urlsplit(public)):
        faults.append("CHM_PUBLIC_URL: give the host alone, such as https://chm.example.gov.uk, with no path")
    if given["CHM_COOKIE_SECRET"] and len(given["CHM_COOKIE_SECRET"]) < LEAST_SECRET:
        faults.append(f"CHM_COOKIE_SECRET: shorter than {LEAST_SECRET} characters; make a long random one")
    if faults:
        raise Faults(faults)
    return Provider(
        metadata, given["CHM_OIDC_CLIENT_ID"], given["CHM_OIDC_CLIENT_SECRET"], given["CHM_COOKIE_SECRET"], public
    )  # fmt: skip


def idle_minutes() -> int:
    """Minutes without an action after which a sign-in ends: CHM_IDLE_MINUTES, else 15."""
    return _whole("CHM_IDLE_MINUTES", 15, 1, 240)


def session_hours() -> int:
    """Hours after which a sign-in ends whatever is done: CHM_SESSION_HOURS, else 8."""
    return _whole("CHM_SESSION_HOURS", 8, 1, 24)


def _safe(url: str) -> bool:
    """Whether what is sent to an address can be read by nobody on the way."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return False
    encrypted = parts.scheme == "https" and bool(parts.hostname)
    return encrypted or (parts.scheme == "http" and parts.hostname in LOOPBACK)


def _whole(name: str, otherwise: int, least: int, most: int) -> int:
    said = os.environ.get(name, "").strip()
    if not said:
        return otherwise
    if not re.fullmatch("[0-9]{1,4}", said) or not least <= int(said) <= most:
        raise Faults([f"{name}: must be a whole number from {least} to {most}"])
    return int(said)


def _secret(name: str) -> str:
    """A secret from the environment, or from the file that `..._FILE` names."""
    file = os.environ.get(f"{name}_FILE", "").strip()
    if not file:
        return os.environ.get(name, "").strip()
    try:
        return Path(file).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise Faults([f"{name}_FILE: the file cannot be read; check its place and who may read it"]) from None


def _key(name: str) -> str | None:
    """A key from the environment, which is then rid of it so that no child process is given it; or from its file."""
    if given := os.environ.pop(name, "").strip():
        _held[name] = given
    file = os.environ.get(f"{name}_FILE", "").strip()
    if file and name in _held:
        raise Faults([f"{name} and {name}_FILE: both are set; keep the file"])
    key = _key_file(name, Path(file)) if file else _held.get(name)
    if key is not None and (len(key) < LEAST_SECRET or not key.isprintable()):
        raise Faults([f"{name}: must be {LEAST_SECRET} printable characters or more; `openssl rand -hex 32` makes one"])
    return key


def _key_file(name: str, file: Path) -> str:
    try:
        if os.name == "posix" and file.stat().st_mode & 0o007:
            raise Faults([f"{name}_FILE: everybody on this machine may read or change the file; run `chmod 600` on it"])
        return file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise Faults([f"{name}_FILE: the file cannot be read; check its place and who may read it"]) from None

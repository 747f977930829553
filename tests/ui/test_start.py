"""The server refuses to start where it would serve children's data to anybody, in plain words."""

from __future__ import annotations

import os
import socket
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from pages.parts.start import ALONE, SAFE

ROOT = Path(__file__).resolve().parents[2]
BEYOND = ALONE.format(why="It was to listen beyond this machine")
OTHERS = ALONE.format(why="The database holds other records")
PROVIDER = {
    "CHM_OIDC_METADATA_URL": "https://login.example/m",
    "CHM_OIDC_CLIENT_ID": "chm",
    "CHM_OIDC_CLIENT_SECRET": "of-the-client",
    "CHM_COOKIE_SECRET": "c" * 32,
    "CHM_PUBLIC_URL": "https://chm.example",
}


def port() -> str:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return str(taken.getsockname()[1])


def start(file: Path, *arguments: str, **environment: str) -> tuple[int, list[str]]:
    """The exit code, and the last that was said; the test fails where the server goes on."""
    env = {k: v for k, v in os.environ.items() if not k.startswith(("CHM_OIDC", "CHM_COOKIE", "CHM_PUBLIC"))}
    env |= {"CHM_DATABASE_URL": f"sqlite:///{file.as_posix()}"} | environment
    command = [sys.executable, "-m", *(arguments or ("streamlit", "run", "app.py", "--server.port", port()))]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=60)
    assert "Traceback" not in done.stderr + done.stdout
    return done.returncode, done.stderr.strip().splitlines()


@pytest.fixture
def theirs(demo_file: Path, tmp_path: Path) -> Path:
    """A database that is not the demo."""
    file = tmp_path / "chm.sqlite3"
    file.write_bytes(demo_file.read_bytes())
    with sqlite3.connect(file) as connection:
        connection.execute("DELETE FROM meta WHERE key = 'demo'")
    connection.close()
    return file


def test_without_a_provider_it_does_not_serve_other_records(theirs: Path) -> None:
    assert start(theirs) == (1, [OTHERS])


def test_nor_under_another_server(theirs: Path) -> None:
    code, said = start(theirs, "uvicorn", "app:app", "--port", port())
    assert (code, said[-1]) == (1, OTHERS)


@pytest.mark.parametrize("address", ["0.0.0.0", "::"])
def test_nor_beyond_this_machine(demo_file: Path, address: str) -> None:
    assert start(demo_file, STREAMLIT_SERVER_ADDRESS=address) == (1, [BEYOND])


def test_with_part_of_a_provider_it_says_what_is_missing(demo_file: Path) -> None:
    assert start(demo_file, CHM_OIDC_CLIENT_ID="chm", CHM_COOKIE_SECRET="short") == (
        1,
        [
            "CHM_OIDC_METADATA_URL: not set; sign-in needs it",
            "CHM_OIDC_CLIENT_SECRET: not set; sign-in needs it",
            "CHM_PUBLIC_URL: not set; sign-in needs it",
            "CHM_COOKIE_SECRET: shorter than 32 characters; make a long random one",
        ],
    )


def test_with_a_time_that_is_none(demo_file: Path) -> None:
    said = "CHM_IDLE_MINUTES: must be a whole number from 1 to 240"
    assert start(demo_file, CHM_IDLE_MINUTES="never", **PROVIDER) == (1, [said])


def test_with_a_key_that_everybody_may_read(demo_file: Path, tmp_path: Path) -> None:
    key = tmp_path / "backup_key"
    key.write_text("0" * 64)
    key.chmod(0o644)
    said = "CHM_BACKUP_KEY_FILE: everybody on this machine may read or change the file; run `chmod 600` on it"
    assert start(demo_file, CHM_BACKUP_KEY_FILE=str(key), **PROVIDER) == (1, [said])


def test_with_a_key_that_is_too_short(demo_file: Path) -> None:
    said = "CHM_DATABASE_KEY: must be 32 printable characters or more; `openssl rand -hex 32` makes one"
    assert start(demo_file, CHM_DATABASE_KEY="short", **PROVIDER) == (1, [said])


def test_with_what_would_let_people_in_past_the_sign_in(theirs: Path) -> None:
    code, said = start(
        theirs,
        STREAMLIT_SERVER_BASE_URL_PATH="chm",
        STREAMLIT_SERVER_ENABLE_AGENT_API="true",
        STREAMLIT_SERVER_ENABLE_CORS="false",
        STREAMLIT_SERVER_ENABLE_XSRF_PROTECTION="false",
        STREAMLIT_SERVER_TRUSTED_USER_HEADERS='{"X-User": "sub"}',
        **PROVIDER,
    )
    assert code == 1
    assert said[-len(SAFE) :] == [f"{option}: sign-in does not hold with this; leave it unset" for option in SAFE]


def test_a_large_table_is_sent_whole_each_time() -> None:
    """Streamlit would send its mark alone once it believes that the browser has it, which the browser may not."""
    told = """
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.forward_msg_cache import populate_hash_if_needed
message = ForwardMsg()
message.delta.new_element.html.body = "x" * 5_000_000
populate_hash_if_needed(message)
print(message.metadata.cacheable)
"""
    done = subprocess.run([sys.executable, "-c", told], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.stdout.splitlines() == ["False"], done.stderr

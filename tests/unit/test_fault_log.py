"""Logs say where a fault happened and never what it says."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator

import pytest

from chm import fault_log

SECRET = "Heron Placeholder, born 4 March 2012"


@pytest.fixture
def no_words() -> Iterator[None]:
    before = logging.getLogRecordFactory()
    fault_log.without_words()
    yield
    logging.setLogRecordFactory(before)


def fault() -> Exception:
    """A fault that another led to, each of which says something of a child."""
    try:
        try:
            int(SECRET)
        except ValueError as first:
            raise KeyError(SECRET) from first
    except KeyError as found:
        return found


def test_kinds_and_places_without_what_is_said() -> None:
    said = fault_log.places(fault())
    assert [line for line in said.splitlines() if not line.startswith(" ")] == [
        "builtins.KeyError",
        "builtins.ValueError",
    ]
    assert re.findall(r"  tests/unit/test_fault_log\.py:\d+ in fault", said)
    assert SECRET not in said


def test_a_fault_that_leads_to_itself_ends() -> None:
    one, other = ValueError(), TypeError()
    one.__cause__, other.__cause__ = other, one
    assert fault_log.places(one) == "builtins.ValueError\nbuiltins.TypeError"


def test_the_reference_stands_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    reference = fault_log.noted(fault())
    assert re.fullmatch("[0-9A-F]{8}", reference)
    assert f"Reference {reference}\nbuiltins.KeyError" in caplog.text
    assert SECRET not in caplog.text


def test_a_fault_of_a_file_has_its_reference_in_the_server_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fault_log, "_serves", False)
    assert fault_log.of_file("one.yaml: no", fault()) == "one.yaml: no"
    fault_log.in_service()
    said = fault_log.of_file("one.yaml: no", fault())
    assert re.fullmatch(r"one\.yaml: no \(reference for whoever keeps the server: [0-9A-F]{8}\)", said)


@pytest.mark.usefixtures("no_words")
@pytest.mark.parametrize("name", ["streamlit.error_util", "uvicorn.error", "asyncio", "of.any.library"])
def test_no_logger_writes_what_a_fault_says(name: str, caplog: pytest.LogCaptureFixture) -> None:
    logger = logging.getLogger(name)
    logger.addHandler(caplog.handler)
    try:
        logger.error("Uncaught", exc_info=fault())
        try:
            raise fault()
        except KeyError:
            logger.exception("Another")
    finally:
        logger.removeHandler(caplog.handler)
    assert "builtins.KeyError" in caplog.text and "Another" in caplog.text
    assert SECRET not in caplog.text

"""The lock files hold what requirements name, each with digests; waivers of known weaknesses are dated and end."""

from __future__ import annotations

import importlib.util
import json
import re
from datetime import date
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[1]
PIN = re.compile(r"([A-Za-z0-9._-]+)(?:\[[a-z,]+\])?==(\S+)")
TODAY = date(2026, 11, 26)


def pinned(name: str) -> dict[str, str]:
    """Versions by package, as people write them."""
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    found = [PIN.fullmatch(line) for line in lines if line and not line.startswith(("#", "-r "))]
    assert all(found), "every line pins one version"
    return {_canonical(pin[1]): pin[2] for pin in found if pin}


def locked(name: str) -> dict[str, tuple[str, frozenset[str], str]]:
    """Version, digests and what asks for it, by package."""
    text = (ROOT / name).read_text(encoding="utf-8")
    found = {}
    for entry in re.split(r"\n(?=[A-Za-z0-9])", text)[1:]:
        pin = PIN.match(entry)
        assert pin, entry[:50]
        digests = re.findall(r"^    --hash=sha256:([0-9a-f]{64})(?: \\)?$", entry, re.MULTILINE)
        found[_canonical(pin[1])] = (pin[2], frozenset(digests), entry)
    return found


def _canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.mark.parametrize("name", ["requirements", "requirements-dev"])
def test_the_lock_holds_exactly_the_pinned_versions(name: str) -> None:
    lock = locked(f"{name}.lock")
    asked = {package: version for package, (version, _, entry) in lock.items() if f"-r {name}.txt" in entry}
    assert asked == pinned(f"{name}.txt")
    assert all(digests for _, digests, _ in lock.values())


def test_what_tests_bring_changes_nothing_of_what_runs() -> None:
    run, dev = locked("requirements.lock"), locked("requirements-dev.lock")
    assert len(run) > 50
    assert {package: dev[package][:2] for package in run} == {package: found[:2] for package, found in run.items()}


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_a_lock_names_no_place_to_fetch_from(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert not re.search(r"https?:|file:|--index-url|--extra-index-url|--find-links|--trusted-host", text)


@pytest.fixture(scope="module")
def audit() -> ModuleType:
    spec = importlib.util.spec_from_file_location("audit_packages", ROOT / "tools" / "audit_packages.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


RIGHT = '[[waiver]]\nid = "GHSA-a"\nuntil = 2026-11-26\nwhy = "Never called"\n'


@pytest.mark.parametrize(
    ("text", "ids", "faults"),
    [
        ("", set(), []),
        (RIGHT, {"GHSA-a"}, []),
        (
            RIGHT.replace("11-26", "11-25") + RIGHT.replace("-a", "-b"),
            {"GHSA-b"},
            ["waiver 1: GHSA-a was waived until 2026-11-25; raise the package, or look at the reason anew"],
        ),
        (RIGHT.replace("Never called", " "), set(), ["waiver 1: id and why must be text"]),
        (RIGHT.replace("2026-11-26", '"2026-11-26"'), set(), ["waiver 1: until must be a day, as 2027-01-31"]),
        (RIGHT.replace("2026-11-26", "2026-11-26T10:00:00"), set(), ["waiver 1: until must be a day, as 2027-01-31"]),
        (RIGHT.replace("until = 2026-11-26\n", ""), set(), ["waiver 1: must have id, until and why, and no more"]),
        (RIGHT + 'who = "x"\n', set(), ["waiver 1: must have id, until and why, and no more"]),
        ("ignore = []\n", set(), ["ignore is not known; write [[waiver]]"]),
    ],
)
def test_waivers(audit: ModuleType, text: str, ids: set[str], faults: list[str]) -> None:
    assert audit.waived(text, TODAY) == (ids, [f".pip-audit-waivers.toml: {fault}" for fault in faults])


def test_waivers_that_are_no_toml(audit: ModuleType) -> None:
    ids, (fault,) = audit.waived("[[waiver]\n", TODAY)
    assert ids == set()
    assert fault.startswith(".pip-audit-waivers.toml: not TOML")


def test_the_waivers_there_are_are_written_right(audit: ModuleType) -> None:
    """Whether one is over is for the audit to say: a test that fails one day by itself helps nobody."""
    assert audit.waived((ROOT / audit.WAIVERS).read_text(encoding="utf-8"), date.min)[1] == []


def test_a_weakness_counts_unless_it_is_waived_by_whatever_name(audit: ModuleType) -> None:
    answer = json.dumps(
        {
            "dependencies": [
                {
                    "name": "madeup",
                    "version": "1.0",
                    "vulns": [
                        {"id": "PYSEC-1", "fix_versions": ["1.1"], "aliases": ["CVE-1"], "description": "x"},
                        {"id": "PYSEC-2", "fix_versions": [], "aliases": [], "description": "x"},
                    ],
                },
                {"name": "sound", "version": "2.0", "vulns": []},
                {"name": "unknown", "skip_reason": "not found"},
            ],
            "fixes": [],
        }
    )
    unsure = ["1 of 3 packages cannot be looked up where this machine asks: not audited"]
    assert audit.judged(answer, "", []) == (
        ["madeup 1.0: PYSEC-1, mended in 1.1", "madeup 1.0: PYSEC-2, not mended yet"],
        unsure,
    )
    assert audit.judged(answer, "", ["CVE-1", "PYSEC-2"]) == ([], unsure)


@pytest.mark.parametrize(
    "said",
    [
        "ERROR:pip_audit._cli:Could not connect to PyPI's vulnerability feed\nERROR:pip_audit._cli:Tip: your network",
        "Traceback (most recent call last):\n  x\nrequests.exceptions.ProxyError: HTTPSConnectionPool(host='pypi.org')",
        "Traceback (most recent call last):\n  x\nrequests.exceptions.ConnectionError: HTTPSConnectionPool(host='x')",
    ],
)
def test_a_source_that_cannot_be_reached_is_said(audit: ModuleType, said: str) -> None:
    unsure = ["The source of known weaknesses cannot be reached: nothing was audited"]
    assert audit.judged("", said, []) == ([], unsure)


@pytest.mark.parametrize(
    "said",
    [
        "",
        "usage: pip-audit\npip-audit: error: unrecognized arguments: --bogus",
        "ERROR:pip_audit._cli:invalid requirements input: requirements-dev.lock",
        "Traceback (most recent call last):\n  x\nAttributeError: requests.exceptions.ProxyError: x",
    ],
)
def test_a_pip_audit_that_fails_by_itself_fails(audit: ModuleType, said: str) -> None:
    fault = f"pip-audit gave no answer: nothing was audited. It said:\n{said}"
    assert audit.judged("", f"{said}\n", []) == ([fault], [])


def test_a_wrong_option_ends_the_audit_with_a_fault(
    audit: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(audit, "ASK", ["--bogus"])
    assert audit.main() == 1
    assert "pip-audit: error: unrecognized arguments: --bogus" in capsys.readouterr().err

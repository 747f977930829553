"""The deployment guide says what the product is set by, and its files say nothing else."""

from __future__ import annotations

import inspect
import re
import shlex

import pytest

from chm import __main__ as command_line
from chm import settings

DOCS = settings.ROOT / "docs"
ON_THE_SERVER = (DOCS / "incident.md", DOCS / "guides" / "administrator.md", DOCS / "deployment.md")
COMMAND = re.compile(r"deploy/chm ((?:audit )?[a-z-]+(?: [^`>|'\n\\]+| \\\n)*)")
GUIDE = (settings.ROOT / "docs" / "deployment.md").read_text(encoding="utf-8")
TABLE = GUIDE.partition("| Variable |")[2].partition("\n\n")[0]
NAME = re.compile(r"CHM_[A-Z_]*[A-Z]")


def read() -> set[str]:
    """Every variable that the settings read, each secret's file among them."""
    code = (settings.ROOT / "chm" / "settings.py").read_text(encoding="utf-8")
    return {*NAME.findall(code), *(f"{name}_FILE" for name in settings.SECRETS)}


def test_every_setting_is_in_the_table_and_the_table_has_no_other() -> None:
    assert len(read()) >= 17
    assert set(NAME.findall(TABLE)) == read()


def test_nothing_else_of_the_product_reads_the_environment() -> None:
    product = [*(settings.ROOT / "chm").rglob("*.py"), *(settings.ROOT / "pages").rglob("*.py")]
    reading = {
        str(file.relative_to(settings.ROOT))
        for file in product
        if re.search(r"environ(\[|\.get)\W*CHM_|getenv", file.read_text(encoding="utf-8"))
    }
    assert reading == {"chm/settings.py"}


def test_what_the_deployment_files_set_is_a_setting() -> None:
    given = (settings.ROOT / "deploy" / "chm.env").read_text(encoding="utf-8")
    assert set(re.findall(r"^(CHM_\w+)=", given, re.MULTILINE)) <= read()
    assert "CHM_DEMO=0" in given.splitlines()


def test_what_the_table_says_holds_unless_set_does() -> None:
    rows = dict(re.findall(r"^\| `(\w+)` .* \| ([^|]+) \|$", TABLE, re.MULTILINE))
    assert (rows["CHM_IDLE_MINUTES"], rows["CHM_SESSION_HOURS"]) == ("15", "8")
    assert rows["CHM_FRAMEWORK"] == "`merton-2020`"


def test_every_file_of_deploy_is_told_of() -> None:
    for file in (settings.ROOT / "deploy").iterdir():
        assert f"deploy/{file.name}" in GUIDE, file.name


@pytest.fixture
def understood(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the command line would have done: names of its functions, none of which is run."""
    done: list[str] = []
    for name, function in inspect.getmembers(command_line, inspect.isfunction):
        if list(inspect.signature(function).parameters) == ["options"]:
            monkeypatch.setattr(command_line, name, lambda options, name=name: done.append(name) or 0)  # type: ignore[func-returns-value]
    return done


def test_each_command_that_the_papers_give_is_one(understood: list[str]) -> None:
    found = [c.replace("\\\n", " ") for file in DOCS.rglob("*.md") for c in COMMAND.findall(file.read_text("utf-8"))]
    for command in found:
        command_line.main(shlex.split(command.replace("$(date +%F)", "2026-11-26")))
    assert len(understood) == len(found) >= 20
    assert {"_users", "_backup", "_restore", "_deleted", "_audit_head", "_audit_verify", "_encrypt"} <= set(understood)


def test_what_is_run_on_the_server_is_run_as_the_service() -> None:
    for file in ON_THE_SERVER:
        said = file.read_text(encoding="utf-8").replace("`deploy/chm` runs `python -m chm` as the service does", "")
        assert "python -m chm " not in said, file.name

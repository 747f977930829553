"""The deployment guide says what the product is set by, and its files say nothing else."""

from __future__ import annotations

import re

from chm import settings

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

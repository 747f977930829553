"""The deployment guide says what the product is set by, and its files say nothing else."""

from __future__ import annotations

import inspect
import re
import shlex
import subprocess
from pathlib import Path

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


def settings_by_deploy(given: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """deploy/chm with a file of settings of its own, and `env` in place of the product."""
    (folder / "chm.env").write_text(given, encoding="utf-8")
    script = (settings.ROOT / "deploy" / "chm").read_text(encoding="utf-8")
    for was, now in {
        "done < /etc/chm/chm.env": f"done < {shlex.quote(str(folder / 'chm.env'))}",
        "cd /opt/chm\n": f"cd {shlex.quote(str(folder))}\n",
        'exec runuser -u chm -- /opt/chm/.venv/bin/python -m chm "$@"': "exec env -0",
    }.items():
        assert script.count(was) == 1
        script = script.replace(was, now)
    return subprocess.run(
        ["sh", "-c", script], env={"PATH": "/usr/bin:/bin"}, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(
    ("line", "value"),
    [
        (
            "postgresql://u:p@h/chm?sslmode=verify-full&sslrootcert=/etc/chm/ca.pem",
            "postgresql://u:p@h/chm?sslmode=verify-full&sslrootcert=/etc/chm/ca.pem",
        ),
        ("$HOME `id` $(id); two  words | > #e", "$HOME `id` $(id); two  words | > #e"),
        ('"two $HOME & words; it\'s"', "two $HOME & words; it's"),
        ("'say \"x\" $y'", 'say "x" $y'),
        ("a \"b\" 'c'", "a \"b\" 'c'"),
        ("  x=y=z \t", "x=y=z"),
        ("x\r", "x"),
        ("", ""),
        ('""', ""),
        ('"  x "', "  x "),
        ("é ☃", "é ☃"),
    ],
)
def test_a_setting_is_read_as_systemd_reads_it(tmp_path: Path, line: str, value: str) -> None:
    """The values are those of systemd 252 for the same lines."""
    for given in (
        f"# & $x\n; other\n\n \n  CHM_GIVEN={line}\nCHM_LAST=1\n",
        f"CHM_GIVEN=0\nCHM_LAST=1\nCHM_GIVEN={line}",
    ):
        done = settings_by_deploy(given, tmp_path)
        found = {e for e in done.stdout.split("\0") if e.startswith("CHM_")}
        assert (done.returncode, done.stderr, found) == (0, "", {f"CHM_GIVEN={value}", "CHM_LAST=1"})


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("CHM_GIVEN", "is not NAME=value"),
        ("=secret", "is not NAME=value"),
        ("CHM GIVEN=secret", "is not NAME=value"),
        ("CHM_GIVEN =secret", "is not NAME=value"),
        ("export CHM_GIVEN=secret", "is not NAME=value"),
        ("1CHM=secret", "is not NAME=value"),
        ("CHM_$(id)=secret", "is not NAME=value"),
        ("CHM_GIVEN=sec\\ret", "has a backslash; in an address write %5C"),
        ("CHM_GIVEN=secret\\", "ends in a backslash"),
        ("# secret\\", "ends in a backslash"),
        ('CHM_GIVEN="secret', "has a quotation mark that is not closed at its end"),
        ("CHM_GIVEN='secret' x", "has a quotation mark that is not closed at its end"),
        ('CHM_GIVEN="sec"ret"', "has a quotation mark within such marks"),
    ],
)
def test_a_line_that_may_be_read_in_two_ways_is_refused(tmp_path: Path, line: str, fault: str) -> None:
    done = settings_by_deploy(f"CHM_DEMO=0\n{line}\n", tmp_path)
    said = f"/etc/chm/chm.env, line 2: {fault}; nothing was done\n"
    assert (done.returncode, done.stdout, done.stderr) == (2, "", said)


def test_the_file_of_settings_that_comes_along_is_read_whole(tmp_path: Path) -> None:
    given = (settings.ROOT / "deploy" / "chm.env").read_text(encoding="utf-8")
    done = settings_by_deploy(given, tmp_path)
    assert {e for e in done.stdout.split("\0") if e.startswith("CHM_")} == {
        line for line in given.splitlines() if line.startswith("CHM_")
    }


@pytest.mark.parametrize(
    ("recipe", "folder", "made", "copied"),
    [
        ("nginx.conf", "/etc/chm/tls", "-o root -g root -m 0700", "-o root -g root -m 0600"),
        ("Caddyfile", "/etc/caddy/tls", "-o root -g caddy -m 0750", "-o root -g caddy -m 0640"),
    ],
)
def test_each_proxy_has_its_certificate_where_the_guide_puts_it(
    recipe: str, folder: str, made: str, copied: str
) -> None:
    said = (settings.ROOT / "deploy" / recipe).read_text(encoding="utf-8")
    files = re.findall(r"/etc/\S+\.pem", said)
    assert files == [f"{folder}/fullchain.pem", f"{folder}/privkey.pem"]
    assert re.search(rf"^install -d {made} {folder}\b", GUIDE, re.MULTILINE)
    assert f"\ninstall {copied} fullchain.pem privkey.pem {folder}/\n" in GUIDE

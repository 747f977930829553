"""The deployment guide says what the product is set by, and its files say nothing else."""

from __future__ import annotations

import inspect
import re
import shlex
import shutil
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


DAILY = [
    "backup {folder}/backups/chm-DAY.backup", "audit head", "audit verify --head {folder}/heads.jsonl", "deleted",
    "audit unusual",
]  # fmt: skip


def daily(folder: Path, fails: str = "") -> tuple[subprocess.CompletedProcess[str], list[str]]:
    """deploy/chm-daily with a stand-in for deploy/chm that fails where told to; and what this was asked."""
    asked = folder / "asked"
    stand_in = folder / "stand-in"
    stand_in.write_text(
        f'#!/bin/sh\necho "$*" >> {asked}\necho "Said by $*"\ncase "$*" in "{fails}"*) exit 2 ;; esac\n'
    )
    stand_in.chmod(0o700)
    script = (settings.ROOT / "deploy" / "chm-daily").read_text(encoding="utf-8")
    assert script.count("/opt/chm/deploy/chm ") == 1
    script = script.replace("/opt/chm/deploy/chm ", f"{stand_in} ")
    environment = {"PATH": "/usr/bin:/bin", "ELSEWHERE": str(folder)}
    done = subprocess.run(["sh", "-c", script], env=environment, capture_output=True, text=True, check=False)
    said = re.sub(r"chm-\d{4}-\d\d-\d\d-\d{6}\.", "chm-DAY.", asked.read_text())
    return done, said.replace(str(folder), "{folder}").splitlines()


def test_every_day_each_step_is_done_in_its_order(tmp_path: Path, understood: list[str]) -> None:
    for _ in range(2):
        done, asked = daily(tmp_path, "none")
    assert (done.returncode, done.stderr, asked) == (0, "", DAILY * 2)
    assert (tmp_path / "heads.jsonl").read_text() == "Said by audit head\n" * 2
    assert (tmp_path / "deleted.txt").read_text() == "Said by deleted\n" * 2
    assert [(tmp_path / name).stat().st_mode & 0o777 for name in ("heads.jsonl", "deleted.txt")] == [0o640, 0o640]
    for command in DAILY:
        assert command_line.main(shlex.split(command)) == 0
    assert understood == ["_backup", "_audit_head", "_audit_verify", "_deleted", "_audit_unusual"]


@pytest.mark.parametrize("step", ["backup", "audit head", "audit verify", "deleted", "audit unusual"])
def test_a_step_that_fails_is_named_and_the_others_are_done(tmp_path: Path, step: str) -> None:
    done, asked = daily(tmp_path, step)
    assert (done.returncode, asked) == (1, DAILY)
    assert re.fullmatch(rf"Failed: chm {step}.*\n", done.stderr)


@pytest.mark.parametrize("file", ["heads.jsonl", "deleted.txt"])
def test_a_list_that_cannot_be_written_is_a_failure(tmp_path: Path, file: str) -> None:
    (tmp_path / file).mkdir()
    done, asked = daily(tmp_path, "none")
    assert (done.returncode, len(asked), file in done.stderr) == (1, 4, True)


def test_without_a_folder_nothing_is_done() -> None:
    script = settings.ROOT / "deploy" / "chm-daily"
    done = subprocess.run(
        ["sh", str(script)], env={"PATH": "/usr/bin:/bin"}, capture_output=True, text=True, check=False
    )
    assert (done.returncode, "ELSEWHERE" in done.stderr) == (2, True)


@pytest.mark.parametrize("unit", ["chm.service", "chm-daily.service", "chm-daily.timer"])
def test_units_are_such_as_systemd_takes(tmp_path: Path, unit: str) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("no systemd-analyze")
    program = tmp_path / "program"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    for file in (settings.ROOT / "deploy").glob("chm*.*"):
        if file.suffix in (".service", ".timer"):
            said = re.sub(r"/opt/chm/(\.venv/bin/python|deploy/chm-daily)", str(program), file.read_text("utf-8"))
            (tmp_path / file.name).write_text(re.sub("^(User|Group)=chm$", r"\1=root", said, flags=re.MULTILINE))
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(tmp_path / unit)], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_the_timer_starts_the_daily_unit_which_runs_the_script() -> None:
    said = {
        kind: (settings.ROOT / "deploy" / f"chm-daily.{kind}").read_text("utf-8").splitlines()
        for kind in ("timer", "service")
    }
    assert {"OnCalendar=*-*-* 02:30", "Persistent=yes", "WantedBy=timers.target"} <= set(said["timer"])
    assert {"Type=oneshot", "ExecStart=/opt/chm/deploy/chm-daily", "Environment=ELSEWHERE=/elsewhere"} <= set(
        said["service"]
    )
    assert sum("/elsewhere" in line for line in said["service"] if not line.startswith("#")) == 3


def test_the_guide_names_the_programs_that_a_backup_of_postgresql_needs() -> None:
    code = (settings.ROOT / "chm" / "store" / "backups.py").read_text(encoding="utf-8")
    needed = set(re.findall(r'_tool\("(\w+)"\)', code))
    assert needed == {"pg_dump", "pg_restore", "psql"}
    (row,) = re.findall(r"^\| Programs beside .*$", GUIDE, re.MULTILINE)
    assert {f"`{name}`" for name in needed} <= set(re.findall("`[^`]+`", row))

"""The command line as it is run: exit status, what goes to which stream, all or nothing."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from chm import role_table, settings, store
from chm.__main__ import main
from chm.records import YoungPerson
from chm.store import audit, people

ROOT = Path(__file__).resolve().parents[2]
ONE = '{"levels": {"coercion": "moderate"}}'
DOMAINS = (
    "coercion", "missing", "sexual", "offending", "social_media", "substance", "health",
    "places", "peers", "professionals", "education", "family", "self",
)  # fmt: skip


def run(*arguments: str, given: str | bytes = b"", **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "chm", *arguments],
        input=given.encode() if isinstance(given, str) else given,
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        timeout=60,
    )


@pytest.fixture
def data(tmp_path: Path) -> Path:
    for folder in ("frameworks", "local"):
        shutil.copytree(settings.data() / folder, tmp_path / folder)
    for file in (*settings.data().glob("*.yaml"), settings.data() / "roles.csv"):
        shutil.copy(file, tmp_path)
    return tmp_path


class TestScore:
    def test_lines_from_standard_input(self) -> None:
        done = run("score", "-", given=f"{ONE}\n\n{ONE}\n")
        assert (done.returncode, done.stderr) == (0, b"")
        lines = done.stdout.splitlines()
        assert len(lines) == 2
        assert lines[0] == lines[1]
        found = json.loads(lines[0])
        assert found["complete"] is False
        assert found["range"]["harm"] == {"least": 6, "most": 52, "bands": ["emerging", "moderate", "significant"]}

    def test_a_file(self, tmp_path: Path) -> None:
        file = tmp_path / "one young person.json"
        file.write_text(json.dumps({"levels": dict.fromkeys(DOMAINS, "significant")}, indent=2), encoding="utf-8-sig")
        before = date.today()
        done = run("score", str(file))
        assert done.returncode == 0
        found = json.loads(done.stdout)
        assert found["combined"] == {"score": 112, "band": "significant"}
        due = {(day + timedelta(days=42)).isoformat() for day in (before, date.today())}
        assert found["review_by"] in due

    @pytest.mark.parametrize(
        "given",
        [
            b"",
            b"{",
            b'{"levels": {"self": "bad"}}',
            b"\xff\xfe",
            b"[" * 100_000,
            b'{"levels": {}, "age": NaN}',
            (f"{ONE}\n" * 1000).encode() + b"nonsense",
        ],
        ids=["nothing", "cut", "level", "not UTF-8", "deep", "NaN", "last of 1001"],
    )
    def test_wrong_input(self, given: bytes) -> None:
        done = run("score", "-", given=given)
        assert done.returncode == 2
        assert done.stdout == b""
        number = 1001 if given.endswith(b"nonsense") else 1
        assert done.stderr.startswith(f"line {number}: ".encode())
        assert done.stderr.count(b"\n") == 1

    def test_one_line_a_fault(self) -> None:
        done = run("score", "-", given=f'{ONE}\n{{"levels": {{"a": "none", "self": "b"}}}}\nx\n')
        assert done.returncode == 2
        assert done.stdout == b""
        assert [line.split(b":")[0] for line in done.stderr.splitlines()] == [b"line 2", b"line 2", b"line 3"]

    def test_an_odd_name_does_not_break_the_terminal(self) -> None:
        done = run("score", "-", given='{"levels": {"\\u001b[31m\\n\U0001f9d2": "none"}}', PYTHONIOENCODING="ascii")
        assert done.returncode == 2
        assert done.stderr.count(b"\n") == 1
        assert b"\x1b" not in done.stderr

    def test_a_reader_that_stops_early(self) -> None:
        command = [sys.executable, "-m", "chm", "score", "-"]
        with subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        ) as process:
            assert process.stdin is not None
            assert process.stdout is not None
            assert process.stderr is not None
            process.stdout.close()
            process.stdin.write(f"{ONE}\n".encode() * 2000)
            process.stdin.close()
            assert process.stderr.read() == b""
            assert process.wait(60) == 0


class TestScoreInProcess:
    @pytest.mark.parametrize(
        ("name", "reason"), [("nowhere.json", "No such file or directory"), (".", "Is a directory")]
    )
    @pytest.mark.skipif(os.name == "nt", reason="Windows words these otherwise")
    def test_a_file_that_cannot_be_read(
        self, tmp_path: Path, name: str, reason: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        file = str(tmp_path / name)
        assert main(["score", file]) == 2
        said = capsys.readouterr()
        assert said.out == ""
        assert said.err == f"{file}: cannot be read ({reason}); give a file, or - for standard input\n"

    def test_no_such_framework(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setenv("CHM_FRAMEWORK", "atlantis")
        (tmp_path / "one.json").write_text(ONE)
        assert main(["score", str(tmp_path / "one.json")]) == 2
        said = capsys.readouterr()
        assert said.out == ""
        assert said.err == "frameworks: no framework atlantis; set CHM_FRAMEWORK to one of: merton-2020\n"

    def test_a_broken_framework_scores_nothing(
        self, data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (data / "frameworks/merton-2020/bands.yaml").unlink()
        monkeypatch.setenv("CHM_DATA", str(data))
        (data / "one.json").write_text(ONE)
        assert main(["score", str(data / "one.json")]) == 2
        said = capsys.readouterr()
        assert said.out == ""
        assert said.err == "merton-2020/bands.yaml: the file is missing; restore it from the release\n"


class TestCheckData:
    def test_the_products_own(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["check-data"]) == 0
        said = capsys.readouterr()
        framework, *others = said.out.splitlines()
        assert framework == "merton-2020 version 1: 333 indicators, 186 steps, no faults"
        files = (
            "targets", "connections", "linkage", "duplicates", "setting_assessments", "places", "hotspots", "geography",
            "wording", "episodes",
        )  # fmt: skip
        assert {f"{file}.yaml: no faults" for file in files} <= set(others)
        assert said.err == ""

    def test_every_fault_at_once(self, data: Path) -> None:
        folder = data / "frameworks/merton-2020"
        (folder / "glossary.yaml").write_bytes(b"- \xff")
        scores = folder / "scores.yaml"
        scores.write_text(scores.read_text().replace("emerging: 3", "emerging: 9", 1))
        bands = folder / "bands.yaml"
        bands.write_text(bands.read_text().replace("moderate: 17", "moderate: 4", 1))
        (data / "connections.yaml").write_text("a: [1}")
        (data / "linkage.yaml").unlink()
        done = run("check-data", str(data))
        assert done.returncode == 2
        assert done.stdout == b""
        assert done.stderr.decode().splitlines() == [
            "merton-2020/glossary.yaml: not UTF-8 text; save it as UTF-8",
            "merton-2020/scores.yaml: coercion.moderate: 6 does not rise above emerging, 9 (score); raise it",
            "merton-2020/bands.yaml: harm.moderate: 4 does not rise above emerging, 5 (bands would overlap); raise it",
            "connections.yaml: line 1: not valid YAML (did not find expected ',' or ']'); check quotes and indents",
            "linkage.yaml: the file cannot be read (No such file or directory); restore it from the release",
        ]

    def test_faults_of_the_files_beside_the_frameworks(self, data: Path) -> None:
        (data / "targets.yaml").unlink()
        (data / "setting_assessments.yaml").write_bytes(b"\xff")
        done = run("check-data", str(data))
        assert done.returncode == 2
        assert done.stderr.decode().splitlines() == [
            "targets.yaml: the file cannot be read (No such file or directory); restore it from the release",
            "setting_assessments.yaml: not UTF-8 text; save it as UTF-8",
        ]

    def test_a_folder_that_is_none(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["check-data", str(tmp_path / "nowhere")]) == 2
        assert "frameworks: no framework folder" in capsys.readouterr().err

    def test_two_councils(self, data: Path, capsys: pytest.CaptureFixture[str]) -> None:
        shutil.copytree(data / "frameworks/merton-2020", data / "frameworks/other")
        head = data / "frameworks/other/framework.yaml"
        head.write_text(head.read_text().replace("id: merton-2020", "id: harbour"))
        assert main(["check-data", str(data)]) == 0
        first = [line.split()[0] for line in capsys.readouterr().out.splitlines()]
        assert sorted(first[:2]) == ["harbour", "merton-2020"]


class TestRoles:
    def test_printed(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["roles"]) == 0
        assert capsys.readouterr().out == role_table.markdown()

    def test_put_into_a_file_between_its_marks(self, tmp_path: Path) -> None:
        paper = tmp_path / "roles.md"
        paper.write_text(f"Zoë\n{role_table.BEGIN}old\n{role_table.END}below\n", encoding="utf-8")
        assert main(["roles", str(paper)]) == 0
        made = f"Zoë\n{role_table.BEGIN}{role_table.markdown()}{role_table.END}below\n"
        assert paper.read_text(encoding="utf-8") == made

    @pytest.mark.parametrize("content", [b"no marks", b"\xff\xfe", None])
    def test_a_file_that_cannot_take_it_stays_as_it_was(
        self, tmp_path: Path, content: bytes | None, capsys: pytest.CaptureFixture[str]
    ) -> None:
        paper = tmp_path / "roles.md"
        if content is not None:
            paper.write_bytes(content)
        assert main(["roles", str(paper)]) == 2
        assert capsys.readouterr().err.startswith("The file ")
        assert (paper.read_bytes() if paper.exists() else None) == content


@pytest.mark.parametrize("arguments", [[], ["scores"], ["score"], ["score", "a", "b"], ["check-data", "--fix"]])
def test_a_command_there_is_not(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("usage: python -m chm")


class TestOutlines:
    @staticmethod
    def wards(folder: Path) -> Path:
        square = [[[-0.21, 51.40], [-0.20, 51.40], [-0.20, 51.41], [-0.21, 51.41], [-0.21, 51.40]]]
        ward = {"type": "Feature", "properties": {"WD24CD": "E05000001", "WD24NM": "Invented"},
                "geometry": {"type": "Polygon", "coordinates": square}}  # fmt: skip
        file = folder / "wards.geojson"
        file.write_text(json.dumps({"type": "FeatureCollection", "features": [ward]}), encoding="utf-8")
        return file

    def test_what_is_no_outline_is_refused_and_nothing_is_kept(self, tmp_path: Path) -> None:
        file = tmp_path / "wards.geojson"
        file.write_text("Month,Longitude\n2024-06,-0.1\n", encoding="utf-8")
        done = run("outlines", str(file), CHM_GEOGRAPHY=str(tmp_path / "kept"))
        assert (done.returncode, done.stdout) == (2, b"")
        assert done.stderr.decode() == "This is not GeoJSON, or it was cut short; download it again as GeoJSON.\n"
        assert list((tmp_path / "kept").glob("*-ward.geojson")) == []

    def test_wards_are_kept_for_the_map(self, tmp_path: Path) -> None:
        file = self.wards(tmp_path)
        done = run("outlines", str(file), CHM_GEOGRAPHY=str(tmp_path / "kept"))
        assert (done.returncode, done.stderr) == (0, b"")
        assert done.stdout.decode().splitlines()[-1] == "Kept 1 wards of Merton"
        assert [p.name for p in (tmp_path / "kept").glob("*-ward.geojson")] == ["E09000024-ward.geojson"]

    def test_a_place_to_keep_them_that_is_no_folder(self, tmp_path: Path) -> None:
        file = self.wards(tmp_path)
        done = run("outlines", str(file), CHM_GEOGRAPHY=str(file))
        assert (done.returncode, done.stdout) == (2, b"")
        assert done.stderr.decode() == (
            "The outlines cannot be kept (File exists); set CHM_GEOGRAPHY to a folder that may be written\n"
        )

    def test_a_file_that_is_not_there(self, tmp_path: Path) -> None:
        done = run("outlines", str(tmp_path / "none"), CHM_GEOGRAPHY=str(tmp_path))
        assert done.returncode == 2
        assert done.stderr.startswith(b"The file cannot be read (")


class TestMissing:
    def test_times_from_standard_input(self) -> None:
        given = (
            "young_person,start,end\nB,2026-01-01T20:00,2026-01-02T02:00\nA,2026-01-01T23:30,\nC,2026-03-01T10:00,"
            "2026-03-01T12:00\n"
        )
        done = run("missing", "-", given=given)
        assert done.returncode == 0
        assert json.loads(done.stdout) == {
            "young_people": 3,
            "episodes": 3,
            "open": 1,
            "overlapping_pairs": 2,
            "groups": [3],
            "hours_together": [
                {"a": "A", "b": "B", "hours": 2.5, "episodes": 1},
                {"a": "A", "b": "C", "hours": 2.0, "episodes": 1},
            ],
        }
        assert done.stderr.decode() == (
            "note: Open episodes: 1. They are measured to the last that the file knows of any.\n"
        )

    def test_days_alone_say_what_they_cannot_show(self, tmp_path: Path) -> None:
        file = tmp_path / "missing.csv"
        file.write_text(
            "CHILD,DOB,MISSING,MIS_START,MIS_END\n10,,M,01/01/2026,05/01/2026\n9,,A,05/01/2026,06/01/2026\n"
        )
        done = run("missing", str(file))
        assert json.loads(done.stdout)["hours_together"] == [{"a": "10", "b": "9", "days": 1, "episodes": 1}]
        assert done.stderr.startswith(b"note: The dates are days alone: ")

    def test_faults_and_nothing_else(self) -> None:
        done = run("missing", "-", given="young_person,start,end\nA,2026-01-02,2026-01-01\n,2026-01-01,\n")
        assert (done.returncode, done.stdout) == (2, b"")
        assert done.stderr.decode().splitlines() == [
            "row 2, end: lies before start; swap the two or correct one",
            "row 3, young_person: is empty; fill it in",
        ]

    @pytest.mark.parametrize("given", [b"", b"PK\x03\x04", b"\x00\xff", b"a,b\n1,2\n"])
    def test_what_is_no_such_file(self, given: bytes) -> None:
        done = run("missing", "-", given=given)
        assert (done.returncode, done.stdout) == (2, b"")
        assert done.stderr.count(b"\n") == 1


class TestAudit:
    @pytest.fixture
    def address(self, tmp_path: Path) -> str:
        """The address of a database whose audit holds ten entries."""
        address = f"sqlite:///{tmp_path / 'chm.sqlite3'}"
        engine = store.open_engine(address)
        store.upgrade(engine)
        with store.transaction(engine) as session:
            audit.add_each(session, datetime(2026, 11, 23, tzinfo=UTC), "u-jo", "people.find", [""] * 10, "")
        engine.dispose()
        return address

    def change(self, address: str, sql: str) -> None:
        with store.transaction(store.open_engine(address)) as session:
            session.execute(text(sql))

    def test_a_whole_audit(self, address: str) -> None:
        done = run("audit", "verify", CHM_DATABASE_URL=address)
        assert (done.returncode, done.stderr) == (0, b"")
        whole, warned = done.stdout.decode().splitlines()
        assert re.fullmatch(r"The audit is whole: 10 entries hold, in \d+\.\d seconds", whole)
        assert "--head" in warned

    def test_heads_are_kept_a_line_a_day_and_find_a_cut(self, address: str, tmp_path: Path) -> None:
        heads = tmp_path / "heads.jsonl"
        heads.write_bytes(b"".join(run("audit", "head", CHM_DATABASE_URL=address).stdout for _ in range(2)))
        said = [json.loads(line) for line in heads.read_text().splitlines()]
        assert [(head["count"], len(head["digest"])) for head in said] == [(10, 64)] * 2
        given = ["audit", "verify", "--head", str(heads), "--head", said[0]["digest"]]
        done = run(*given, CHM_DATABASE_URL=address)
        assert (done.returncode, done.stdout.count(b"\n")) == (0, 1)
        assert b"and against 3 earlier heads" in done.stdout
        self.change(address, "DELETE FROM audit WHERE id > 8")
        assert run("audit", "verify", CHM_DATABASE_URL=address).returncode == 0
        done = run(*given, CHM_DATABASE_URL=address)
        assert done.returncode == 1
        assert done.stdout.startswith(b"Entries 9 to 10 are missing: the end was cut off since the head of ")
        assert b"8 entries hold before that" in done.stdout

    def test_a_changed_entry_is_named(self, address: str) -> None:
        self.change(address, "UPDATE audit SET record = 'YP-0001' WHERE id = 4")
        done = run("audit", "verify", CHM_DATABASE_URL=address)
        assert done.returncode == 1
        assert done.stdout.startswith(b"Entry 4 was changed, or another stands in its place.\n")

    @pytest.mark.parametrize("head", ["no such file", "ab" * 31])
    def test_what_is_no_head_is_a_fault(self, address: str, head: str) -> None:
        done = run("audit", "verify", "--head", head, CHM_DATABASE_URL=address)
        assert (done.returncode, done.stdout) == (2, b"")
        assert b"cannot be read" in done.stderr

    def test_unusual_use_is_told_once(self, address: str) -> None:
        assert run("audit", "unusual", CHM_DATABASE_URL=address).stdout == b"Notices left for safeguarding leads: 0\n"


class TestEncrypt:
    def test_a_plain_database_comes_under_the_key(self, tmp_path: Path) -> None:
        file, key = tmp_path / "chm.sqlite3", tmp_path / "key"
        key.write_text("0f" * 32)
        key.chmod(0o600)
        address = f"sqlite:///{file}"
        store.upgrade(store.open_engine(address))
        named = {"CHM_DATABASE_URL": address, "CHM_DATABASE_KEY_FILE": str(key)}
        done = run("audit", "head", **named)
        assert (done.returncode, done.stdout) == (2, b"")
        assert b"python -m chm encrypt" in done.stderr
        done = run("encrypt", **named)
        assert (done.returncode, done.stderr) == (0, b"")
        assert done.stdout.startswith(b"The database is encrypted: copied, compared row by row")
        assert b"may keep its old blocks all the same" in done.stdout
        assert json.loads(run("audit", "head", **named).stdout)["count"] == 0
        assert b"already encrypted" in run("encrypt", **named).stdout

    def test_without_a_key_or_a_file_it_says_what_to_do(self, tmp_path: Path) -> None:
        address = f"sqlite:///{tmp_path / 'chm.sqlite3'}"
        assert b"No key is set" in run("encrypt", CHM_DATABASE_URL=address).stderr
        done = run("encrypt", CHM_DATABASE_URL=address, CHM_DATABASE_KEY="0f" * 32)
        assert (done.returncode, b"no database to encrypt" in done.stderr) == (2, True)
        done = run("encrypt", CHM_DATABASE_URL="postgresql://127.0.0.1:1/chm", CHM_DATABASE_KEY="0f" * 32)
        assert (done.returncode, b"not an embedded one" in done.stderr) == (2, True)
        assert b"0f0f" not in done.stderr + done.stdout


@pytest.mark.parametrize(
    "arguments", [("users", "list"), ("deleted",), ("audit", "head"), ("audit", "unusual"), ("backup", "first.backup")]
)
def test_where_there_is_no_database_none_is_made(
    arguments: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CHM_DATABASE_URL", f"sqlite:///{tmp_path / 'chm.sqlite3'}")
    monkeypatch.setattr("chm.settings._held", {"CHM_BACKUP_KEY": "0f" * 32})
    assert main([*arguments]) == 2
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", "The database is not prepared; run `python -m chm prepare`\n")
    assert list(tmp_path.iterdir()) == []


class TestRestore:
    @pytest.fixture
    def named(self, tmp_path: Path) -> dict[str, str]:
        """Settings of a database that is lost; a backup of it holds one young person."""
        address = f"sqlite:///{tmp_path / 'chm.sqlite3'}"
        engine = store.open_engine(address)
        store.upgrade(engine)
        with store.transaction(engine) as session:
            people.add(session, YoungPerson("YP-0007", "Heron Placeholder", "Merton", age=14))
        engine.dispose()
        named = {"CHM_DATABASE_URL": address, "CHM_BACKUP_KEY": "0f" * 32}
        assert run("backup", str(tmp_path / "first.backup"), **named).returncode == 0
        (tmp_path / "chm.sqlite3").unlink()
        return named

    def test_a_list_of_deletions_as_windows_saves_it(self, named: dict[str, str], tmp_path: Path) -> None:
        (tmp_path / "deleted.txt").write_bytes(b"\xef\xbb\xbfYP-0007 2026-05-17\r\n")
        done = run("restore", str(tmp_path / "first.backup"), "--deleted", str(tmp_path / "deleted.txt"), **named)
        assert (done.returncode, done.stderr) == (0, b"")
        assert b"are deleted again: 1\n" in done.stdout
        assert run("deleted", **named).stdout == b"YP-0007 2026-05-17\n"

    def test_a_list_with_a_fault_restores_nothing(self, named: dict[str, str], tmp_path: Path) -> None:
        (tmp_path / "deleted.txt").write_text("YP-0007 2026-05-17\nYP-7 2026-05-17\n")
        done = run("restore", str(tmp_path / "first.backup"), "--deleted", str(tmp_path / "deleted.txt"), **named)
        assert (done.returncode, done.stdout) == (2, b"")
        assert done.stderr == (b"line 2: not an id and a day; give the file as `python -m chm deleted` printed it\n")
        assert not (tmp_path / "chm.sqlite3").exists()


class TestUsers:
    @pytest.fixture
    def address(self, tmp_path: Path) -> str:
        address = f"sqlite:///{tmp_path / 'chm.sqlite3'}"
        assert run("prepare", CHM_DATABASE_URL=address, CHM_DEMO="0").returncode == 0
        return address

    def test_the_first_administrator_from_adding_to_disabling(self, address: str) -> None:
        who = ("--issuer", "https://login.example", "--subject", "ada", "--name", "Ada Invented", "--agency", "ICT")
        done = run("users", "add", *who, "--role", "administrator", CHM_DATABASE_URL=address)
        assert (done.returncode, done.stderr) == (0, b"")
        id, _, what = done.stdout.decode().strip().partition(": ")
        assert what == "add"
        listed = f"{id}  Ada Invented, ICT: administrator"
        assert run("users", "list", CHM_DATABASE_URL=address).stdout.decode() == f"{listed}\n"
        done = run("users", "disable", "--id", id, CHM_DATABASE_URL=address)
        assert done.stdout.decode() == f"{id}: disable, 0 ended\n"
        assert run("users", "list", CHM_DATABASE_URL=address).stdout.decode() == f"{listed}; disabled\n"
        assert run("users", "enable", "--id", id, CHM_DATABASE_URL=address).stdout.decode() == f"{id}: enable\n"
        assert json.loads(run("audit", "head", CHM_DATABASE_URL=address).stdout)["count"] == 3

    def test_what_is_missing_is_said_in_plain_words(self, address: str) -> None:
        done = run("users", "add", "--role", "chair", CHM_DATABASE_URL=address)
        assert (done.returncode, done.stdout) == (2, b"")
        assert done.stderr.decode().splitlines() == [
            "--issuer: empty; write something",
            "--subject: empty; write something",
            "--name: empty; write something",
        ]
        done = run("users", "disable", "--id", "U-0", CHM_DATABASE_URL=address)
        assert (done.returncode, done.stdout, done.stderr) == (2, b"", b"There is no such user\n")
        assert run("users", "list", CHM_DATABASE_URL=address).stdout == b"\n"

    @pytest.mark.parametrize("arguments", [["users"], ["users", "drop"], ["users", "add", "--role", "king"]])
    def test_what_is_no_such_command(self, arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        assert ended.value.code == 2
        assert capsys.readouterr().out == ""

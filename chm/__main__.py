"""The command line: `python -m chm COMMAND`."""

from __future__ import annotations

import argparse
import os
import re
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path

from chm import settings
from chm.errors import ChmError, Faults
from chm.framework import load_all, newest
from chm.records import Role


def _score(options: argparse.Namespace) -> int:
    from chm.batch import results

    text = _read(options.file)
    framework = newest(load_all(settings.data()), settings.framework())
    _print(results(framework, text, date.today()))
    return 0


def _network(options: argparse.Namespace) -> int:
    import orjson

    from chm.exchange.apart import readers, run

    with ThreadPoolExecutor(1) as aside:
        # Another process reads the file while this one loads the rest.
        reading = aside.submit(run.read_once, readers.connections, _read(options.file))
        from chm.linkage.summary import summary
    found = reading.result()
    if found.faults:
        raise Faults(found.faults)
    shown = summary(
        found.ties,
        min_shared=options.min_shared,
        since=options.since,
        until=options.until,
        what_if=options.what_if,
        rank=options.rank_disruption,
    )
    print(*(f"note: {note}" for note in found.notes), sep="\n", end="\n" * bool(found.notes), file=sys.stderr)
    _print([orjson.dumps(shown, option=orjson.OPT_APPEND_NEWLINE)])
    return 0


def _missing(options: argparse.Namespace) -> int:
    import orjson

    from chm.exchange.apart import readers, run

    with ThreadPoolExecutor(1) as aside:
        # Another process reads the file while this one loads the rest.
        reading = aside.submit(run.read_once, readers.missing, _read(options.file), date.today())
        from chm.episodes.summary import summary
    found = reading.result()
    if found.faults:
        raise Faults(found.faults)
    shown = summary(found.episodes)
    print(*(f"note: {note}" for note in found.notes), sep="\n", end="\n" * bool(found.notes), file=sys.stderr)
    _print([orjson.dumps(shown, option=orjson.OPT_APPEND_NEWLINE)])
    return 0


def _read(file: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as error:
        fault = f"{file}: cannot be read ({error.strerror}); give a file, or - for standard input"
        raise Faults([fault]) from None


def _print(lines: list[bytes]) -> None:
    try:
        sys.stdout.buffer.writelines(lines)
        sys.stdout.flush()
    except BrokenPipeError:  # The reader has seen enough, as `head` has; spare Python's own flush at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _day(text: str) -> date:
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
        raise argparse.ArgumentTypeError("not a date; write it as 2026-05-17")
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError("not a day of the calendar") from None


def _count(text: str) -> int:
    if not re.fullmatch(r"[1-9]\d{0,8}", text, re.ASCII):
        raise argparse.ArgumentTypeError("not a whole number from 1")
    return int(text)


def _check_data(options: argparse.Namespace) -> int:
    from chm import connection_kinds, retention, role_table, setting_assessments, targets, unusual, wording
    from chm.duplicates import rules as duplicates
    from chm.episodes import rules as episodes
    from chm.geography import rules as geography
    from chm.linkage import rules
    from chm.meetings import rules as meetings
    from chm.places import hotspots
    from chm.places import rules as places

    folder = Path(options.folder) if options.folder else settings.data()
    faults: list[str] = []
    said: list[str] = []
    try:
        frameworks = load_all(folder)
        said += [
            f"{id} version {version}: {len(f.indicators)} indicators, {len(f.steps)} steps, no faults"
            for (id, version), f in frameworks.items()
        ]
        targets.load(newest(frameworks, settings.framework()), folder)
        said.append(f"{targets.FILE}: no faults")
    except Faults as found:
        faults += found.faults
    for part in (
        connection_kinds,
        rules,
        duplicates,
        setting_assessments,
        wording,
        places,
        hotspots,
        geography,
        episodes,
        meetings,
        role_table,
        unusual,
        retention,
    ):
        try:
            part.load(folder)
            said.append(f"{part.FILE}: no faults")
        except Faults as found:
            faults += found.faults
    if faults:
        raise Faults(list(dict.fromkeys(faults)))
    print(*said, sep="\n")
    return 0


def _roles(options: argparse.Namespace) -> int:
    from chm import role_table

    table = role_table.markdown()
    if options.file is None:
        _print([table.encode()])
        return 0
    file = Path(options.file)
    try:
        file.write_text(role_table.put_into(file.read_text(encoding="utf-8"), table), encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise Faults(["The file cannot be read or written; check its name and who may write it"]) from None
    return 0


def _outlines(options: argparse.Namespace) -> int:
    from chm.exchange.apart import readers, run
    from chm.exchange.apart.limits import COMMAND
    from chm.geography import cache, rules

    try:
        data = Path(options.file).read_bytes()
    except OSError as error:
        raise Faults([f"The file cannot be read ({error.strerror}); check its name"]) from None
    borough = cache.borough()
    # Without what was worked out of its outline, which need not be sent to the process that reads.
    bare = replace(borough, sectors=replace(borough.sectors))
    supplied = run.read_once(readers.areas, data, bare, rules.load(), limits=COMMAND)
    try:
        cache.keep(supplied.areas, borough.code)
    except OSError as error:
        fault = f"The outlines cannot be kept ({error.strerror}); set CHM_GEOGRAPHY to a folder that may be written"
        raise Faults([fault]) from None
    print(*supplied.notes, f"Kept {len(supplied.areas.codes)} {supplied.areas.kind.plural} of {borough.name}", sep="\n")
    return 0


def _users(options: argparse.Namespace) -> int:
    from chm.casework import bootstrap, database

    engine, o = database.open(), options
    if o.what == "list":
        print(*bootstrap.listed(engine), sep="\n")
    else:
        print(bootstrap.change(engine, o.what, o.id, o.name, o.agency, o.issuer, o.subject, o.role))
    return 0


def _prepare(options: argparse.Namespace) -> int:
    from chm.casework import database

    if loaded := database.prepare():
        print(f"Loaded the invented demo cohort: {loaded} young people")
    return 0


def _encrypt(options: argparse.Namespace) -> int:
    from chm.casework import database

    if not database.encrypt():
        print("The database is already encrypted under this key")
        return 0
    print("The database is encrypted: copied, compared row by row, and put in the place of the plain one")
    print(
        "The plain file was overwritten and removed. An SSD, a filesystem that copies on write, a snapshot or an older "
        "backup may keep its old blocks all the same: encrypt the disk as well, and destroy plain copies"
    )
    return 0


def _backup(options: argparse.Namespace) -> int:
    from chm.casework import backups

    made, left = backups.back_up(Path(options.file))
    print(f"The backup is whole and was read back: {made.entries:,} audit entries, schema {made.revision}")
    for name in left:
        print(f"Left over from a backup that was stopped, and may be deleted: {name}")
    return 0


def _restore(options: argparse.Namespace) -> int:
    from chm.casework import backups

    # Windows puts a mark before a text, which must not become part of the first id.
    deleted = _read(options.deleted).decode("utf-8-sig", "replace") if options.deleted else ""
    made, kept, again, known = backups.restore(Path(options.file), options.replace, deleted)
    print(f"Restored as of {made.made_at:%d %B %Y, %H:%M} UTC: {made.entries:,} audit entries hold")
    if again:
        print(f"Records that were deleted since it was made, and are deleted again: {again:,}")
    if not (known or deleted):
        print(
            "No database was there that can tell which records were deleted since the backup. If any were, they are "
            "back: restore again with --deleted"
        )
    if kept:
        print(
            f"The database that was there is kept as {kept}: it holds records too, so delete it when it is not needed"
        )
    return 0


def _deleted(options: argparse.Namespace) -> int:
    from chm.casework import database, deletion

    print(*deletion.lines(deletion.deleted_since(database.open())), sep="\n")
    return 0


def _audit_head(options: argparse.Namespace) -> int:
    from chm.casework import audit_chain, database

    print(audit_chain.head(database.open()).line())
    return 0


def _audit_verify(options: argparse.Namespace) -> int:
    from chm.audit import read_heads
    from chm.casework import audit_chain, database

    heads = [head for given in options.head for head in read_heads(_head_text(given))]
    began = time.perf_counter()
    checked = audit_chain.verify(database.open(), heads)
    seconds = time.perf_counter() - began
    held = "1 entry holds" if checked.count == 1 else f"{checked.count:,} entries hold"
    against = f", and against {len(heads)} earlier head{'s' * (len(heads) != 1)}" * bool(heads)
    if checked.fault is None:
        print(f"The audit is whole: {held}{against}, in {seconds:.1f} seconds")
        if not heads:
            print("Without an earlier head no one can tell whether the end was cut off; give one with --head")
        return 0
    print(checked.fault)
    print(f"The audit does not hold: {held} before that, in {seconds:.1f} seconds. Keep the database as it is")
    return 1


def _head_text(given: str) -> str:
    from chm.audit import DIGEST

    return given if DIGEST.fullmatch(given.lower()) else _read(given).decode("utf-8", "replace")


def _audit_unusual(options: argparse.Namespace) -> int:
    from datetime import UTC, datetime

    from chm.casework import audit_log, database

    told = audit_log.tell_unusual(database.open(), datetime.now(UTC))
    print(f"Notices left for safeguarding leads: {told}")
    return 0


def main(arguments: list[str] | None = None) -> int:
    """Run one command. Returns the exit status: 0, 1 where the audit does not hold, 2 where the input has faults."""
    parser = argparse.ArgumentParser(prog="python -m chm", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    score = commands.add_parser("score", help="score JSON objects, one result a line")
    score.add_argument("file", help="a JSON or JSON Lines file, or - for standard input")
    score.set_defaults(run=_score)
    network = commands.add_parser("network", help="what links the young people of a connections file")
    network.add_argument("file", help="a connections CSV file, or - for standard input")
    network.add_argument(
        "--min-shared", type=_count, default=1, metavar="N", help="groups join pairs that share N or more"
    )
    network.add_argument("--since", type=_day, metavar="DAY", help="only rows whose days meet DAY or later")
    network.add_argument("--until", type=_day, metavar="DAY", help="only rows whose days meet DAY or earlier")
    network.add_argument("--what-if", action="append", default=[], metavar="KIND:ID", help="remove it; may be repeated")
    network.add_argument("--rank-disruption", type=_count, metavar="N", help="the N entities whose removal does most")
    network.set_defaults(run=_network)
    missing = commands.add_parser("missing", help="who of a file of missing episodes was missing at the same times")
    missing.add_argument("file", help="a CSV file: SSDA903 missing, SSD or timed episodes; or - for standard input")
    missing.set_defaults(run=_missing)
    check = commands.add_parser("check-data", help="find every fault in the data")
    check.add_argument("folder", nargs="?", help="a data folder (the product's own unless given)")
    check.set_defaults(run=_check_data)
    roles = commands.add_parser("roles", help="print what each role may do, operation by operation, as Markdown")
    roles.add_argument("file", nargs="?", help="a Markdown file to put it into, between its two marks")
    roles.set_defaults(run=_roles)
    outlines = commands.add_parser("outlines", help="keep the ONS's wards or LSOAs, a GeoJSON file, for the map")
    outlines.add_argument("file", help="GeoJSON with WD24CD and WD24NM, or LSOA21CD and LSOA21NM, of any year")
    outlines.set_defaults(run=_outlines)
    people = commands.add_parser("users", help="list users, add one who may sign in, disable or enable one")
    people.add_argument("what", choices=("list", "add", "disable", "enable"))
    people.add_argument("--id", help="of the user to disable, enable, or give a sign-in to")
    people.add_argument("--name")
    people.add_argument("--agency", default="Children's Social Care")
    people.add_argument("--issuer", help="the OpenID provider, as the iss of its tokens")
    people.add_argument("--subject", help="who they are there, as the sub of its tokens")
    people.add_argument("--role", action="append", default=[], choices=[r.value for r in Role])
    people.set_defaults(run=_users)
    prepare = commands.add_parser("prepare", help="create or upgrade the database; load the demo when it is empty")
    prepare.set_defaults(run=_prepare)
    encrypt = commands.add_parser(
        "encrypt", help="bring a plain database under the key that is set; stop the app first"
    )
    encrypt.set_defaults(run=_encrypt)
    backup = commands.add_parser("backup", help="write an encrypted backup, whoever goes on working; it is read back")
    backup.add_argument("file", help="where to; never over a file that is there")
    backup.set_defaults(run=_backup)
    restore = commands.add_parser("restore", help="put a backup in the database's place; stop the app first")
    restore.add_argument("file", help="a backup")
    restore.add_argument("--replace", action="store_true", help="though there is a database; it is kept beside")
    restore.add_argument("--deleted", metavar="FILE", help="deletions to make again, as `deleted` printed them")
    restore.set_defaults(run=_restore)
    deleted = commands.add_parser("deleted", help="which records were deleted, to keep elsewhere: id and day, no more")
    deleted.set_defaults(run=_deleted)
    audit = commands.add_parser("audit", help="whether the audit is whole, and its head to keep elsewhere")
    audits = audit.add_subparsers(required=True, metavar="WHAT")
    verify = audits.add_parser(
        "verify", help="find any entry that was changed, taken out or cut off; exit status 1 then"
    )
    verify.add_argument(
        "--head", action="append", default=[], metavar="FILE_OR_DIGEST", help="an earlier head; may be repeated"
    )
    verify.set_defaults(run=_audit_verify)
    head = audits.add_parser("head", help="print the number of entries and the last digest, to keep off this machine")
    head.set_defaults(run=_audit_head)
    unusual = audits.add_parser("unusual", help="leave safeguarding leads a notice of unusual use; run it daily")
    unusual.set_defaults(run=_audit_unusual)
    options = parser.parse_args(arguments)
    try:
        return int(options.run(options))
    except Faults as found:
        print("\n".join(found.faults), file=sys.stderr)
    except ChmError as error:
        print(error, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())

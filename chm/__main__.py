"""The command line: `python -m chm COMMAND`."""

from __future__ import annotations

import argparse
import os
import sys
from datetime import date
from pathlib import Path

from chm import settings
from chm.errors import ChmError, Faults
from chm.framework import load_all, newest


def _score(options: argparse.Namespace) -> int:
    from chm.batch import results

    try:
        text = sys.stdin.buffer.read() if options.file == "-" else Path(options.file).read_bytes()
    except OSError as error:
        print(
            f"{options.file}: cannot be read ({error.strerror}); give a file, or - for standard input", file=sys.stderr
        )
        return 2
    framework = newest(load_all(settings.data()), settings.framework())
    scored = results(framework, text, date.today())
    try:
        sys.stdout.buffer.writelines(scored)
        sys.stdout.flush()
    except BrokenPipeError:  # The reader has seen enough, as `head` has; spare Python's own flush at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _check_data(options: argparse.Namespace) -> int:
    frameworks = load_all(Path(options.folder) if options.folder else settings.data())
    for (id, version), framework in frameworks.items():
        print(
            f"{id} version {version}: {len(framework.indicators)} indicators, {len(framework.steps)} steps, no faults"
        )
    return 0


def _prepare(options: argparse.Namespace) -> int:
    from chm.casework import database

    if loaded := database.prepare():
        print(f"Loaded the invented demo cohort: {loaded} young people")
    return 0


def main(arguments: list[str] | None = None) -> int:
    """Run one command. Returns the exit status: 0, or 2 where the input or the data has faults."""
    parser = argparse.ArgumentParser(prog="python -m chm", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    score = commands.add_parser("score", help="score JSON objects, one result a line")
    score.add_argument("file", help="a JSON or JSON Lines file, or - for standard input")
    score.set_defaults(run=_score)
    check = commands.add_parser("check-data", help="find every fault in the frameworks")
    check.add_argument("folder", nargs="?", help="a data folder (the product's own unless given)")
    check.set_defaults(run=_check_data)
    prepare = commands.add_parser("prepare", help="create or upgrade the database; load the demo when it is empty")
    prepare.set_defaults(run=_prepare)
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

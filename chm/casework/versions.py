"""New versions of a framework: a score changes in a copy, and what was scored with the version before keeps it."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable
from contextvars import ContextVar
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar
from uuid import uuid4

import yaml

from chm import settings
from chm.access import Permission
from chm.casework import frameworks
from chm.casework.checks import Checks
from chm.casework.desk import Work, intention
from chm.errors import Conflict, Faults, StorageUnavailable
from chm.fault_log import referenced
from chm.framework import PLACEHOLDER, Framework, load, load_all, newest
from chm.records import Role

P = ParamSpec("P")
R = TypeVar("R")
HIGHEST = 99
LONG = 1_000_000
_placed: ContextVar[Path | None] = ContextVar("placed", default=None)


def _or_taken_back(ask: Callable[P, R]) -> Callable[P, R]:
    """Takes the new folder away again where the audit entry could not be written."""

    @wraps(ask)
    def change(*args: P.args, **kwargs: P.kwargs) -> R:
        _placed.set(None)
        try:
            return ask(*args, **kwargs)
        except BaseException:
            if placed := _placed.get():
                shutil.rmtree(placed, ignore_errors=True)
            raise
        finally:
            frameworks.read_again()

    return change


@_or_taken_back
@intention(Permission.CHANGE_FRAMEWORK)
def change_score(
    work: Work, domain: str, level: str, score: int, why: str, *, inferred: bool = False, of: int | None = None
) -> Framework:
    """Makes the next version of the framework in use, with one score changed, and gives it.

    Args:
        inferred: whether the number stays our reading; `why` then says how it is read.
        of: the version that was on the screen, where there was one.

    Raises:
        Faults: a name or number is wrong, nothing would change, or `check-data` finds fault with the result.
        Conflict: somebody else made a version since.
        StorageUnavailable: the folder of frameworks cannot be written. In every case nothing is left behind.
    """
    current = newest(load_all(settings.data()), settings.framework())
    if of is not None and of != current.version:
        raise Conflict(f"Version {current.version} was made meanwhile; look at it first. Nothing was changed")
    reason = _checked(Checks(work.today), current, domain, level, score, why, inferred)
    before, version = current.scores[domain].of(level), current.version + 1
    what = f"{domain}.{level}: {before} to {score}" + (", inferred" if inferred else "")

    def head(content: dict[str, Any]) -> None:
        content["version"] = version
        content["changed"] = {"by": Role.ADMINISTRATOR.value, "on": work.today, "what": what, "why": reason}

    def scores(content: dict[str, Any]) -> None:
        kept = content[domain]
        still = [v for v in kept.pop("inferred", []) if v != level] + [level] * inferred
        reading = reason if inferred else kept.pop("why", None)
        kept[level] = score
        if still:
            kept |= {"inferred": still, "why": reading}

    made = _place(current, f"{current.id}-v{version}", {"framework.yaml": head, "scores.yaml": scores})
    work.why = f"{current.id} version {version}: {what}"
    return made


def _checked(
    checks: Checks, framework: Framework, domain: str, level: str, score: int, why: str, inferred: bool
) -> str:
    reason = checks.note("reason", why, needed=True)
    checks.need(not PLACEHOLDER.search(reason), "reason: braces { } stand for local services; use round brackets")
    checks.need(type(score) is int and 0 <= score <= HIGHEST, f"score: must be a whole number from 0 to {HIGHEST}")
    known = domain in framework.domain and level in framework.level
    checks.need(known, "domain or level: unknown; take one of the framework's")
    checks.done()
    point = framework.points[domain][level]
    same = (point.score, point.inferred) == (score, inferred)
    checks.need(not same, f"score: it is {score} already; nothing would change")
    checks.done()
    return reason


def _folder(framework: Framework) -> Path:
    for folder in sorted((settings.data() / "frameworks").glob("[!.]*")):
        head = yaml.safe_load((folder / "framework.yaml").read_text(encoding="utf-8")) if folder.is_dir() else {}
        if (head.get("id"), head.get("version")) == (framework.id, framework.version):
            return folder
    raise Faults([f"frameworks: the folder of {framework.id} version {framework.version} is gone; restore it"])


def _place(framework: Framework, name: str, edits: dict[str, Callable[[dict[str, Any]], None]]) -> Framework:
    """A copy of a framework's folder as `name`, edited: built out of sight, checked, and put in place whole."""
    folders = settings.data() / "frameworks"
    hidden, place = folders / f".new-{uuid4().hex}", folders / name
    try:
        # Not `glob`, which takes a folder that may not be read for an empty one.
        (local,) = (file for file in (settings.data() / "local").iterdir() if file.suffix == ".yaml")
        shutil.copytree(_folder(framework), hidden)
        for file, edit in edits.items():
            _edit(hidden / file, edit)
        for copy in hidden.rglob("*.yaml"):
            with copy.open("rb+") as written:
                os.fsync(written.fileno())
        made = load(hidden, local)
        hidden.rename(place)
        _placed.set(place)
    except OSError as error:
        if error.errno in (errno.EEXIST, errno.ENOTEMPTY):
            raise Conflict(f"There is a folder {name} already; somebody else made it. Nothing was changed") from None
        said = f"The folder of frameworks cannot be written ({error.strerror}); nothing was changed"
        raise StorageUnavailable(referenced(said, error)) from None
    finally:
        shutil.rmtree(hidden, ignore_errors=True)
    return made


def _edit(file: Path, edit: Callable[[dict[str, Any]], None]) -> None:
    content = yaml.safe_load(file.read_text(encoding="utf-8"))
    edit(content)
    text = yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=LONG)
    file.write_text(text, encoding="utf-8", newline="\n")

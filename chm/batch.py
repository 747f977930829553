"""Scores from the command line: JSON objects in, one JSON result a line out, all or nothing."""

from __future__ import annotations

import json
from datetime import date
from typing import Annotated, Any, Literal

import orjson
from pydantic import BaseModel, ConfigDict, Field, GetPydanticSchema, ValidationError, create_model
from pydantic_core import core_schema

from chm.errors import Faults
from chm.framework import LEVELS, Framework
from chm.scoring import Score, score

OLDEST = 25
EARLIEST = date(1900, 1, 1)
BOM = b"\xef\xbb\xbf"
FIXES = {
    "age": f"give whole years from 0 to {OLDEST}, or leave it out",
    "assessed_on": f'give a day from {EARLIEST.year} on such as "2026-11-23", or leave it out',
    "referrals": f'give a list of days from {EARLIEST.year} on such as ["2026-01-02"]',
}

# pydantic's own date also takes "1764028800", a Unix time; here a day is YYYY-MM-DD and nothing else.
_Day = Annotated[
    date,
    GetPydanticSchema(
        lambda *_: core_schema.chain_schema(
            [
                core_schema.str_schema(strict=True, pattern=r"^\d{4}-\d{2}-\d{2}$"),
                core_schema.date_schema(strict=False, ge=EARLIEST),
            ]
        )
    ),
]


class _Asked(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    levels: dict[str, str]
    indicators: tuple[str, ...] = ()
    age: Annotated[int, Field(ge=0, le=OLDEST)] | None = None
    referrals: tuple[_Day, ...] = ()
    assessed_on: _Day | None = None


def results(framework: Framework, text: bytes, today: date) -> list[bytes]:
    """Score every JSON object in `text` (one document, or one object a line) against `framework`.

    Returns:
        one JSON line a result, each ending in a new line.

    Raises:
        Faults: one `line N: what; fix` per fault, over all lines; one fault withholds every result.
    """
    model = create_model(
        "Asked",
        __base__=_Asked,
        levels=(dict[Literal[tuple(framework.domain)], Literal[LEVELS]], ...),  # type: ignore[misc, arg-type]
    )
    # A pydantic model's own JSON reader parses and checks in one pass, several times as quick as json plus checks.
    read = model.__pydantic_validator__.validate_json
    scored: list[bytes] = []
    faults: list[str] = []
    for number, document in _documents(text):
        try:
            one = read(document)
        except ValidationError as error:
            found = _model_faults(framework, document, error)
        else:
            found = _more_faults(framework, one, document, today)
        faults += [f"line {number + further}: {what}" for further, what in found]
        if not faults:
            scored.append(_result(framework, one, today))
    if not scored and not faults:
        faults.append('line 1: nothing to score; give a JSON object such as {"levels": {"coercion": "moderate"}}')
    if faults:
        raise Faults(faults)
    return scored


def _documents(text: bytes) -> list[tuple[int, bytes]]:
    """Each JSON document of `text` with the number of its first line: the whole text, else every line that has one."""
    text = text.removeprefix(BOM)
    lines = [(n, line) for n, line in enumerate(text.splitlines(), 1) if line.strip()]
    if len(lines) < 2 or (any(map(_looks_whole, lines)) and not _is_json(text)):
        return lines
    first = lines[0][0]
    return [(first, b"\n".join(text.splitlines()[first - 1 :]))]


def _looks_whole(line: tuple[int, bytes]) -> bool:
    return line[1].lstrip().startswith(b"{") and line[1].rstrip().endswith(b"}")


def _is_json(text: bytes) -> bool:
    try:
        orjson.loads(text)
    except orjson.JSONDecodeError:
        return False
    return True


def _more_faults(framework: Framework, one: _Asked, document: bytes, today: date) -> list[tuple[int, str]]:
    """What the model cannot see wrong with `one`; each fault with how many lines down `document` it stands."""
    faults = []
    keys = len(one.model_fields_set) + len(one.levels)
    if document.count(b":") != keys:
        faults += _repeated_keys(document)
    for id in [i for i in one.indicators if i not in framework.indicators]:
        faults.append((_down(document, "indicators"), f"indicators: unknown id {id[:60]!r}; use the framework's"))
    if one.assessed_on and one.assessed_on > today:
        what = f"assessed_on: {one.assessed_on} is in the future; today is {today}"
        faults.append((_down(document, "assessed_on"), what))
    for day in [day for day in one.referrals if day > today]:
        faults.append((_down(document, "referrals"), f"referrals: {day} is in the future; today is {today}"))
    return faults


def _model_faults(framework: Framework, document: bytes, error: ValidationError) -> list[tuple[int, str]]:
    faults = []
    for fault in error.errors(include_url=False):
        if fault["type"] == "json_invalid":
            return [_broken(fault["ctx"]["error"])]
        key = next((part for part in reversed(fault["loc"]) if isinstance(part, str) and part != "[key]"), "")
        faults.append((_down(document, key), _say(framework, fault)))
    return faults + _repeated_keys(document)


def _broken(problem: str) -> tuple[int, str]:
    """Lines down and message from `problem`, as in: expected value at line 3 column 14."""
    what, _, place = problem.rpartition(" at line ")
    line, _, column = place.partition(" column ")
    return int(line) - 1, f"not valid JSON: {what} at column {column}; correct it"


def _down(document: bytes, key: str) -> int:
    """How many lines down `document` the first `key` stands; 0 where it is not to be found."""
    before, found, _ = document.partition(json.dumps(key).encode())
    return before.count(b"\n") if found else 0


def _repeated_keys(document: bytes) -> list[tuple[int, str]]:
    twice: list[str] = []

    def note(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        keys = [k for k, _ in pairs]
        twice.extend(dict.fromkeys(k for k in keys if keys.count(k) > 1))
        return dict(pairs)

    json.loads(document, object_pairs_hook=note)
    return [(_down(document, key), f"{key[:60]!r} is there twice; keep one") for key in twice]


def _say(framework: Framework, fault: Any) -> str:
    path = [str(p) for p in fault["loc"]]
    found = json.dumps(fault.get("input"), default=str)[:60]
    match path, fault["type"]:
        case ["levels", domain, "[key]"], _:
            return f"levels: unknown domain {domain[:60]!r}; use one of {', '.join(framework.domain)}"
        case ["levels", domain], _:
            return f"levels.{domain}: {found} is no level; use one of {', '.join(LEVELS)}, or leave the domain out"
        case _, "missing":
            return f"{'.'.join(path)} is missing; add it"
        case _, "extra_forbidden":
            return f"unknown field {'.'.join(path)[:60]!r}; use one of {', '.join(_Asked.model_fields)}"
        case [], _:
            return f"{found} is not an object; give a JSON object"
        case _:
            return f"{'.'.join(path)}: found {found}; {FIXES.get(path[0], fault['msg'].lower())}"


def _result(framework: Framework, one: _Asked, today: date) -> bytes:
    result = score(framework, one.levels, assessed_on=one.assessed_on or today, age=one.age, referrals=one.referrals)
    return orjson.dumps(as_json(result), option=orjson.OPT_APPEND_NEWLINE)


def as_json(result: Score) -> dict[str, Any]:
    """`result` in the fields the command line prints."""
    harm, context, combined = result.harm, result.context, result.combined
    return {
        "harm": {"score": harm.score, "band": harm.band},
        "context": {"score": context.score, "band": context.band},
        "combined": {"score": combined.score, "band": combined.band},
        "complete": result.complete,
        "range": {
            "harm": {"least": harm.least, "most": harm.most, "bands": harm.bands},
            "context": {"least": context.least, "most": context.most, "bands": context.bands},
            "combined": {"least": combined.least, "most": combined.most, "bands": combined.bands},
        },
        "flags": [{"code": f.code, "text": f.text, "source": f.source} for f in result.flags],
        "response": result.response,
        "pillars": result.pillars,
        "lead_pillars": result.lead_pillars,
        "review_by": result.review_by,
    }

"""Scores from the command line: JSON objects in, one JSON result a line out, all or nothing."""

from __future__ import annotations

import json
from datetime import date
from typing import Annotated, Any, Literal

import orjson
from pydantic import BaseModel, ConfigDict, Field, ValidationError, create_model

from chm.errors import Faults
from chm.framework import LEVELS, Framework
from chm.scoring import AXIS_NAMES, Score, score

OLDEST = 25


class _Asked(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    levels: dict[str, str]
    indicators: tuple[str, ...] = ()
    age: Annotated[int, Field(ge=0, le=OLDEST)] | None = None
    referrals: tuple[date, ...] = ()
    assessed_on: date | None = None


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
        levels=(dict[Literal[tuple(framework.domain)], Literal[LEVELS]], ...),  # type: ignore[valid-type]
    )
    # A pydantic model's own JSON reader parses and checks in one pass, several times as quick as json plus checks.
    read = model.__pydantic_validator__.validate_json
    scored: list[bytes] = []
    faults: list[str] = []
    for number, line in _documents(text):
        try:
            one = read(line)
        except ValidationError as error:
            faults += [f"line {number}: {_say(framework, f)}" for f in error.errors(include_url=False)]
            continue
        faults += [f"line {number}: {fault}" for fault in _more_faults(framework, one, line, today)]
        if not faults:
            scored.append(_result(framework, one, today))
    if not scored and not faults:
        faults.append('line 1: nothing to score; give a JSON object such as {"levels": {"coercion": "moderate"}}')
    if faults:
        raise Faults(faults)
    return scored


def _documents(text: bytes) -> list[tuple[int, bytes]]:
    lines = [(n, line) for n, line in enumerate(text.splitlines(), 1) if line.strip()]
    starts = sum(line.lstrip().startswith(b"{") for _, line in lines)
    first = lines[0][1] if lines else b""
    if len(lines) > 1 and starts < len(lines) and not _is_json(first):
        return [(lines[0][0], text.strip())]
    return lines


def _is_json(text: bytes) -> bool:
    try:
        orjson.loads(text)
    except orjson.JSONDecodeError:
        return False
    return True


def _more_faults(framework: Framework, one: _Asked, line: bytes, today: date) -> list[str]:
    faults = []
    keys = len(one.model_fields_set) + len(one.levels)
    if line.count(b":") != keys and (twice := _repeated_keys(line)):
        faults += [f"{key} is there twice; keep one" for key in twice]
    if one.indicators:
        faults += [f"indicators: unknown id {i[:60]!r}" for i in one.indicators if i not in framework.indicators]
    if one.assessed_on and one.assessed_on > today:
        faults.append(f"assessed_on: {one.assessed_on} is in the future; today is {today}")
    faults += [f"referrals: {day} is in the future; today is {today}" for day in one.referrals if day > today]
    return faults


def _repeated_keys(line: bytes) -> list[str]:
    twice: list[str] = []

    def note(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        keys = [k for k, _ in pairs]
        twice.extend(dict.fromkeys(k for k in keys if keys.count(k) > 1))
        return dict(pairs)

    json.loads(line, object_pairs_hook=note)
    return twice


def _say(framework: Framework, fault: Any) -> str:
    path = [str(p) for p in fault["loc"]]
    found = json.dumps(fault.get("input"), default=str)[:60]
    match path, fault["type"]:
        case ["levels", domain, "[key]"], _:
            return f"levels: unknown domain {domain[:60]!r}; use one of {', '.join(framework.domain)}"
        case ["levels", domain], _:
            return f"levels.{domain}: {found} is no level; use one of {', '.join(LEVELS)}, or leave the domain out"
        case _, "json_invalid":
            return f"not valid JSON: {fault['ctx']['error']}"
        case _, "missing":
            return f"{'.'.join(path)} is missing; add it"
        case _, "extra_forbidden":
            return f"unknown field {'.'.join(path)[:60]!r}; use one of {', '.join(_Asked.model_fields)}"
        case [], _:
            return f"{found} is not an object; give a JSON object"
        case _:
            return f"{'.'.join(path)}: {found}: {fault['msg'].lower()}"


def _result(framework: Framework, one: _Asked, today: date) -> bytes:
    result = score(
        framework, one.levels, assessed_on=one.assessed_on or today, age=one.age, referrals=one.referrals
    )
    return orjson.dumps(as_json(result), option=orjson.OPT_APPEND_NEWLINE)


def as_json(result: Score) -> dict[str, Any]:
    """`result` in the fields the command line prints."""
    totals = (result.harm, result.context, result.combined)
    return {
        **{axis: {"score": t.score, "band": t.band} for axis, t in zip(AXIS_NAMES, totals, strict=True)},
        "complete": result.complete,
        "range": {
            axis: {"least": t.least, "most": t.most, "bands": t.bands}
            for axis, t in zip(AXIS_NAMES, totals, strict=True)
        },
        "flags": [{"code": f.code, "text": f.text, "source": f.source} for f in result.flags],
        "response": result.response,
        "pillars": result.pillars,
        "lead_pillars": result.lead_pillars,
        "review_by": result.review_by,
    }

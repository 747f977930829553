"""Two people's answers in one draft: what only one of them changed is taken, what both changed is theirs to settle."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from chm.assessments import Answers

MAPS = ("levels", "reasons", "directions")
FORM_SETS = ("influential_contexts", "checklist")


@dataclass(frozen=True)
class Difference:
    """A leaf that both changed, each their own way; None where it was taken out. Values are JSON types."""

    path: str
    mine: Any
    theirs: Any


@dataclass(frozen=True)
class Merge:
    """`answers` holds theirs wherever there is a conflict; `settled` names the leaves that needed nobody."""

    answers: Answers
    settled: list[str]
    conflicts: list[Difference]

    def settle(self, mine: Collection[str]) -> Answers:
        """The answers with my side taken at the conflicts whose paths are in `mine`."""
        said = leaves(self.answers)
        said.update({d.path: d.mine for d in self.conflicts if d.path in mine})
        return answers(said)


def merge(base: Answers, mine: Answers, theirs: Answers) -> Merge:
    """Three-way merge, leaf by leaf: each level, tick, reason, direction, piece of evidence and form field.

    Args:
        base: what both began with.
        mine: base with my changes.
        theirs: base with the other's changes, as saved.
    """
    was, my, their = leaves(base), leaves(mine), leaves(theirs)
    merged, settled, conflicts = dict(their), [], []
    for path in [*their, *(p for p in my if p not in their), *(p for p in was if p not in their and p not in my)]:
        before, ours, others = was.get(path), my.get(path), their.get(path)
        if ours == others:
            continue
        if ours == before or others == before:
            settled.append(path)
            merged[path] = others if ours == before else ours
        else:
            conflicts.append(Difference(path, ours, others))
    return Merge(answers(merged), settled, conflicts)


def leaves(said: Answers) -> dict[str, Any]:
    """Answers as path to JSON value, such as `levels.missing`, `ticks.<id>`, `evidence.<id>`, `form.nrm.status`."""
    whole = said.model_dump(mode="json")
    form = whole["form"]
    found = {f"{part}.{key}": value for part in MAPS for key, value in whole[part].items()}
    found |= {f"ticks.{tick}": True for tick in whole["ticks"]}
    found |= {f"evidence.{e['id']}": e for e in whole["evidence"]}
    found |= {f"form.incidents.{i['id']}": i for i in form.pop("incidents")}
    found |= {f"form.nrm.{key}": value for key, value in form.pop("nrm").items()}
    found |= {f"form.{part}.{member}": True for part in FORM_SETS for member in form.pop(part)}
    return found | {f"form.{key}": value for key, value in form.items()}


def answers(found: dict[str, Any]) -> Answers:
    """The answers that `leaves` took apart; a leaf of None is left out."""
    whole: dict[str, Any] = {part: {} for part in MAPS} | {"ticks": [], "evidence": []}
    form: dict[str, Any] = {part: [] for part in FORM_SETS} | {"incidents": [], "nrm": {}}
    for path, value in found.items():
        if value is None:
            continue
        part, _, key = path.partition(".")
        if part in MAPS:
            whole[part][key] = value
        elif part != "form":
            whole[part].append(key if part == "ticks" else value)
        else:
            field, _, member = key.partition(".")
            if field == "nrm":
                form["nrm"][member] = value
            elif field == "incidents":
                form["incidents"].append(value)
            elif field in FORM_SETS:
                form[field].append(member)
            else:
                form[field] = value
    return Answers.model_validate({**whole, "form": form})

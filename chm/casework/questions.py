"""What forms ask and what targets call for, read once a process; and checking what is replied."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from chm import setting_assessments, settings, targets
from chm.casework import frameworks
from chm.casework.checks import Checks
from chm.records import Reply
from chm.setting_assessments import Question, SettingForm
from chm.target_actions import TargetAction


def before_disruption() -> tuple[Question, ...]:
    """What is asked before a disruption enters a plan. Raises Faults where the data is broken."""
    return target_actions().questions


def target_actions() -> targets.Targets:
    """What can be done about what young people share. Raises Faults where the data is broken."""
    framework = frameworks.current()
    return _targets(framework.id, framework.version, settings.data())


def of_setting(kind: str) -> SettingForm:
    """The form for a `group`, a `school` or a `place`. Raises Faults where the data is broken."""
    return _forms(settings.data())[kind]


def replies(
    checks: Checks, questions: Iterable[Question], said: Mapping[str, Reply], *, every: bool = False
) -> dict[str, Reply]:
    """What was replied, in the questions' order, without what was left open; faults are noted in `checks`.

    Args:
        every: whether each question must be answered, and each yes explained.
    """
    kept = {}
    asked = {q.id: q for q in questions}
    checks.need(said.keys() <= asked.keys(), "questions: one is not on the form; open the form anew")
    for n, (id, question) in enumerate(asked.items(), 1):
        reply, field, options = said.get(id, Reply()), f"question {n}", [option for option, _ in question.options]
        checks.need(
            not reply.answer or reply.answer in options, f"{field}: must be one of the form's answers; choose one"
        )
        checks.need(bool(reply.answer) or not (every and options), f"{field}: still open; choose an answer")
        note = checks.note(field, reply.note, needed=every and (not options or reply.answer == "yes"))
        if reply.answer or note:
            kept[id] = Reply(reply.answer, note)
    return kept


def about_worker(action: TargetAction) -> bool:
    """Whether an action is about the conduct of somebody who works with children."""
    return action.id in target_actions().about_worker or step_about_worker(action.step)


def step_about_worker(step: str | None) -> bool:
    """Whether a step of the framework, or what is recommended about a target, is about such conduct."""
    framework = frameworks.current()
    found = framework.steps.get(step or "")
    prompts = found[2].prompts if found else ()
    return step in target_actions().about_worker or any(framework.pathway[p].about_worker for p in prompts)


def is_step(step: str) -> bool:
    """Whether `step` is one of the framework, or the id of what is recommended about a target."""
    framework = frameworks.current()
    listed = (s.id for steps in framework.summary_steps.values() for s in steps)
    own = (r.key for found in target_actions().targets.values() for r in found)
    return step in framework.steps or step in (*listed, *own)


@cache
def _forms(data: Path) -> dict[str, SettingForm]:
    return setting_assessments.load(data)


@cache
def _targets(framework: str, version: int, data: Path) -> targets.Targets:
    return targets.load(frameworks.known(framework, version), data)

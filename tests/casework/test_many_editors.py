"""Twelve people on one draft at once: nothing anybody saved is lost, and who meets a conflict is shown both sides."""

from __future__ import annotations

import random
import threading
from collections import Counter
from datetime import date

import pytest

from chm import store
from chm.assessments import Answers, Draft, Evidence
from chm.casework import drafts
from chm.casework.desk import Desk
from chm.casework.merging import Difference
from chm.errors import Conflict, StorageUnavailable
from chm.records import Role, User
from chm.store import people, users

from .conftest import NOW, Office

EDITORS = 12
SUMMARY = "form.summary"


def editors(office: Office) -> list[Desk]:
    """Practitioners who all work with Heron."""
    found = [
        User(f"u-{n}", f"Worker {n} Invented", "Early Help", frozenset({Role.PRACTITIONER})) for n in range(EDITORS)
    ]
    with store.transaction(office.engine) as session:
        for user in found:
            users.add(session, user)
            people.allocate(session, user.id, "YP-0001", date(2026, 1, 1))
    return [Desk(office.engine, user, lambda: NOW) for user in found]


def told(answers: Answers, text: str) -> Answers:
    """The answers with `text` at the end of the summary, where all write."""
    return answers.model_copy(update={"form": answers.form.model_copy(update={"summary": answers.form.summary + text})})


def seen(answers: Answers, name: str) -> Answers:
    """The answers with a piece of evidence of its own, where nobody else writes."""
    more = Evidence(id=name, domain="missing", text=name, on=NOW.date(), agency="Police", first_hand=True)
    return answers.model_copy(update={"evidence": (*answers.evidence, more)})


class Editor:
    """One who edits what they last saw, as a screen does, and settles each conflict they are shown."""

    def __init__(self, desk: Desk, draft: Draft):
        self.desk, self.known = desk, draft
        self.met: Counter[str] = Counter()

    def edit(self, change: str, shared: bool) -> None:
        mine = told(self.known.answers, change) if shared else seen(self.known.answers, change)
        while True:
            try:
                self.known = drafts.save(self.desk, self.known.model_copy(update={"answers": mine}))
                return
            except StorageUnavailable:
                # SQLite keeps no queue: one of twelve may wait in vain, and is told to try again.
                continue
            except Conflict:
                theirs = drafts.latest(self.desk, self.known.young_person)
            mine = self.settle(mine, theirs, change)
            self.known = theirs

    def settle(self, mine: Answers, theirs: Draft, change: str) -> Answers:
        merged = drafts.merge(self.known.answers, mine, theirs.answers)
        self.met["stale"] += 1
        if not merged.conflicts:
            return merged.answers
        # Both sides, in full: what I typed, and what stands there now.
        assert merged.conflicts == [Difference(SUMMARY, mine.form.summary, theirs.answers.form.summary)]
        assert mine.form.summary.endswith(change) and change not in theirs.answers.form.summary
        assert merged.settle([SUMMARY]).form.summary == mine.form.summary
        self.met["both sides"] += 1
        return told(merged.answers, change)


def edit_at_once(office: Office, draft: Draft, each: int) -> None:
    faults: list[Exception] = []
    crowd = [Editor(desk, draft) for desk in editors(office)]
    start = threading.Barrier(EDITORS)

    def work(number: int) -> None:
        dice = random.Random(number)
        try:
            start.wait(60)
            for n in range(each):
                # All begin with the same draft and the same field, so that all but one meet a conflict.
                crowd[number].edit(f"[{number}.{n}]", shared=n == 0 or dice.random() < 0.5)
        except Exception as fault:
            faults.append(fault)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(EDITORS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    last = drafts.latest(office["jo"], "YP-0001")
    every = {f"[{number}.{n}]" for number in range(EDITORS) for n in range(each)}
    written = Counter(f"{change}]" for change in last.answers.form.summary.split("]")[:-1])
    written.update(evidence.id for evidence in last.answers.evidence)
    assert written == Counter(every)
    assert last.version == draft.version + EDITORS * each
    met = sum((editor.met for editor in crowd), Counter[str]())
    print(f"\n{EDITORS * each} edits, all kept; {met['stale']} met a change, {met['both sides']} of them a conflict")
    assert met["both sides"] >= EDITORS - 1


def test_twelve_editors_of_one_draft_lose_nothing(office: Office, draft: Draft) -> None:
    edit_at_once(office, draft, 4)


@pytest.mark.soak
def test_twelve_editors_with_fifty_edits_each_lose_nothing(office: Office, draft: Draft) -> None:
    edit_at_once(office, draft, 50)

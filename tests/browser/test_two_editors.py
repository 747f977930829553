"""Two people edit one record at once, each in a browser: no answer is lost, and each conflict shows both sides."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from chm import settings, store
from chm.framework import load_all, newest
from chm.store import drafts
from tests.browser import steps
from tests.browser.conftest import serving, worked_by_two
from tests.browser.steps import LEVELS, ROWS

SHARED, SECONDS = "YP-0014", 30


@pytest.fixture
def site(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """A server of its own, and its database."""
    with serving(tmp_path, worked_by_two) as address:
        yield address, tmp_path / "chm.sqlite3"


class Kept:
    """What the database holds of the shared draft."""

    def __init__(self, file: Path):
        self.engine = store.open_engine(f"sqlite:///{file}")
        known = newest(load_all(settings.data()), settings.framework())
        self.rows = {domain.name: id for id, domain in known.domain.items()}
        self.levels = {id: level.name for id, level in known.level.items()}

    def level(self, row: str) -> str | None:
        """The level of a row, by its name; None where it is unanswered."""
        with store.transaction(self.engine, writing=False) as session:
            draft = drafts.get(session, SHARED)
        assert draft is not None
        said = draft.answers.levels.get(self.rows[row])
        return None if said is None else self.levels[said]


class Editor:
    """One who edits what their screen shows, and settles each conflict that they are shown."""

    def __init__(self, page: Page, kept: Kept, dice: random.Random):
        self.page, self.kept, self.dice = page, kept, dice
        self.box = page.locator(".st-key-conflict")
        self.conflicts = 0

    def shows(self, row: str) -> str | None:
        """The level that the screen has chosen in a row."""
        return next((name for name in LEVELS if steps.level(self.page, row, name).is_checked()), None)

    def click(self, row: str, level: str) -> None:
        """Answer a row."""
        steps.level(self.page, row, level).click()

    def settled(self, row: str, mine: str, theirs: set[str | None]) -> str | None:
        """Wait until what was clicked is kept, or settle the conflict; the level that then stands.

        `theirs`: what the row may hold besides. Where the other saves meanwhile, it is asked again.
        """
        for _ in range(SECONDS * 20):
            steps.still(self.page)
            if self.box.is_visible():
                whose = self._choose(row, mine, theirs)
                stands = self.kept.level(row)
                if not self.box.is_visible() and stands in ({mine} if whose == "Mine" else theirs):
                    return stands
            elif self.kept.level(row) == mine:
                return mine
            self.page.wait_for_timeout(50)
        raise AssertionError(f"{row} at {mine} is neither kept nor asked about in {SECONDS} s")

    def _choose(self, row: str, mine: str, theirs: set[str | None]) -> str:
        self.conflicts += 1
        asked = self.box.get_by_role("radiogroup")
        expect(asked).to_have_count(1)
        expect(asked).to_have_accessible_name(row)
        said = asked.inner_text()
        assert f"Mine: {mine}" in said and any(f"Theirs: {name}" in said for name in theirs), said
        whose = self.dice.choice(("Mine", "Theirs"))
        asked.get_by_role("radio", name=re.compile(f"^{whose}: ")).check(force=True)
        steps.still(self.page)
        self.page.get_by_role("button", name="Save these answers").click()
        for _ in range(100):  # It closes; where the other saved meanwhile, it stays and asks again.
            self.page.wait_for_timeout(100)
            if not self.box.is_visible():
                break
        steps.still(self.page)
        return whose


def asked(editors: tuple[Editor, Editor]) -> int:
    """Which of two who answered one row at once came second, and is asked what stands."""
    for _ in range(SECONDS * 20):
        for number, editor in enumerate(editors):
            if editor.box.is_visible():
                editors[1 - number].page.wait_for_timeout(300)
                steps.still(editors[1 - number].page)
                return number
        editors[0].page.wait_for_timeout(50)
    raise AssertionError("Two answered one row at once, and neither is asked which answer stands")


def edit_at_once(visitor: Callable[..., Page], site: tuple[str, Path], each: int) -> None:
    dice, kept = random.Random(each), Kept(site[1])
    jo, chris = visitor(), visitor()
    steps.score(jo, site[0], SHARED)
    steps.visit(chris, site[0])
    steps.become(chris, "Chris Sample")
    steps.go(chris, "Score")
    steps.choose(chris, SHARED)
    editors = Editor(jo, kept, dice), Editor(chris, kept, dice)
    stands: dict[str, str | None] = {}
    together = 0
    for n in range(each):
        first = dice.choice(list(ROWS))
        rows = (first, first if n % 2 == 0 else dice.choice([row for row in ROWS if row != first]))
        before = {row: kept.level(row) for row in rows}
        told: list[str] = []
        for editor, row in zip(editors, rows, strict=True):
            told.append(dice.choice([name for name in LEVELS if name not in (editor.shows(row), before[row], *told)]))
        for editor, row, level in zip(editors, rows, told, strict=True):
            editor.click(row, level)
        if rows[0] == rows[1]:
            together += 1
            late = asked(editors)
            stands[first] = editors[late].settled(first, told[late], {before[first], told[1 - late]})
        else:
            for editor, row, level in zip(editors, rows, told, strict=True):
                stands[row] = editor.settled(row, level, {before[row]})
    assert {row: kept.level(row) for row in stands} == stands
    met = sum(editor.conflicts for editor in editors)
    print(f"\n{2 * each} edits, all kept; {met} met a conflict")
    assert met >= together
    steps.score(third := visitor(), site[0], SHARED)
    for row, level in stands.items():
        expect(steps.level(third, row, str(level))).to_be_checked()


def test_two_editors_in_two_browsers_lose_nothing(visitor: Callable[..., Page], site: tuple[str, Path]) -> None:
    edit_at_once(visitor, site, 6)


@pytest.mark.soak
def test_two_editors_with_fifty_edits_each_lose_nothing(visitor: Callable[..., Page], site: tuple[str, Path]) -> None:
    edit_at_once(visitor, site, 50)

"""The pages without a browser: Streamlit's AppTest on a copy of the demo database."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from os import environ
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from google.protobuf.text_format import MessageToString
from streamlit.testing.v1 import AppTest

from chm.casework import database
from chm.casework.desk import Desk
from chm.framework import Framework
from chm.records import Role, User
from pages.parts import gate, matrix_form, open_draft
from pages.parts.navigation import SCORE, YOUNG_PERSON, Screen

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 60
MATRIX, TITLE = "chm_matrix_form", "chm_title"
TAG = re.compile(r"<[^>]*>")


class Visit:
    """One visitor of the whole product, from `app.py` on. Every step runs the script once, to its end."""

    def __init__(self, user: str):
        self.at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=SECONDS)
        self.at.session_state["user"] = user
        self.at.run()

    def to(self, screen: Screen) -> Visit:
        """Follow the navigation to `screen`."""
        self.at.switch_page(f"pages/{screen.file}").run()
        self.at._page_hash = ""  # Else every later run would begin there, wherever a button has led since.
        return self

    def score(self, young_person: str) -> Visit:
        """Open the draft of `young_person` from the chooser of the Score page."""
        self.to(SCORE)
        self.at.button(key=f"choose-{young_person}").click().run()
        assert self.draft.person.id == young_person
        return self

    def young_person(self, id: str) -> Visit:
        """Open the page of young person `id` from its chooser."""
        self.to(YOUNG_PERSON)
        self.at.button(key=f"choose-{id}").click().run()
        return self

    @property
    def draft(self) -> open_draft.OpenDraft:
        """The draft on the screen."""
        return self.at.session_state[open_draft.KEY]

    def answer(self, **parts: Any) -> Visit:
        """Answer as the matrix does: `levels` and the rest stand for all answers of their kind."""
        answers = self.draft.answers.model_dump(mode="json", include={"levels", "ticks", "reasons", "directions"})
        whole = {
            "draft": self.draft.stored.id,
            "merged": self.draft.merged,
            "opened": self.draft.opened,
            **answers,
            **parts,
        }
        said = {"sequence": self.draft.sequence + 1, **whole}
        return self.matrix(said=said)

    def matrix(self, **state: Any) -> Visit:
        """Send the matrix component's state, as the browser would."""
        states = self.at._tree.get_widget_states()
        widget = states.widgets.add()
        widget.id = self._component(MATRIX).id
        known = matrix_form.KEY in self.at.session_state
        kept = self.at.session_state[matrix_form.KEY] if known else {}
        widget.json_value = json.dumps({k: kept[k] for k in ("said",) if k in kept} | state)
        self.at._run(states)
        return self

    def view(self, name: str) -> Visit:
        """Choose a view in the title row."""
        states = self.at._tree.get_widget_states()
        widget = states.widgets.add()
        widget.id = self._component(TITLE).id
        widget.json_value = json.dumps({"view": name})
        self.at._run(states)
        return self

    def ask(self, event: str, value: Any) -> Visit:
        """Send one of the matrix component's triggers, with whatever else was typed or pressed."""
        return self._trigger(MATRIX, event, value)

    def title(self, event: str, value: Any) -> Visit:
        """Send one of the title row's triggers: `close`, or `user` with the id of whom to be."""
        return self._trigger(TITLE, event, value)

    def _trigger(self, name: str, event: str, value: Any) -> Visit:
        states = self.at._tree.get_widget_states()
        widget = states.widgets.add()
        widget.id = f"$$STREAMLIT_INTERNAL_KEY_{self._component(name).id}__events"
        widget.json_trigger_value = json.dumps([{"event": event, "value": value}])
        self.at._run(states)
        return self

    def _component(self, name: str) -> Any:
        return next(c.proto for c in self.at.get("bidi_component") if c.proto.component_name.endswith(name))

    def matrix_shows(self) -> dict[str, Any]:
        """What the matrix component was given to show."""
        return self.shown(MATRIX)

    def shown(self, name: str) -> dict[str, Any]:
        """What the component `name` was given to show."""
        return _data(self._component(name))

    def button(self, label: str, nth: int = 0) -> Any:
        """The button `label`; the `nth` where several bear it."""
        return [b for b in self.at.button if b.label == label][nth]

    def press(self, *labels: str) -> Visit:
        """Press buttons; a dialog's own together with the one that opens it, for here every run is a whole one."""
        for label in labels:
            self.button(label).click()
        self.at.run()
        return self

    def field(self, label: str, nth: int = 0) -> Any:
        """The input `label`; the `nth` where several bear it."""
        kinds = (
            "text_input",
            "text_area",
            "date_input",
            "number_input",
            "selectbox",
            "multiselect",
            "toggle",
            "radio",
            "checkbox",
            "button_group",
        )
        return [w for kind in kinds for w in self.at.get(kind) if w.label == label][nth]

    @property
    def said(self) -> str:
        """All that our own markup says, without tags, on one line."""
        bodies = [h.proto.body for h in self.at.get("html") if "<style>" not in h.proto.body]
        bodies += drawn(self.at)
        return " ".join(html.unescape(" ".join(TAG.sub(" ", body) for body in bodies)).split())

    @property
    def everything(self) -> str:
        """Every element with every property it was sent with."""
        return "\n".join(
            MessageToString(p, as_utf8=True) for n in _nodes(self.at._tree) if (p := getattr(n, "proto", None))
        )

    @property
    def errors(self) -> list[str]:
        """Texts of the error boxes, as Markdown shows them."""
        return [re.sub(r"\\(.)", r"\1", e.value) for e in self.at.error]


def drawn(page: AppTest) -> list[str]:
    """The markup that our components put in place."""
    told = [_data(c.proto) for c in page.get("bidi_component")]
    return [data["markup"] for data in told if "markup" in data]


def _data(component: Any) -> dict[str, Any]:
    return json.loads(component.json or component.mixed.json)


def _nodes(block: Any) -> Iterator[Any]:
    yield block
    for child in getattr(block, "children", {}).values():
        yield from _nodes(child)


@pytest.fixture(scope="session")
def demo_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo database as `python -m chm prepare` makes it."""
    file = tmp_path_factory.mktemp("demo") / "chm.sqlite3"
    env = {**environ, "CHM_DATABASE_URL": f"sqlite:///{file.as_posix()}"}
    made = subprocess.run([sys.executable, "-m", "chm", "prepare"], cwd=ROOT, env=env, capture_output=True, text=True)
    assert made.returncode == 0, made.stderr
    assert made.stdout == "Loaded the invented demo cohort: 40 young people\n"
    return file


@pytest.fixture
def at_file(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Set the address of the database that pages use; nothing is left over from the test before, or for the next."""

    def use(url: str) -> None:
        monkeypatch.setenv("CHM_DATABASE_URL", url)
        st.cache_resource.clear()
        st.cache_data.clear()

    yield use
    with suppress(Exception):  # Some tests break the database on purpose.
        gate.engine().dispose()
    st.cache_resource.clear()
    st.cache_data.clear()


@pytest.fixture
def demo(demo_file: Path, tmp_path: Path, at_file: Callable[[str], None]) -> Path:
    """A demo database of the test's own, in use by the pages."""
    file = tmp_path / "chm.sqlite3"
    shutil.copyfile(demo_file, file)
    at_file(f"sqlite:///{file.as_posix()}")
    return file


@pytest.fixture
def visit(demo: Path) -> Callable[..., Visit]:
    """`visit(user)`: somebody who has opened the product, by default Jo, a practitioner."""

    def come(user: str = "U-jo") -> Visit:
        here = Visit(user)
        assert not here.at.exception, here.at.exception
        return here

    return come


@pytest.fixture
def lead(demo: Path) -> Iterator[Desk]:
    """The safeguarding lead's desk at the same database, past the pages."""
    engine = database.open()
    yield Desk(engine, User("U-chris", "Chris Sample", "Children's Social Care", frozenset({Role.SAFEGUARDING_LEAD})))
    engine.dispose()


@pytest.fixture
def framework() -> Framework:
    """The framework that new assessments use."""
    from chm.casework import frameworks

    return frameworks.current()

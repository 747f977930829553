"""What is asked about a group, a school and a place."""

from __future__ import annotations

from pathlib import Path

import pytest

from chm import settings
from chm.errors import Faults
from chm.setting_assessments import FILE, YES_NO, load

FORMS = load()


def spoiled(folder: Path, *edits: tuple[str, str]) -> list[str]:
    text = (settings.data() / FILE).read_text(encoding="utf-8")
    for old, new in edits:
        assert old in text
        text = text.replace(old, new, 1)
    (folder / FILE).write_text(text, encoding="utf-8")
    with pytest.raises(Faults) as found:
        load(folder)
    return found.value.faults


def test_three_forms_with_their_questions() -> None:
    assert {kind: (form.domain, len(form.question)) for kind, form in FORMS.items()} == {
        "group": ("peers", 20),
        "school": ("education", 17),
        "place": ("places", 27),
    }
    assert [s.title for s in FORMS["group"].sections] == [
        "Relationships",
        "Inside the group",
        "Harm to and by the group",
        "Who looks out for them",
    ]
    assert [s.title for s in FORMS["place"].sections] == [
        "What happens here",
        "Needs of the young people here",
        "Guardianship",
        "Environment",
        "Ownership",
    ]


def test_answers_to_choose_from() -> None:
    group = FORMS["group"].question
    assert group["trusted"].options == ()
    assert group["balance"].options == YES_NO
    assert group["ages"].options == (
        ("close", "Close in age"),
        ("some_older", "Some much older"),
        ("adults", "Adults among them"),
        ("not_known", "Not known"),
    )
    offered = [q.options for f in FORMS.values() for q in f.question.values() if q.answer != "note"]
    assert all("not_known" in dict(options) for options in offered)


def test_sources_are_cited() -> None:
    assert FORMS["group"].question["norms"].source == "Guidance line 942"
    assert FORMS["place"].question["owner"].source == "Guidance lines 839 to 840"
    assert [s.source for s in FORMS["school"].levels["significant"]] == [
        "Guidance line 1169",
        "Guidance line 1168",
        "Guidance lines 1167 to 1168",
    ]


def test_every_fault_of_the_shape_is_named(tmp_path: Path) -> None:
    assert spoiled(
        tmp_path,
        ('answer: note, ask: "Name', 'answer: essay, ask: "Name'),
        ("lines: [973, 973]", "lines: [973, 1700]"),
        ("lines: [954, 955]}", "lines: [954, 955], outside: Somewhere}"),
        (", lines: [941, 941]", ""),
        ("answer: yes_no_not_known, lines: [945, 945]", "answer: choice, lines: [945, 945]"),
        ("{id: some_older, name: Some much older}", "{id: close, name: Some much older}"),
        ("title: School assessment", "heading: School assessment"),
    ) == [
        f"{FILE}: forms.0.sections.0.questions.0.answer: input should be 'note', 'yes_no_not_known' or 'choice'; "
        "correct it",
        f"{FILE}: forms.0.sections.0.questions.2: lines run from the first to the last, within 1 to 1622; correct it",
        f"{FILE}: forms.0.sections.0.questions.3: a choice has at least two answers, each with an id of its own; "
        "correct it",
        f"{FILE}: forms.0.sections.0.questions.4: give its source: either lines of the guidance, or outside; "
        "correct it",
        f"{FILE}: forms.0.sections.1.questions.0: give its source: either lines of the guidance, or outside; "
        "correct it",
        f"{FILE}: forms.0.sections.1.questions.3: choices go with the answer type choice; give at least two there, "
        "and none elsewhere; correct it",
        f"{FILE}: forms.1.title: field required; add it",
        f"{FILE}: forms.1.heading: extra inputs are not permitted; remove it or correct its name",
    ]


def test_every_fault_of_the_whole_is_named(tmp_path: Path) -> None:
    assert spoiled(
        tmp_path,
        ("id: known_how", "id: trusted"),
        ("id: inside", "id: harm"),
        ("kind: school", "kind: group"),
        ('      moderate:\n        - {text: "The place', '        - {text: "The place'),
    ) == [
        f"{FILE}: the form for school is missing; add it",
        f"{FILE}: group has 2 forms; keep one",
        f"{FILE}: group: the section harm stands 2 times; keep one",
        f"{FILE}: group: the question trusted stands 2 times; keep one",
        f"{FILE}: place: levels: moderate is missing; say what it looks like",
    ]


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (None, f"{FILE}: the file cannot be read (No such file or directory); restore it from the release"),
        (b"\xff", f"{FILE}: not UTF-8 text; save it as UTF-8"),
        (b"a: [1}", f"{FILE}: line 1: not valid YAML (did not find expected ',' or ']'); check quotes and indents"),
        (b"", f"{FILE}: the file: input should be a valid dictionary or instance of _forms; correct it"),
    ],
)
def test_a_file_that_cannot_be_had(tmp_path: Path, content: bytes | None, fault: str) -> None:
    if content is not None:
        tmp_path.joinpath(FILE).write_bytes(content)
    with pytest.raises(Faults) as found:
        load(tmp_path)
    assert found.value.faults == [fault]

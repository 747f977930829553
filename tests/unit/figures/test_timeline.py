"""What happened when: exact marks, spans wide enough to see, words that never run together, user text as text."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from chm.figures.palette import DARK, LIGHT, plain
from chm.figures.timeline import configuration, is_missing, timeline
from chm.records import Incident, Referral

TODAY = date(2026, 11, 23)
DAY_MS = 86_400_000


def referral(on: date, agency: str = "Police", reason: str = "Worry at home") -> Referral:
    return Referral("R-1", "YP-0001", on, agency, reason)


def incident(on: date, kind: str, what: str = "Known to staff", until: date | None = None) -> Incident:
    return Incident("I-1", "YP-0001", on, kind, what, "School", True, until)


REFERRALS = [referral(date(2026, 1, 5))]
INCIDENTS = [
    incident(date(2026, 3, 1), "Assault"),
    incident(date(2026, 4, 4), "Missing episode", until=date(2026, 4, 5)),
    incident(date(2026, 10, 1), "missing", until=date(2026, 10, 21)),
    incident(date(2026, 10, 30), "Missing episode"),
]


def figure(review_by: date | None = date(2027, 1, 4), today: date = TODAY):  # type: ignore[no-untyped-def]
    return timeline([], REFERRALS, INCIDENTS, review_by, today, LIGHT)


def test_each_row_holds_its_own() -> None:
    assert figure().layout.yaxis.ticktext == ("Missing", "Incidents", "Referrals", "Assessments")
    assert [(t.name, list(t.y), len(t.hovertext)) for t in figure().data] == [
        ("Assessments", [], 0),
        ("Referrals", [2], 1),
        ("Incidents", [1], 1),
        ("Missing", [0, 0, 0], 3),
    ]
    assert list(figure().data[1].x) == [date(2026, 1, 5)]


def test_a_missing_episode_is_a_span_never_too_narrow_to_see() -> None:
    spans = figure().data[3]
    start, end = figure().layout.xaxis.range
    least = timedelta(days=max(1, round((end - start).days * 0.009)))
    assert list(spans.base) == [i.on for i in INCIDENTS[1:]]
    assert list(spans.x) == [least.days * DAY_MS, 20 * DAY_MS, least.days * DAY_MS]
    assert least.days >= 3


def test_hover_says_what_when_and_from_whom() -> None:
    assert figure().data[1].hovertext == ("<b>Referral</b>, 5 Jan 2026<br>Police: Worry at home",)
    assert figure().data[2].hovertext == ("<b>Assault</b>, 1 Mar 2026<br>Known to staff (School, first-hand)",)
    assert figure().data[3].hovertext[0] == (
        "<b>Missing episode</b>, 4 Apr 2026 to 5 Apr 2026<br>Known to staff (School, first-hand)"
    )


@pytest.mark.parametrize("text", ["<b>bold</b>", '<a href="http://example.org">x</a>', "a < b & c", "<br>" * 5])
def test_user_text_is_never_markup(text: str) -> None:
    said = timeline([], [referral(TODAY, text, text)], [incident(TODAY, text, text)], None, TODAY, LIGHT)
    for trace in said.data[1:3]:
        ours = trace.hovertext[0].replace("<b>", "", 1).replace("</b>", "", 1).replace("<br>", "")
        assert "<" not in ours
        assert ours.replace("&lt;", "").replace("&gt;", "").replace("&amp;", "").count("&") == 0


def test_plain_wraps_and_shortens() -> None:
    assert plain("a" * 10) == "a" * 10
    assert plain("word " * 30).count("<br>") == 2
    assert plain("word " * 500).endswith(" ...")
    assert plain("=cmd()\x00 😀").startswith("=cmd()")


@pytest.mark.parametrize(
    ("review_by", "words", "anchors", "colour"),
    [
        (date(2027, 1, 4), "Review due 4 Jan 2027", ("right", "left"), LIGHT.text),
        (TODAY, "Review due 23 Nov 2026", ("right", "left"), LIGHT.text),
        (date(2026, 11, 10), "Review was due 10 Nov 2026", ("left", "right"), LIGHT.alert),
    ],
)
def test_words_of_the_two_lines_grow_apart(review_by: date, words: str, anchors: tuple[str, str], colour: str) -> None:
    today, review = figure(review_by).layout.annotations
    assert (today.text, review.text) == ("Today", words)
    assert (today.xanchor, review.xanchor) == anchors
    assert (today.x, review.x) == (TODAY, review_by)
    assert review.font.color == colour
    assert today.yanchor == review.yanchor == "bottom"
    start, end = figure(review_by).layout.xaxis.range
    room = (end - review_by) if review.xanchor == "left" else (review_by - start)
    assert room >= 0.19 * (end - start)


def test_no_review_no_line() -> None:
    drawn = figure(None)
    assert [a.text for a in drawn.layout.annotations] == ["Today"]
    assert len(drawn.layout.shapes) == 1
    assert drawn.layout.meta["alt"] == "0 assessments, 1 referral, 1 incident, 3 missing episodes; no review due."


def test_nothing_yet_still_draws() -> None:
    drawn = timeline([], [], [], None, TODAY, DARK)
    start, end = drawn.layout.xaxis.range
    assert start < TODAY < end
    assert drawn.layout.font.color == DARK.text


@pytest.mark.parametrize(("kind", "expected"), [("Missing episode", True), ("missing", True), ("Exclusion", False)])
def test_what_counts_as_missing(kind: str, expected: bool) -> None:
    assert is_missing(incident(TODAY, kind)) is expected


def test_the_page_shows_no_tool_bar() -> None:
    assert configuration() == {"displayModeBar": False, "scrollZoom": False}

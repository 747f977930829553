"""Three totals with their bands, flags and what follows, drawn from a `Score`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import streamlit as st

from chm.framework import LEVELS, Framework
from chm.scoring import AXIS_NAMES, RANK, Score, after_one_answer, at_least, hides_significant, review_by
from pages.parts import markup

NAMES = {"combined": "Combined", "harm": "Harm", "context": "Context"}
# Not st.html: its sanitizer costs more than the whole rest of drawing the panel, at every click.
_component = st.components.v2.component(
    "chm_score_panel",
    html='<div class="panel stHtml"></div>',
    js=(Path(__file__).parent / "score_panel.js").read_text(encoding="utf-8"),
    isolate_styles=False,
)
ABOUT_THE_CHILD = ("young_and_missing", "repeat_referrals", "review_overdue")


def show(panel: str, sequence: int) -> None:
    """Draw `panel`; the rows put a newer one in its place themselves, so `sequence` says how new this one is."""
    _component(key="score-panel-markup", data={"markup": panel, "sequence": sequence})


def markup_of(framework: Framework, score: Score, assessed_on: date, urgent: Sequence[Any] = ()) -> str:
    """The panel's markup; `urgent` are pathways that stand above everything, each with title, text and contacts."""
    points = {p.domain: p for p in score.points}
    significant = [
        {"name": framework.domain[d].name, "score": points[d].score, "inferred": points[d].inferred}
        for d in score.significant
    ]
    band = score.combined.band
    hidden = bool(significant) and band is not None and band != "significant"
    after = framework.responses[(band or at_least(score) or "none")]  # type: ignore[index]
    beyond = hidden and "protect" not in after.pillars
    return markup.render(
        "score_panel",
        urgent=urgent,
        significant=significant,
        hidden=hidden,
        combined=score.combined.score,
        band=band,
        flags=sorted(
            (f for f in score.flags if f.code != "significant_domain"), key=lambda f: f.code not in ABOUT_THE_CHILD
        ),
        answered=len(points),
        open_names=[framework.domain[d].name for d in score.open_domains],
        totals=totals_in_words(framework, score),
        response=_response(score, after.response),
        own_steps=len(significant) if beyond else 0,
        own_pillars=beyond,
        pillars=[
            {"name": p.capitalize() if n == 0 else p, "lead": p in after.lead_pillars}
            for n, p in enumerate(after.pillars)
        ],
        danger=framework.immediate_danger.text,
        review=_review(framework, score, assessed_on),
    )


def totals_in_words(framework: Framework, score: Score) -> list[dict[str, Any]]:
    """Combined, harm and context of a complete score: name, number, band, its word, and whether it is qualified."""
    return [_total(framework, score, axis) for axis in ("combined", "harm", "context")]


def next_totals(
    framework: Framework, levels: Mapping[str, str], assessed_on: date
) -> dict[str, dict[str, list[list[str]]]]:
    """What the totals will read after each single answer, so that the browser shows them before the answer is stored.

    By domain and level: number, word and classes of the band, for each total in the panel's order.
    """
    return {
        domain: {
            level: [[t["number"], t["word"], f"{t['band']} {t['style']}"] for t in totals_in_words(framework, then)]
            for level, then in scores.items()
        }
        for domain, scores in after_one_answer(framework, levels, assessed_on=assessed_on).items()
    }


def _response(score: Score, response: str) -> str:
    return response.capitalize() if score.complete else f"At least: {response}"


def _review(framework: Framework, score: Score, assessed_on: date) -> str:
    if not score.complete:
        return "Set when complete"
    due = markup.day(score.review_by) if score.review_by else "none by total"
    if score.significant and score.combined.band != "significant":
        sooner = review_by(framework, score, "significant", assessed_on)
        return f"{markup.day(sooner)} if judged Significant; {due}"
    return due if score.review_by else "No date set by the guidance: keep records and monitor"


def _total(framework: Framework, score: Score, axis: str) -> dict[str, Any]:
    total, maximum = score.total(axis), framework.maximum(axis)
    starts = [framework.bands[axis].of(level) for level in LEVELS]  # type: ignore[index]
    ends = [*starts[1:], maximum]
    qualified = hides_significant(framework, score, axis)
    band = total.band or total.bands[0]
    word = framework.level[band].band_name
    if not score.complete:
        word = f"At least {word}" if RANK[band] else "No band yet"
    elif qualified:
        word = f"{word} by total only"
    number = str(total.least) if total.least == total.most else f"{total.least}–{total.most}"
    return {
        "name": NAMES[axis],
        "number": number,
        "maximum": maximum,
        "label": f"{NAMES[axis]} {number} of {maximum}: {word}",
        "band": band,
        "word": word,
        "style": "open" if not score.complete else "qualified" if qualified else "sure",
        "segments": [
            {
                "band": level,
                "start": start,
                "width": round(100 * (end - start) / maximum, 3),
                "on": level in total.bands,
            }
            for level, start, end in zip(LEVELS, starts, ends, strict=True)
        ],
        "mark": round(100 * total.least / maximum, 2) if total.least == total.most else None,
        "low": round(100 * total.least / maximum, 2),
        "span": round(100 * (total.most - total.least) / maximum, 2),
    }


def announcement(framework: Framework, score: Score) -> str:
    """The totals in one sentence, for those who listen."""
    parts = [_total(framework, score, axis)["label"] for axis in AXIS_NAMES[::-1]]
    return f"{len(score.points)} answered. " + ". ".join(parts)

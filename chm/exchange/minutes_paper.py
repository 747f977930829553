"""The minutes of a complex strategy meeting, and one young person's extract of them, as pieces of a document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime

from chm.episodes.records import LONDON
from chm.exchange.minutes_said import (
    MEETING,
    NOTHING,
    about,
    action_text,
    called,
    counted,
    due,
    opening,
    told,
    when,
    who,
)
from chm.exchange.paper import Facts, Grid, Heading, Note, Paper, Piece, Points, Text, Total, Totals
from chm.exchange.word import day_short, day_text
from chm.meetings.minutes import Minuted, MinutedAction, MinutedLink, MinutedYoungPerson, Minutes
from chm.meetings.records import EntryKind

NOT_FACT = "This is information that agencies hold and shared. It is not established fact."
UNPROVEN = "What is shared, and on whose word. Nothing here is proven."
KINDS = {EntryKind.VIEW: "View", EntryKind.DISAGREEMENT: "Disagreement"}
FIRST_HAND = {True: "first-hand", False: "passed on", None: "first-hand or passed on not recorded"}


def minutes_paper(
    minutes: Minutes, *, number: int, signed: tuple[str, datetime] | None, why: str, pillars: Mapping[str, str]
) -> Paper:
    """Everything that `minutes` say, an empty part said to be so; of an extract only what it holds.

    Args:
        number: of the version. signed: who signed it and when (aware), None for a draft.
        why: what this version corrects; left out of an extract, since it may be about anybody.
        pillars: names by id, in the order the actions stand in.
    """
    version = f"version {number}"
    if signed:
        on = day_text(signed[1].astimezone(LONDON).date())
        status, draft = f"Version {number}, signed by {signed[0]} on {on}", ""
    else:
        status, draft = "", f"This is a draft of {version}. The chair has not signed it and it may still change."
    extract = bool(minutes.for_whom)
    return Paper(
        kind=f"{MEETING}: extract of the minutes" if extract else f"{MEETING}: minutes",
        title=f"Extract for {minutes.who((minutes.for_whom,))}" if extract else minutes.words(minutes.title) or MEETING,
        footer=f"{minutes.meeting}, {day_text(minutes.on)}, {'extract of ' if extract else ''}{version}",
        on=minutes.on,
        draft=draft,
        pieces=tuple(_Minutes(minutes, pillars).pieces(status, "" if extract else why)),
    )


def left_out(count: int) -> str:
    """What a copy says of the young people whom it leaves out."""
    whom = counted(count, "young person", "young people")
    return f"This copy leaves out {whom} whose record is not open to whoever made it. The minutes are kept whole."


class _Minutes:
    """One copy of the minutes, section by section."""

    def __init__(self, minutes: Minutes, pillars: Mapping[str, str]):
        self.minutes, self.pillars, self.extract = minutes, pillars, bool(minutes.for_whom)
        self.said = {k: [s for s in minutes.said if s.kind == k] for k in EntryKind}

    def pieces(self, status: str, why: str) -> Iterator[Piece]:
        own = self.minutes
        yield from self._top(status, why)
        yield from self._section("Purpose", [Text(own.words(own.purpose))] if own.purpose.strip() else [])
        yield from self._section("Attendance", self._attendance())
        yield from self._points("Since the last meeting", own.changes)
        people = [piece for young_person in own.young_people for piece in self._young_person(young_person)]
        yield from self._section("Summary" if self.extract else "Young people", people)
        yield from self._section("Links and places discussed", self._links())
        yield from self._section("Information shared", self._information())
        yield from self._section("Views and disagreements", self._views())
        yield from self._section("Decisions", self._decisions())
        yield from self._section("Actions", self._actions(own.actions))
        yield from self._section("Actions carried over", self._actions(own.carried))
        yield from self._points("Gaps: what nobody acts on yet", own.gaps)
        yield from self._section("Next review", self._review())

    def _section(self, heading: str, pieces: Sequence[Piece]) -> Iterator[Piece]:
        """A heading and `pieces`; without any, the whole meeting's copy says so and an extract holds no heading."""
        if pieces or not self.extract:
            yield from (Heading(heading), *(pieces or (Text(NOTHING),)))

    def _points(self, heading: str, texts: Sequence[str]) -> Iterator[Piece]:
        return self._section(heading, [Points(tuple(map(self.minutes.words, texts)))] if texts else [])

    def _top(self, status: str, why: str) -> Iterator[Piece]:
        own = self.minutes
        if status:
            yield Text(status)
        if self.extract:
            name = own.who((own.for_whom,))
            yield Note(
                f"This extract holds what the meeting said, decided and linked about {name}. Everybody else is left "
                "out: no other young person, person of concern, account, vehicle or home is named."
            )
        if own.left_out:
            yield Note(left_out(own.left_out))
        counts = (
            f"{counted(len(own.young_people), 'young person', 'young people')}, "
            f"{counted(len(self.said[EntryKind.DECISION]), 'decision', 'decisions')}, "
            f"{counted(len(own.actions), 'action', 'actions')}, {len(own.carried)} carried over"
        )
        pairs = [
            ("When", when(own)),
            ("Where", own.words(own.venue) or "Not recorded"),
            ("Chair", own.words(own.chair) or "Not recorded"),
            ("This version corrects", own.words(why)),
            ("In these minutes", "" if self.extract else counts),
            ("Next review", day_text(own.next_review) if own.next_review else "No day is decided"),
        ]
        yield Facts(tuple(p for p in pairs if p[1]))

    def _attendance(self) -> list[Piece]:
        words = self.minutes.words
        rows = [(words(p.agency), words(p.name) or "Not named", opening(p.status)) for p in self.minutes.attendance]
        return [Grid(("Agency", "Who", "Status"), (6.0, 6.4, 4.6), tuple(rows), strong=True)] if rows else []

    def _young_person(self, own: MinutedYoungPerson) -> Iterator[Piece]:
        words = self.minutes.words
        assessed, known = own.assessed_on, own.assessed_on is not None
        yield Heading(f"{own.name} ({own.id})", 2)
        yield Text(
            f"Born: {own.born or 'not known'}. Assessed: {day_text(assessed) if assessed else 'not yet'}. "
            f"Review by: {day_text(own.review_by) if own.review_by else 'no date'}.",
            soft=True,
        )
        if own.totals:
            yield Totals(
                tuple(
                    Total(
                        t.title,
                        "Not known" if t.score is None else str(t.score),
                        "" if t.score is None else f"of {t.most}",
                        t.band,
                        t.band_name,
                    )
                    for t in own.totals
                )
            )
        judged = f"{own.judged}. Why: {words(own.judged_why) or NOTHING}" if own.judged else ""
        computed = "None" if known else "Not known: no assessment is recorded."
        lines = {
            "Why in this meeting": words(own.why),
            "Judged overall": judged,
            "Flags": "\n".join(map(words, own.flags)) or computed,
            "Significant domains": ", ".join(map(words, own.significant)) or computed,
            "What they say": "\n".join(map(words, own.voice)),
            "A parent or carer says": "\n".join(map(words, own.parent)),
            "Who tells them": "\n".join(map(words, own.tells)),
        }
        yield Facts(tuple((k, t or NOTHING) for k, t in lines.items() if t or not self.extract))

    def _links(self) -> list[Piece]:
        rows = tuple(map(self._link, self.minutes.links))
        headers = ("What", "Kind", "Young people", "Said by", "How sure")
        return [Text(UNPROVEN, soft=True), Grid(headers, (4.0, 2.2, 4.3, 3.2, 3.3), rows, strong=True)] if rows else []

    def _link(self, link: MinutedLink) -> tuple[str, ...]:
        last = f"Last: {day_short(link.last)}" if link.last else "No date known"
        return (
            called(self.minutes, link.target),
            opening(link.kind),
            who(self.minutes, link.young_people),
            ", ".join(link.agencies) or "Not recorded",
            f"{opening(link.confidence) or 'Not recorded'}\n{last}",
        )

    def _information(self) -> list[Piece]:
        rows = [
            (
                self._text(s),
                f"{s.agency or 'Agency not recorded'}\n"
                + opening(f"{s.confidence or 'how sure not recorded'}, {FIRST_HAND[s.first_hand]}"),
                about(self.minutes, s.target, s.young_people),
            )
            for s in self.said[EntryKind.INFORMATION]
        ]
        grid = Grid(("Information", "Said by, and how sure", "About"), (8.8, 4.2, 4.0), tuple(rows))
        return [Note(NOT_FACT), grid] if rows else []

    def _views(self) -> list[Piece]:
        rows = [
            (KINDS[EntryKind(s.kind)], self._text(s), s.agency or "Not recorded", self._about(s))
            for s in self.minutes.said
            if s.kind in KINDS
        ]
        return [Grid(("Kind", "What was said", "By", "About"), (3.0, 7.0, 3.2, 3.8), tuple(rows), True)] if rows else []

    def _decisions(self) -> list[Piece]:
        rows = [
            (
                "\n".join(filter(None, (told(self.minutes, s.text), s.agency and f"By: {s.agency}")))
                + f"\nAbout: {'; '.join(self._about(s).splitlines())}",
                self.minutes.words(s.reason) or "No reason was recorded",
                "\n".join(self._dissent(s)) or "None was recorded",
            )
            for s in self.said[EntryKind.DECISION]
        ]
        headers = ("Decision", "Reason", "Disagreement about the same")
        return [Grid(headers, (6.6, 5.4, 5.0), tuple(rows))] if rows else []

    def _dissent(self, decision: Minuted) -> Iterator[str]:
        """Each disagreement about the same thing, or about just the same young people."""
        for said in self.said[EntryKind.DISAGREEMENT]:
            whom = set(decision.young_people) == set(said.young_people)
            if decision.target == said.target and (decision.target or whom):
                yield f"{said.agency or 'Not recorded'}: {self._text(said)}"

    def _actions(self, actions: Sequence[MinutedAction]) -> list[Piece]:
        order = list(self.pillars)
        rows = [
            (
                self.pillars.get(a.pillar, a.pillar),
                action_text(self.minutes, a),
                about(self.minutes, a.target, a.young_people),
                "\n".join(filter(None, (a.owner_agency, self.minutes.words(a.owner_person)))) or "Not recorded",
                due(a),
                opening(a.status),
            )
            for a in sorted(
                actions,
                key=lambda a: (order.index(a.pillar) if a.pillar in order else len(order), a.due or date.max, a.id),
            )
        ]
        headers = ("Pillar", "What", "About", "Owner", "Due", "Status")
        return [Grid(headers, (1.8, 4.6, 3.5, 2.8, 2.3, 2.0), tuple(rows), strong=True)] if rows else []

    def _review(self) -> list[Piece]:
        own = self.minutes
        if own.next_review is None:
            return [] if self.extract else [Text("No day is decided.")]
        why = own.words(own.next_review_why) or NOTHING
        return [
            Text(f"{own.next_review:%A} {day_text(own.next_review)}"),
            *(() if self.extract else (Text(f"Why: {why}"),)),
        ]

    def _about(self, said: Minuted) -> str:
        return about(self.minutes, said.target, said.young_people)

    def _text(self, said: Minuted) -> str:
        reason = f"\nReason: {self.minutes.words(said.reason)}" if said.reason else ""
        return told(self.minutes, said.text) + reason

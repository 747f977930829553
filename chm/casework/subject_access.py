"""Everything held about one young person, in one file for them, with everybody else in it masked."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import date, datetime, time
from typing import Any

from chm import connection_kinds, settings, unusual
from chm.access import Permission, Reach, Scope, permitted
from chm.casework import frameworks, reasons
from chm.casework.checks import Checks
from chm.casework.desk import Work, intention
from chm.casework.disguise import LIVED_IN, Typed
from chm.casework.documents import Made
from chm.casework.meeting_rules import meeting_rules
from chm.casework.place_snapshot import snapshot
from chm.connections import ONGOING, Entity, Place
from chm.errors import NotPermitted
from chm.exchange.held_paper import HeldFile, Section, packed
from chm.exchange.minutes_word import minutes_document
from chm.exchange.word import day_text
from chm.linkage.ties import YOUNG_PERSON
from chm.meetings import minutes as domain
from chm.meetings.forgetting import own_words
from chm.meetings.masking import Mask, further_names, typed_names
from chm.meetings.mentions import mentioned_again
from chm.meetings.minutes import UNNAMED
from chm.privacy import SOMEBODY, hidden
from chm.records import User
from chm.store import addresses, audit, entities, held, people, users
from chm.store.held import PartOf, Rows

STAFF = "a member of staff"
WITHHELD = "Withheld: it names somebody else"
MOST_LOOKS = 100_000
THEMSELVES = "themselves"
BEFORE = (
    "Read it through. Names, ids, birth dates, homes, accounts and plates of others are masked by what the product "
    "knows of them; what tells who somebody is in other words is not.",
    "Whether anything must be withheld, because it would cause serious harm, is of others or is about a crime, is for "
    "a person to decide (Data Protection Act 2018, schedules 2 and 3). The product decides none of it.",
    "Staff stand by role and agency.",
)
LEFT_OUT = (
    "Other people: young people, people of concern, families, and whose home, account or vehicle something is.",
    "References and grades of police information, and what stands about others in assessments of groups and places.",
)
ADDRESS_OUT = "A protected address, if one is kept: it was not asked for."
ADDRESS_IN = "Nothing of a protected address is left out: it was asked for, and stands below if one is kept."

# Titles by table, in the order of the file. A table of theirs that is not named here has its own name for a title.
TITLES = {
    "young_person": "Who they are",
    "caseload": "Who works or worked with them",
    "referral": "Referrals",
    "incident": "Incidents",
    "assessment": "Assessments",
    "rating": "Assessments: level of each domain",
    "ticked_indicator": "Assessments: what was ticked",
    "evidence": "Assessments: evidence",
    "draft": "An assessment that is not finished",
    "action": "Plan",
    "safety_plan": "Safety plan",
    "shared_action_part": "Actions proposed for several young people",
    "missing_episode": "Missing episodes",
    "event": "Events",
    "relationship": "Ties to others",
    "correction": "What stood there before it was put right",
    "setting_assessment": "Assessments of groups, schools and places they were in",
    "meeting_young_person": "Meetings about them",
    "meeting_entry": "What was said of them in meetings",
    "meeting_action": "What meetings agreed for them",
    "notice": "Notices to staff about them",
    "record_grant": "Who may open their restricted record",
    "break_glass": "Openings in an emergency",
    "stated_reason": "Reasons that were given for what was done",
    "legal_hold": "Legal holds",
    "deletion_proposal": "A deletion that waits",
}
# Said under another table of theirs.
INSIDE = {"event_participant", "entity", "meeting", "minutes", "meeting_action_young_person", "shared_action",
          "protected_address"}  # fmt: skip
NOT_SAID = {"id", "version", "name_key", "young_person", "place", "form_entry", "owner_person", "reference", "grade",
            "one_young_person", "one_entity", "other_young_person", "other_entity", "young_people", "item", "record",
            "answered", "asked", "step", "shared_action", "before"}  # fmt: skip
# In the totals, in the plan, or about everybody there.
TOLD_ELSEWHERE = {
    ("assessment", "score"),
    ("shared_action_part", "action"),
    ("setting_assessment", "answers"),
    ("setting_assessment", "summary"),
}


@intention(Permission.SUBJECT_ACCESS, about="young_person")
def export(work: Work, young_person: str, why: str, *, with_address: bool = False) -> Made:
    """One zip of everything held about a young person: a Word document, the same as JSON, extracts of minutes.

    Args:
        why: stands in the file. with_address: whether a protected address is to be in it too, and why it was read.

    Raises:
        Faults: no reason.
        NotPermitted: the address is asked for without the permission to read it.
    """
    checks = Checks(work.today)
    reason = checks.note("why", why, needed=True)
    checks.done()
    if with_address and not permitted(work.user.roles, Permission.READ_PROTECTED_ADDRESS):
        raise NotPermitted("Your role does not open protected addresses")
    part = held.part_of(work.session, young_person)
    rows = held.everything(work.session, part)
    for stated in rows.get("stated_reason", ()):
        if stated["operation"] == reasons.OF_AN_ADDRESS and not with_address:
            stated["reason"] = reasons.WITHHELD
    reader = _Reader(work, part, rows)
    sections = [*reader.sections(), reader.looks()]
    if with_address:
        kept = addresses.get(work.session, young_person)
        said = ((("Address", kept.text), ("From whom it is kept", reader.mask(kept.danger))),) if kept else ()
        sections.insert(1, Section("Protected address", said))
    file = HeldFile(
        young_person=young_person,
        name=reader.name,
        on=work.today,
        before=(f"Made because: {reason}", *BEFORE),
        left_out=(*LEFT_OUT, ADDRESS_IN if with_address else ADDRESS_OUT),
        sections=tuple(sections),
    )
    reasons.keep(work, reason)
    work.why = "everything held, with the protected address" if with_address else "everything held"
    return Made(packed(file, reader.extracts()), f"{young_person}-everything-held-{work.today.isoformat()}.zip")


class _Reader:
    """Puts rows into words, as the young person may know them."""

    def __init__(self, work: Work, part: PartOf, rows: Rows):
        self.work, self.part, self.rows = work, part, rows
        self.staff = {u.id: u for u in users.every(work.session)}
        self.framework = frameworks.current()
        kinds = connection_kinds.load()
        self.kinds = {k.id: k.name for k in kinds.events} | {k.id: k.name for k in kinds.relationships}
        self.words = self._framework_words()
        everybody = {
            p.id: p for p in people.everyone(work.session, Scope(work.user.id, frozenset({Reach.ALL}), work.today))
        }
        self.name = everybody[part.id].name
        near = {*part.entities, *held.talked_of(work.session, part)}
        self.known = entities.named(work.session, near)
        self.called = {f"{entities.KIND[type(e)]}:{e.id}": self._entity(e) for e in self.known.values()}
        self.mask = self._masking({id: p.name for id, p in everybody.items()}, {
            born for id in held.company(work.session, part) if id in everybody and (born := everybody[id].born)
        })  # fmt: skip
        self.days = {r["id"]: r["assessed_on"] for r in rows.get("assessment", ())}
        self.meetings = {r["id"]: r["on"] for r in rows.get("meeting", ())}
        self.on = {
            e["id"]: [r for r in rows.get("event_participant", ()) if r["event"] == e["id"]]
            for e in rows.get("event", ())
        }

    def _framework_words(self) -> dict[str, str]:
        found = {d.id: d.name for d in self.framework.domains}
        found |= {level.id: level.name for level in self.framework.levels}
        found |= {str(p["id"]): str(p["name"]) for p in self.framework.pillars}
        return found | {id: indicator.text for id, (_, _, indicator) in self.framework.indicators.items()}

    def _entity(self, entity: Entity) -> str:
        """What an entity is called: only a place where nobody lives by its name."""
        lived_in = snapshot(self.work).exposure.get(entity.id) in LIVED_IN
        if isinstance(entity, Place) and not lived_in:
            return entity.label
        return UNNAMED.get(entities.KIND[type(entity)], "a home")

    def _masking(self, names: Mapping[str, str], born: Collection[date]) -> Callable[[str], str]:
        me, company = f"{YOUNG_PERSON}:{self.part.id}", held.company(self.work.session, self.part)
        others = {f"{YOUNG_PERSON}:{id}": name for id, name in names.items() if id != self.part.id}
        here = {party: others[party] for id in company if (party := f"{YOUNG_PERSON}:{id}") in others}
        for party, name in dict(here).items():
            here |= further_names(party, name, meeting_rules().ordinary)
        typed = Typed(snapshot(self.work), {})
        things: dict[str, str] = {}
        for party in self.called:
            entity = self.known[party.partition(":")[2]]
            here |= typed.names(party, entity)
            things |= typed.things(party, entity)
        persons = {
            key: said
            for entity in entities.find(self.work.session, None, "", "person", MOST_LOOKS)
            for key, said in typed_names(f"person:{entity.id}", [entity.name])[0].items()
        }
        staff = {f"user:{u.id}": u.name for u in self.staff.values()}
        own = sorted(own_words(me, self.name, [names[id] for id in company if id in names], ()))
        mine = {me: self.name, **{f"{me}#{n}": word for n, word in enumerate(own, 1)}}
        called = dict.fromkeys(others, SOMEBODY) | dict.fromkeys(
            (p.partition("#")[0] for p in persons), UNNAMED["person"]
        )
        mask = Mask(
            names={**persons, **staff, **others, **here},
            called={**called, **dict.fromkeys(staff, STAFF), **self.called, **mine},
            things=things,
            born=born,
            here=frozenset(here),
            withheld=WITHHELD,
        )
        # Their own name stays, though somebody else has a part of it.
        return lambda text: mask(mentioned_again(text, mine))

    def sections(self) -> list[Section]:
        """Every table of theirs."""
        tables = [*TITLES, *sorted(t for t in self.rows if t not in TITLES and t not in INSIDE)]
        return [Section(TITLES.get(t, t.replace("_", " ").capitalize()), self._entries(t)) for t in tables]

    def _entries(self, table: str) -> tuple[tuple[tuple[str, str], ...], ...]:
        found = sorted(self.rows.get(table, ()), key=_when)
        return tuple(entry for row in found if (entry := self._entry(table, row)))

    def _entry(self, table: str, row: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
        said = [(_label(c), self._said(table, c, v)) for c, v in row.items() if c not in NOT_SAID]
        return tuple((label, text) for label, text in (*self._more(table, row), *said) if text)

    def _more(self, table: str, row: Mapping[str, Any]) -> list[tuple[str, str]]:
        """What stands in other tables, or has to be told as they may know it."""
        if table == "event":
            on = self.on[row["id"]]
            own = {str(r["role"]).replace("_", " ") for r in on if r["young_person"] == self.part.id}
            with_ = {self._party(r["young_person"], r["entity"]) for r in on} - {THEMSELVES}
            return [("Their part", ", ".join(sorted(own))), ("With", ", ".join(sorted(with_)))]
        if table == "relationship":
            ends = [self._party(row[f"{end}_young_person"], row[f"{end}_entity"]) for end in ("one", "other")]
            return [("With", ", ".join(e for e in ends if e != THEMSELVES) or THEMSELVES)]
        if table == "shared_action_part":
            (action,) = (a for a in self.rows["shared_action"] if a["id"] == row["shared_action"])
            return [("What", self.mask(action["text"])), ("By", self.mask(action["owner_agency"]))]
        if table == "assessment":
            return [("Totals", self._totals(row["score"]))]
        if table == "correction":
            before = row["before"].get("record", row["before"])
            told = [before.get(key) for key in ("what", "note", "text", "reason")]
            return [("It said", " ".join(self.mask(t) for t in told if isinstance(t, str) and t))]
        return []

    def _totals(self, score: Mapping[str, Any]) -> str:
        totals = [(axis, score[axis]) for axis in ("harm", "context", "combined")]
        said = [f"{axis.capitalize()} {t['score']}, {self.words.get(t['band'], 'no band')}" for axis, t in totals]
        return "; ".join([*said, *(self.mask(flag["text"]) for flag in score["flags"])])

    def _party(self, young_person: str | None, entity: str | None) -> str:
        if young_person:
            return THEMSELVES if young_person == self.part.id else SOMEBODY
        return next((said for party, said in self.called.items() if party.partition(":")[2] == entity), "something")

    def _said(self, table: str, column: str, value: Any) -> str:
        if value in (None, "", [], {}) or (table, column) in TOLD_ELSEWHERE:
            return ""
        if isinstance(value, bool):
            return "Yes" if value else "No"
        if isinstance(value, datetime):
            return f"{day_text(value.astimezone(settings.ZONE).date())}, {value.astimezone(settings.ZONE):%H:%M}"
        if isinstance(value, date):
            return "it goes on" if value == ONGOING else day_text(value)
        if isinstance(value, time):
            return f"{value:%H:%M}"
        if isinstance(value, dict | list):
            return self._told(value)
        if not isinstance(value, str):
            return str(value)
        if value in self.staff:
            return _by_role(self.staff[value])
        if column == "operation":
            return unusual.rules().words(value, "")
        if column == "assessment":
            return f"Of {day_text(self.days[value])}"
        if column == "meeting":
            return f"Complex strategy meeting of {day_text(self.meetings[value])}" if value in self.meetings else ""
        if column == "target":
            party, _, id = value.partition(":")
            return (
                THEMSELVES if id == self.part.id else self.called.get(value, SOMEBODY if party == YOUNG_PERSON else "")
            )
        if column == "subject":
            return self._party(None, value) if table == "setting_assessment" else ""
        return self._word(value) if _is_word(column) else self.mask(value) if value != self.name else value

    def _word(self, value: str) -> str:
        return self.words.get(value) or self.kinds.get(value) or self.mask(value.replace("_", " ").capitalize())

    def _told(self, value: Any) -> str:
        """JSON in words: what is empty left out."""
        if isinstance(value, dict):
            said = [(self.words.get(k, _label(k)), self._told(v)) for k, v in value.items() if k not in NOT_SAID]
            return "; ".join(f"{label}: {text}" for label, text in said if text)
        if isinstance(value, list):
            return ", ".join(filter(None, map(self._told, value)))
        if isinstance(value, str):
            return "" if value == "not_known" else self.words.get(value) or self.mask(value)
        return "" if value is None else "Yes" if value is True else "No" if value is False else str(value)

    def _without_staff(self, text: str) -> str:
        names = {id: user.name for id, user in self.staff.items()}
        return hidden(text, names, dict.fromkeys(names, STAFF), whole=True)

    def looks(self) -> Section:
        """Who opened or changed what is held, from the audit."""
        _, entries = audit.about(self.work.session, self.part.id, None, MOST_LOOKS)
        did = unusual.load().words
        return Section(
            "Who opened or changed it",
            tuple(
                (
                    ("When", f"{day_text((at := e.at.astimezone(settings.ZONE)).date())}, {at:%H:%M}"),
                    ("Who", _by_role(self.staff[e.user]) if e.user in self.staff else "the product itself"),
                    ("What", did(e.operation, e.why)),
                )
                for e in reversed(entries)
            ),
        )

    def extracts(self) -> dict[str, bytes]:
        """What each version of the minutes of their meetings says of them, as documents."""
        made = {}
        for row in self.rows.get("minutes", ()):
            whole = domain.of_json(row["content"])
            if self.part.id not in {y.id for y in whole.young_people}:
                continue
            own = domain.extract(whole, self.part.id)
            bare = replace(
                own,
                chair="The chair",
                attendance=tuple(replace(p, name="") for p in own.attendance),
                actions=tuple(replace(a, owner_person="") for a in own.actions),
                carried=tuple(replace(a, owner_person="") for a in own.carried),
            )
            signed = ("the chair", row["signed_at"]) if row["signed_at"] else None
            pillars = {str(p["id"]): str(p["name"]) for p in self.framework.pillars}
            name = f"{row['meeting']}-v{row['number']}-extract.docx"
            bare = domain.of_json(_each_text(domain.to_json(bare), self._without_staff))
            made[name] = minutes_document(bare, number=row["number"], signed=signed, pillars=pillars)
        return made


def _each_text(found: Any, say: Callable[[str], str]) -> Any:
    """JSON with every text of it as `say` has it."""
    if isinstance(found, dict):
        return {key: _each_text(part, say) for key, part in found.items()}
    if isinstance(found, list):
        return [_each_text(part, say) for part in found]
    return say(found) if isinstance(found, str) else found


def _by_role(user: User) -> str:
    roles = ", ".join(sorted(r.replace("_", " ") for r in user.roles)) or STAFF
    return f"{roles[0].upper()}{roles[1:]}, {user.agency}"


def _is_word(column: str) -> bool:
    """Whether a column holds one of the product's own words, or a word in place of one."""
    return column in {
        "domain", "level", "indicator", "direction", "pillar", "status", "judged_level", "influence", "confidence",
        "kind", "framework",
    }  # fmt: skip


def _label(column: str) -> str:
    return column.replace("_", " ").strip().capitalize()


def _when(row: Mapping[str, Any]) -> tuple[str, ...]:
    """Oldest first, by whichever day a row has; then as it was written."""
    days = (row.get(c) for c in ("assessed_on", "on", "start", "start_day", "since", "at", "recorded_at", "assessment"))
    return (*(str(d) for d in days if d is not None), str(row.get("place", "")), str(row.get("id", "")))

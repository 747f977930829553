"""One action for several young people: proposed once, decided by each one's worker; a plan names only its own child."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from chm.access import Permission
from chm.audit import record_id
from chm.casework import frameworks, questions
from chm.casework.checks import Checks
from chm.casework.desk import CLOSED, Work, intention, new_id
from chm.casework.sight import Sight
from chm.connections import Person
from chm.errors import ChmError, NotFound
from chm.framework import PILLARS
from chm.linkage.from_records import ties_of
from chm.linkage.ties import Party
from chm.privacy import names_any
from chm.records import Action, ActionPart, ActionStatus, Decision, Notice, Reply, Role, SharedAction
from chm.store import entities, network, notices, plans, setting_assessments, shared_actions, users

DISRUPT = "disrupt"
CHILD = "a child, or somebody who may be one, is never disrupted; choose what supports or protects them"
NAMED = "names one of the young people; each plan names only its own child, so write it without names"
PROPOSED = "A shared action is proposed for them: accept or decline it"
UNALLOCATED = "A shared action is proposed for them, and nobody is allocated: accept or decline it"
REFUSED = "The shared action you proposed was declined for them"


class BringsTogether(ChmError):
    """The action concerns young people who are in conflict with each other; nothing was stored.

    Args:
        pairs: ids of each such pair, in order; acknowledge them to propose it all the same.
    """

    def __init__(self, pairs: frozenset[tuple[str, str]]):
        super().__init__(
            "Some of these young people are in conflict with each other; make sure that the action keeps them apart"
        )
        self.pairs = pairs


@dataclass(frozen=True, kw_only=True)
class NewSharedAction:
    """What is proposed, for `young_people` (ids); `asked` replies to what is asked before a disruption."""

    target: Party
    pillar: str
    text: str
    owner_agency: str
    young_people: tuple[str, ...]
    owner_person: str = ""
    due: date | None = None
    step: str | None = None
    why: str = ""
    asked: Mapping[str, Reply] = field(default_factory=dict)


@dataclass(frozen=True)
class Proposed:
    """A part that waits for its young person's worker. `target` is what to call it, `by` who proposes it."""

    part: ActionPart
    action: SharedAction
    target: str
    by: str


@dataclass(frozen=True)
class Progress:
    """How a shared action fares: how many parts stand where, and those of the young people in the reader's scope.

    `done` counts those accepted whose action is done.
    """

    action: SharedAction
    by: str
    waiting: int
    accepted: int
    declined: int
    done: int
    parts: tuple[ActionPart, ...]


@intention(Permission.PROPOSE_ACTION, about="proposal")
def propose(
    work: Work, proposal: NewSharedAction, acknowledged_conflicts: Collection[tuple[str, str]] = ()
) -> SharedAction:
    """Proposes one action to the workers of its young people, and tells them.

    Args:
        acknowledged_conflicts: pairs of ids that the proposer knows to be in conflict.

    Raises:
        NotFound: the target, or one of the young people, is not there or not open to the user.
        Faults: what is missing or wrong, all at once; a child as the target of a disruption; a text that names a child.
        BringsTogether: young people in conflict, of whom not every pair is acknowledged.
    """
    children = work.records
    shared = _checked(work, proposal, children, _target(work, proposal.target, children))
    pairs = _in_conflict(work, children)
    if not pairs <= set(acknowledged_conflicts):
        raise BringsTogether(pairs)
    shared_actions.add(work.session, shared, children)
    _tell_workers(work, children)
    work.why = shared.id
    return shared


def _target(work: Work, target: Party, children: tuple[str, ...]) -> tuple[Party, bool]:
    """What `target` has become by merging, and whether it is a child. Raises NotFound where it is not open."""
    if target.young:
        if children != (target.id,):
            raise NotFound(CLOSED)
        return target, True
    merges = entities.merges(work.session)
    id = merges.survivor(target.id)
    near, found = entities.open_to(work.session, work.scope, merges), entities.named(work.session, [id]).get(id)
    if near is not None:
        near |= merges.spread(setting_assessments.assessed(work.session, work.scope))
    if found is None or (near is not None and id not in near) or entities.KIND[type(found)] != target.kind:
        raise NotFound(CLOSED)
    return Party(target.kind, id), isinstance(found, Person) and found.child


def _checked(
    work: Work, proposal: NewSharedAction, children: tuple[str, ...], target: tuple[Party, bool]
) -> SharedAction:
    (kind, id), child = target
    checks = Checks(work.today)
    checks.need(bool(children), "young people: choose whom it concerns")
    checks.need(proposal.pillar in PILLARS, f"pillar: must be one of {', '.join(PILLARS)}")
    checks.need(proposal.due is not None, "due: missing; give the day it should be done by")
    checks.need(proposal.due is None or proposal.due >= work.today, "due: the date lies in the past; give a later day")
    checks.need(not (child and proposal.pillar == DISRUPT), f"target: {CHILD}")
    shared = SharedAction(
        id=new_id("SA"),
        target=f"{kind}:{id}",
        pillar=proposal.pillar,
        text=checks.note("action", proposal.text, needed=True),
        owner_agency=checks.line("owner's agency", proposal.owner_agency, needed=True),
        owner_person=checks.line("owner", proposal.owner_person),
        due=proposal.due,
        step=checks.line("step", proposal.step) if proposal.step else None,
        why=checks.note("why", proposal.why),
        asked=questions.replies(checks, questions.before_disruption(), proposal.asked, every=True)
        if proposal.pillar == DISRUPT
        else {},
        proposed_by=work.user.id,
        at=work.now,
    )
    if len(children) > 1:
        _name_none(checks, shared, shared_actions.names(work.session, children))
    checks.done()
    return shared


def _name_none(checks: Checks, shared: SharedAction, names: Mapping[str, str]) -> None:
    """Notes each text of `shared` that names one of `names` (by id), for it goes where they must not be named."""
    checks.need(not names_any(shared.owner_person, names, whole=True), f"owner: {NAMED}")
    texts = {"action": shared.text, "why": shared.why}
    texts |= {f"question {n}": reply.note for n, reply in enumerate(shared.asked.values(), 1)}
    for where, text in texts.items():
        checks.need(not names_any(text, names), f"{where}: {NAMED}")


def _in_conflict(work: Work, children: Collection[str]) -> frozenset[tuple[str, str]]:
    """The pairs of `children` whom some tie sets against each other, each in order."""
    around = network.around(work.session, work.scope, children)
    ties = [t for t in ties_of(around.events, around.relationships) if t.conflict]
    pairs = [sorted(p.id for p in t.parties if p.young and p.id in children) for t in ties]
    return frozenset((pair[0], pair[1]) for pair in pairs if len(pair) == 2)


def _tell_workers(work: Work, children: tuple[str, ...]) -> None:
    """A notice to each young person's workers, else to the safeguarding leads; each is about one child, once."""
    workers = shared_actions.allocated(work.session, children, work.today)
    leads = [u.id for u in users.with_role(work.session, Role.SAFEGUARDING_LEAD)]
    for id in children:
        text = PROPOSED if workers[id] else UNALLOCATED
        for user in workers[id] or leads:
            told = any(n.record == id and n.text == text and not n.seen_at for n in notices.to(work.session, user))
            if user != work.user.id and not told:
                notices.add(work.session, Notice(new_id("N"), user, id, text, work.now))


def _labels(sight: Sight, targets: Collection[str]) -> dict[str, str]:
    """What the user may call each of `targets` (kind:id)."""
    ids = {target: sight.merges.survivor(target.partition(":")[2]) for target in targets}
    found = entities.named(sight.session, set(ids.values()))
    return {target: sight.recorded(found[id]).label if id in found else "" for target, id in ids.items()}


def _told(shared: SharedAction, sight: Sight) -> SharedAction:
    """`shared` as the user may know it, whoever wrote it with whom in mind."""
    return replace(
        shared,
        text=sight.hide(shared.text),
        why=sight.hide(shared.why),
        owner_agency=sight.hide(shared.owner_agency),
        owner_person=sight.worker(shared.owner_agency, shared.owner_person),
        asked={q: replace(reply, note=sight.hide(reply.note)) for q, reply in shared.asked.items()},
    )


@intention(Permission.PLAN, hourly=True)
def waiting(work: Work) -> list[Proposed]:
    """What waits for the user's decision: one part a young person in the user's reach, each naming only its own."""
    found = shared_actions.waiting(work.session, work.scope)
    work.listed((part.shared_action, part.young_person) for part, _ in found)
    sight = Sight(work)
    labels = _labels(sight, {action.target for _, action in found})
    by = {u.id: u.name for u in users.every(work.session)}
    return [
        Proposed(
            replace(part, reason=sight.hide(part.reason)),
            _told(action, sight),
            labels[action.target],
            by[action.proposed_by],
        )
        for part, action in found
    ]


@intention(Permission.PLAN, about="part")
def accept(work: Work, part: ActionPart) -> Action:
    """Puts a shared action into the plan of the part's young person, as `waiting` shows it.

    Raises:
        NotFound: there is no such part, or none that the user may open.
        Faults: its text names another of the young people it concerns.
        Conflict: somebody has decided it since.
    """
    shared_actions.held(work.session, part)
    shared = shared_actions.get(work.session, part.shared_action)
    concerned = [p.young_person for p, _ in shared_actions.parts(work.session, [shared.id])[shared.id]]
    others = shared_actions.names(work.session, set(concerned) - {part.young_person})
    checks = Checks(work.today)
    _name_none(checks, shared, others)
    checks.done()
    shared = _told(shared, Sight(work))
    action = Action(
        id=new_id("ACT"),
        young_person=part.young_person,
        target=shared.target,
        pillar=shared.pillar,
        text=shared.text,
        owner_agency=shared.owner_agency,
        owner_person=shared.owner_person,
        due=shared.due,
        domain=_domain(shared.step),
        step=shared.step,
        why=shared.why,
    )
    kept = plans.add_action(work.session, action)
    _decide(work, part, Decision.ACCEPTED, action=kept.id)
    return kept


@intention(Permission.PLAN, about="part")
def decline(work: Work, part: ActionPart, reason: str) -> ActionPart:
    """Declines a shared action for the part's young person, and tells who proposed it. Raises as `accept`."""
    checks = Checks(work.today)
    said = checks.note("reason", reason, needed=True)
    checks.done()
    kept = _decide(work, part, Decision.DECLINED, reason=said)
    proposer = shared_actions.get(work.session, part.shared_action).proposed_by
    if proposer != work.user.id:
        notices.add(work.session, Notice(new_id("N"), proposer, part.young_person, REFUSED, work.now))
    return kept


def _decide(
    work: Work, part: ActionPart, status: Decision, *, reason: str = "", action: str | None = None
) -> ActionPart:
    work.why = record_id(part.shared_action)
    decided = replace(part, status=status, decided_by=work.user.id, decided_at=work.now, reason=reason, action=action)
    kept = shared_actions.decide(work.session, decided)
    shared_actions.settle(work.session, part.young_person, (PROPOSED, UNALLOCATED), work.now)
    return kept


def _domain(step: str | None) -> str | None:
    """The domain that a step of the framework answers, which its id begins with."""
    first = (step or "").partition(".")[0]
    return first if first in frameworks.current().domain else None


@intention(Permission.READ_CHILD)
def of_target(work: Work, target: Party) -> list[Progress]:
    """Shared actions on `target` that concern a young person in the user's reach, newest first."""
    same = entities.merges(work.session).spread([target.id])
    found = shared_actions.on_targets(work.session, [f"{target.kind}:{id}" for id in same])
    ids = [a.id for a in found]
    every, near = shared_actions.parts(work.session, ids), shared_actions.parts(work.session, ids, work.scope)
    by, sight = {u.id: u.name for u in users.every(work.session)}, Sight(work)
    work.why = record_id(target.id)
    work.opened(sorted({part.young_person for parts in near.values() for part, _ in parts}))
    told = {id: [replace(p, reason=sight.hide(p.reason)) for p, _ in parts] for id, parts in near.items()}
    return [_progress(_told(a, sight), by[a.proposed_by], every[a.id], told[a.id]) for a in found if told[a.id]]


def _progress(action: SharedAction, by: str, every: list[Any], near: list[ActionPart]) -> Progress:
    count = Counter(part.status for part, _ in every)
    return Progress(
        action=action,
        by=by,
        waiting=count[Decision.WAITING],
        accepted=count[Decision.ACCEPTED],
        declined=count[Decision.DECLINED],
        done=sum(status == ActionStatus.DONE for _, status in every),
        parts=tuple(near),
    )

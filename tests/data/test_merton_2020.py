"""The Merton framework as data: its counts, numbers, sources and wording.

Numbers here were copied from the guidance's counts and readings, not from our data.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
import yaml

from chm import settings
from chm.framework import LEVELS, PILLARS, Framework, Statement, load_all, newest

FOLDER = settings.data() / "frameworks" / "merton-2020"
LAST_LINE = 1623

# Domain: indicators at none, emerging, moderate, significant; steps of identify, prevent, support, protect, disrupt;
# facts of the introduction, things to consider, what helps the assessment.
COUNTS = {
    "coercion": ((4, 7, 12, 13), (3, 3, 3, 4, 3), (9, 6, 3)),
    "missing": ((3, 6, 5, 8), (5, 4, 3, 5, 6), (7, 6, 4)),
    "sexual": ((3, 8, 9, 8), (4, 3, 4, 2, 2), (2, 11, 4)),
    "offending": ((3, 6, 9, 12), (4, 2, 3, 3, 3), (3, 8, 4)),
    "social_media": ((1, 7, 7, 8), (5, 1, 1, 2, 2), (6, 11, 5)),
    "substance": ((3, 3, 8, 8), (5, 3, 1, 2, 2), (4, 9, 5)),
    "health": ((1, 5, 7, 9), (3, 5, 6, 3, 2), (6, 6, 3)),
    "places": ((7, 4, 9, 4), (3, 1, 2, 2, 3), (3, 5, 5)),
    "peers": ((8, 4, 9, 8), (2, 2, 2, 1, 2), (5, 10, 4)),
    "professionals": ((5, 3, 4, 4), (4, 4, 7, 2, 2), (4, 8, 4)),
    "education": ((9, 5, 10, 4), (3, 2, 2, 2, 2), (5, 6, 5)),
    "family": ((6, 5, 11, 10), (2, 2, 3, 2, 2), (0, 15, 3)),
    "self": ((7, 2, 5, 7), (3, 3, 4, 2, 1), (2, 7, 3)),
}
SCORES = {
    "coercion": (0, 3, 6, 12),
    "missing": (0, 3, 6, 10),
    "sexual": (0, 3, 6, 10),
    "offending": (0, 3, 6, 10),
    "social_media": (0, 2, 4, 8),
    "substance": (0, 1, 2, 4),
    "health": (0, 1, 2, 4),
    "places": (0, 3, 6, 12),
    "peers": (0, 3, 6, 12),
    "professionals": (0, 3, 6, 8),
    "education": (0, 3, 6, 8),
    "family": (0, 3, 6, 8),
    "self": (0, 2, 4, 6),
}
SCORE_LINES = {
    "coercion": (162, 165, 173, 181),
    "missing": (314, 316, 319, 324),
    "sexual": (415, 416, 417, 425),
    "offending": (506, 508, 515, 522),
    "social_media": (603, 605, 616, 624),
    "substance": (691, 692, 693, 694),
    "health": (755, 758, 761, 766),
    "places": (868, 873, 879, 890),
    "peers": (956, 961, 966, 977),
    "professionals": (1054, 1059, 1062, 1070),
    "education": (1154, 1159, 1164, 1168),
    "family": (1241, 1243, 1246, 1261),
    "self": (1344, 1349, 1352, 1362),
}
HARM = ("coercion", "missing", "sexual", "offending", "social_media", "substance", "health")
# Identity, SEN, an EHC plan, communication needs, an unsafe place named, a service used: no harm by themselves.
NEVER_ALONE = {
    "sexual.emerging.02",
    "places.emerging.04",
    "professionals.emerging.01",
    "education.moderate.07",
    "education.moderate.08",
    "self.emerging.02",
    "self.significant.03",
}
BANNED = (
    r"perpetrators?",
    r"put(s|ting)? (them|him|her)sel(f|ves) at risk",
    r"plac(es|ing) (them|him|her)sel(f|ves) at risk",
    r"life-?style choices?",
    r"recruited by choice",
    r"promiscuous",
    r"prostitut\w+",
    r"attention[- ]seeking",
    r"(sexually active|sexual activity) with an adult",
    r"risky (child|girl|boy|young person)",
    r"(un|non-)?co-?operative",
    r"manipulative",
    r"streetwise",
)


@pytest.fixture(scope="module")
def framework() -> Framework:
    return newest(load_all(settings.data()), "merton-2020")


def texts(content: Any) -> Iterator[str]:
    """Every piece of wording, however deep: strings that are no id."""
    if isinstance(content, dict):
        for key, value in content.items():
            if key not in ("id", "url", "same_as", "prompts", "fingerprint", "term"):
                yield from texts(value)
    elif isinstance(content, list | tuple):
        for value in content:
            yield from texts(value)
    elif isinstance(content, str):
        yield content


@cache
def written() -> tuple[tuple[str, Any], ...]:
    """Every file of the framework as it is written."""
    return tuple((p.name, yaml.safe_load(p.read_text(encoding="utf-8"))) for p in sorted(FOLDER.rglob("*.yaml")))


def every_statement(framework: Framework) -> Iterator[Statement]:
    for domain in framework.domains:
        yield from (*domain.introduction, *domain.consider, *domain.assess, *domain.extras, *domain.see_also)
        yield from (*domain.explanations,)
        yield from (i for level in LEVELS for i in domain.levels[level])
        yield from (s for pillar in PILLARS for s in domain.steps[pillar])
    for response in framework.responses.values():
        yield from (*response.text, *response.checklist)
    for pathway in framework.pathways:
        yield from (*pathway.do, *pathway.criteria)
        yield from (s for statements in pathway.thresholds.values() for s in statements)
    yield from (s for steps in framework.summary_steps.values() for s in steps)
    yield from (s for area in framework.form_areas for s in area.contains)
    yield from framework.weighting


def test_the_thirteen_domains_in_order(framework: Framework) -> None:
    assert [(d.id, d.axis) for d in framework.domains] == [(id, "harm" if id in HARM else "context") for id in COUNTS]
    assert all(d.name and d.section and d.page for d in framework.domains)


@pytest.mark.parametrize("id", COUNTS)
def test_counts_of_a_domain(framework: Framework, id: str) -> None:
    domain = framework.domain[id]
    found = (
        tuple(len(domain.levels[level]) for level in LEVELS),
        tuple(len(domain.steps[pillar]) for pillar in PILLARS),
        (len(domain.introduction), len(domain.consider), len(domain.assess)),
    )
    assert found == COUNTS[id]


def test_counts_of_all(framework: Framework) -> None:
    domains = framework.domains
    assert len(framework.indicators) == 333
    assert len(framework.steps) == 186
    assert [sum(len(d.levels[v]) for d in domains) for v in LEVELS] == [60, 65, 105, 103]
    assert [sum(len(d.levels[v]) for d in framework.axis_domains("harm")) for v in LEVELS] == [18, 42, 57, 66]
    assert [sum(len(d.levels[v]) for d in framework.axis_domains("context")) for v in LEVELS] == [42, 23, 48, 37]
    assert {p: sum(len(d.steps[p]) for d in domains) for p in PILLARS} == {
        "prevent": 35, "support": 41, "identify": 46, "protect": 32, "disrupt": 32,
    }  # fmt: skip
    assert {p: len(s) for p, s in framework.summary_steps.items()} == {
        "prevent": 6, "support": 5, "identify": 7, "protect": 4, "disrupt": 7,
    }  # fmt: skip
    assert sum(map(len, framework.summary_steps.values())) == 29
    assert [e.id for d in domains for e in d.explanations] == ["coercion.significant.14"]
    assert [sum(len(part) for part in parts) for parts in (
        [d.introduction for d in domains], [d.consider for d in domains], [d.assess for d in domains],
    )] == [56, 108, 52]  # fmt: skip


def test_counts_of_the_rest(framework: Framework) -> None:
    assert len(framework.pathway["dash"].criteria) == 14
    thresholds = framework.pathway["prevent_lead"].thresholds
    assert {level: len(statements) for level, statements in thresholds.items()} == {
        "emerging": 2, "moderate": 3, "significant": 4,
    }  # fmt: skip
    assert [o["id"] for o in framework.pathway["nrm"].outcomes if not o.get("outside")] == [
        "reasonable_grounds", "conclusive_grounds", "non_conclusive_grounds",
    ]  # fmt: skip
    assert [a.id for a in framework.form_areas] == ["summary", "history", "services", "nrm"]
    assert len(framework.partners) == 5
    assert len(framework.domain["places"].extras) == 7
    assert len(framework.domain["professionals"].extras) == 6
    groups = [c.group for c in framework.domain["family"].consider]
    assert [groups.count(g) for g in dict.fromkeys(groups)] == [7, 3, 5]
    graces = yaml.safe_load((FOLDER / "form.yaml").read_text(encoding="utf-8"))["graces"]
    assert "".join(g["letter"] for g in graces) == "GRACES"
    assert sum(len(g["items"]) for g in graces) == 18
    assert len(yaml.safe_load((FOLDER / "triangles.yaml").read_text(encoding="utf-8"))) == 3


@pytest.mark.parametrize("id", SCORES)
def test_scores_and_where_they_stand(framework: Framework, id: str) -> None:
    assert tuple(framework.scores[id].of(level) for level in LEVELS) == SCORES[id]
    assert tuple(framework.scores[id].lines[level] for level in LEVELS) == SCORE_LINES[id]


def test_only_family_significant_is_inferred(framework: Framework) -> None:
    inferred = {(d, level) for d, s in framework.scores.items() for level in s.inferred}
    assert inferred == {("family", "significant")}
    assert framework.points["family"]["significant"].score == 8
    assert "cannot be read" in str(framework.scores["family"].why)


def test_bands_and_maxima(framework: Framework) -> None:
    bands = {axis: [t.of(level) for level in LEVELS] for axis, t in framework.bands.items()}
    assert bands == {"harm": [0, 5, 17, 33], "context": [0, 6, 17, 33], "combined": [0, 10, 33, 65]}
    lines = {axis: t.lines for axis, t in framework.bands.items()}
    assert lines == {"harm": (1450, 1453), "context": (1464, 1467), "combined": (1483, 1486)}
    assert [framework.maximum(axis) for axis in ("harm", "context", "combined")] == [58, 54, 112]


def test_what_follows_each_level(framework: Framework) -> None:
    found = {
        level: (r.response, r.pillars, r.lead_pillars, (r.review.days, r.review.months) if r.review else None)
        for level, r in framework.responses.items()
    }
    everything = ("identify", "prevent", "support", "protect", "disrupt")
    assert found == {
        "none": ("advice and guidance", ("identify", "prevent"), ("prevent",), None),
        "emerging": ("early help", ("identify", "prevent", "support"), ("support",), None),
        "moderate": ("assessment", everything, ("support", "disrupt"), (None, 3)),
        "significant": ("strategy and plan", everything, ("protect", "disrupt"), (42, None)),
    }
    assert framework.level["none"].definition is None, "the guidance defines none of it; neither do we"
    assert [v for v in LEVELS if framework.level[v].definition] == ["emerging", "moderate", "significant"]
    repeat = framework.repeat_referrals
    assert (repeat.months, repeat.count, repeat.history_months) == (6, 2, 12)
    assert framework.young_and_missing.age == 12


def test_the_level_checklists_name_what_matters(framework: Framework) -> None:
    ids = {level: {c.id.rpartition(".")[2] for c in r.checklist} for level, r in framework.responses.items()}
    assert not ids["none"]
    assert {"referral", "strategy", "alerts", "child_protection_plan", "danger"} <= ids["significant"]
    assert {"referral", "child_protection_plan"} <= ids["moderate"]


def test_999_comes_first_and_101_is_quoted_in_at_most_seven_words(framework: Framework) -> None:
    danger = framework.immediate_danger
    assert "999" in danger.text
    assert "101" not in danger.text
    assert danger.guidance_number == "101"
    assert len(danger.guidance_text.split()) <= 7
    calls = [t for _, content in written() for t in texts(content) if "101" in t and "Call 101" in t]
    assert not calls


def test_partners_stand_once_a_context_as_printed(framework: Framework) -> None:
    by_context = {
        c: {p.id for p in framework.partners if c in p.contexts} for p in framework.partners for c in p.contexts
    }
    assert by_context == {
        "places": {"community_safety", "outreach", "education_inclusion"},
        "peers": {"outreach", "education_inclusion", "youth_justice", "exploitation_team"},
        "education": {"education_inclusion"},
    }


def test_every_statement_has_its_place_in_the_guidance_or_says_it_is_from_outside(framework: Framework) -> None:
    for statement in every_statement(framework):
        if statement.lines is None:
            assert statement.outside, statement.id
            assert statement.source, statement.id
        else:
            first, last = statement.lines
            assert 1 <= first <= last <= LAST_LINE, statement.id
    for pathway in framework.pathways:
        assert 1 <= pathway.lines[0] <= pathway.lines[1] <= LAST_LINE
        assert not pathway.outside or pathway.source


def test_what_comes_from_the_guidance_stays_within_its_section(framework: Framework) -> None:
    """Indicators and steps of a domain stand between its heading and the next one."""
    starts = {d.id: min(i.lines[0] for v in LEVELS for i in d.levels[v] if i.lines) for d in framework.domains}
    assert list(starts.values()) == sorted(starts.values())
    ends = dict(zip(starts, [*list(starts.values())[1:], 1404], strict=True))
    for domain in framework.domains:
        for statement in (
            *(i for v in LEVELS for i in domain.levels[v]),
            *(s for p in PILLARS for s in domain.steps[p]),
        ):
            assert statement.lines is not None
            assert starts[domain.id] <= statement.lines[0] <= statement.lines[1] < ends[domain.id], statement.id


def test_ids_are_stable(framework: Framework) -> None:
    for id, (domain, level, _) in framework.indicators.items():
        assert re.fullmatch(rf"{domain.id}\.{level}\.\d\d", id)
    for id, (domain, pillar, _) in framework.steps.items():
        assert re.fullmatch(rf"{domain.id}\.step\.{pillar}\.\d\d", id)
    for domain in framework.domains:
        for level in LEVELS:
            numbers = [int(i.id[-2:]) for i in domain.levels[level]]
            assert numbers == list(range(1, len(numbers) + 1))


def test_no_two_indicators_of_a_level_say_the_same(framework: Framework) -> None:
    for domain in framework.domains:
        for level in LEVELS:
            wording = [i.text.lower() for i in domain.levels[level]]
            assert len(set(wording)) == len(wording), (domain.id, level)


def test_an_indicator_is_short_enough_to_tick(framework: Framework) -> None:
    lengths = [len(i.text.split()) for _, _, i in framework.indicators.values()]
    assert max(lengths) <= 30
    assert sorted(lengths)[len(lengths) // 2] <= 12


def test_what_never_sets_a_level_alone(framework: Framework) -> None:
    assert {id for id, (_, _, i) in framework.indicators.items() if not i.alone} == NEVER_ALONE
    assert {id for id, (_, _, i) in framework.indicators.items() if i.with_another} == {"missing.significant.08"}
    assert all(framework.indicators[id][2].note for id in (*NEVER_ALONE, "missing.significant.08"))
    disclosed = [i for _, _, i in framework.indicators.values() if re.search(r"\bdisclos", i.text.lower())]
    assert disclosed
    assert all(i.alone for i in disclosed), "a disclosure of harm can set a level"


def test_a_workers_own_conduct_is_marked(framework: Framework) -> None:
    marked = {id for id, (_, _, i) in framework.indicators.items() if i.about_worker}
    assert {"professionals.moderate.02", "professionals.significant.02"} <= marked
    assert framework.pathway["lado"].about_worker
    assert not framework.pathway["lado"].automatic, "an option, never raised by itself"


def test_self_harm_and_suicide_prompt_crisis_help(framework: Framework) -> None:
    words = re.compile(r"suicid|self-harm|overdose|eating disorder", re.IGNORECASE)
    raised = {i.id for _, level, i in framework.indicators.values() if level != "none" and words.search(i.text)}
    assert raised
    assert all("crisis" in framework.indicators[id][2].prompts for id in raised)


def test_pathway_prompts_have_their_reason_and_first_thing_to_do(framework: Framework) -> None:
    assert set(framework.pathway) >= {
        "police_999", "crisis", "missing", "dash", "prevent_lead", "nrm", "sexual_abuse", "forced_marriage", "lado",
        "cawn", "mappa", "pnc_marker", "child_protection_plan", "complex_strategy",
    }  # fmt: skip
    assert all(p.why and p.trigger and p.do for p in framework.pathways)
    marac = next(s for s in framework.pathway["dash"].do if s.service == "marac")
    assert marac.age == {"least": 16}
    under = next(s for s in framework.pathway["dash"].do if s.age and "under" in s.age)
    assert under.age == {"under": 16}
    assert under.outside, "the guidance prints no route under 16"


def test_cawn_says_whom_it_is_for(framework: Framework) -> None:
    steps = [s for _, _, s in framework.steps.values() if "CAWN" in s.text]
    assert steps
    for step in steps:
        assert step.eligibility
        assert "16" in step.eligibility
        assert "18" in step.eligibility
        assert "care" in step.eligibility


@pytest.mark.parametrize("pattern", BANNED)
def test_words_that_blame_a_child_are_nowhere(pattern: str) -> None:
    word = re.compile(rf"\b{pattern}\b", re.IGNORECASE)
    found = [(name, t) for name, content in written() for t in texts(content) if word.search(t)]
    assert not found


def test_spelling_is_british_and_printed_slips_are_gone() -> None:
    slips = re.compile(
        r"\b(behavior\w*|neighborhood\w*|heroine|childsline|brooke|progol|relfection|lbgt|mechnism|discunt|harrases|"
        r"specilist|suvivors|neferrals|organiz\w+|recogniz\w+|counsel(or|ing))\b",
        re.IGNORECASE,
    )
    assert not [(name, t) for name, content in written() for t in texts(content) if slips.search(t)]


def test_wording_is_clean_text() -> None:
    for name, content in written():
        for text in texts(content):
            assert text == text.strip(), (name, text)
            assert not re.search(r"  |[\x00-\x1f]|\\|\$", text), (name, text)


def test_the_glossary_explains_every_acronym_used(framework: Framework) -> None:
    """An acronym has two capitals or more. Addresses, GOV.UK, a charity's name and an emphasised word are none."""
    known = {t.term for t in framework.glossary}
    known |= {f"{t}s" for t in known} | {"GOV", "SafeLives", "MUST"}
    acronym = re.compile(r"\b(?:[A-Z]&[A-Z]|[A-Z][A-Za-z]*[A-Z][A-Za-z]*)\b")
    plain = re.compile(r"https?://\S+|mailto:\S+|\{[a-z_]+\}")
    used = {
        word: name
        for name, content in written()
        for text in texts(content)
        for word in acronym.findall(plain.sub("", text))
        if sum(letter.isupper() for letter in word) > 1
    }
    assert not {word: name for word, name in used.items() if word not in known}
    assert all(t.plain for t in framework.glossary)
    terms = [t.term.lower() for t in framework.glossary]
    assert len(set(terms)) == len(terms)


def test_the_glossary_says_where_it_does_not_know(framework: Framework) -> None:
    terms = {t.term: t for t in framework.glossary}
    for unsure in ("FWBS", "TeXT"):
        assert terms[unsure].means == "not expanded in the guidance"
        assert terms[unsure].plain.startswith("Unsure")


def test_every_local_service_named_in_the_wording_exists(framework: Framework) -> None:
    services = framework.local["services"]
    named = {word for _, content in written() for t in texts(content) for word in re.findall(r"\{([a-z_]+)\}", t)}
    assert named
    assert named <= set(services)
    assert not [t for t in texts(framework.model_dump(exclude={"local"})) if re.search(r"\{[a-z_]+\}", t)]
    addresses = {"marac", "domestic_abuse", "prevent_lead", "lado", "crisis", "emergency"}
    assert addresses <= set(services)


def test_local_names_stand_in_no_wording() -> None:
    """Merton's own services are settings. The glossary and links may name them, to explain them."""
    local = re.compile(r"Catch22|Safer Merton|MASCOT|Spectra|Off the Record|@merton\.gov\.uk")
    found = [
        (name, t)
        for name, content in written()
        for t in texts(content)
        if name not in ("glossary.yaml", "links.yaml", "framework.yaml") and local.search(t)
    ]
    assert not found

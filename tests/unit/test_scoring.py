"""Scoring against sums, bands and tables written here from the readings of the guidance, not read from our data."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chm import settings
from chm.framework import Framework, load_all, newest
from chm.scoring import (
    Score,
    Suggestion,
    after_one_answer,
    at_least,
    judged_below,
    review_by,
    review_date,
    score,
    suggest,
)

TODAY = date(2026, 11, 23)
LEVELS = ("none", "emerging", "moderate", "significant")
HARM = {
    "coercion": (0, 3, 6, 12),
    "missing": (0, 3, 6, 10),
    "sexual": (0, 3, 6, 10),
    "offending": (0, 3, 6, 10),
    "social_media": (0, 2, 4, 8),
    "substance": (0, 1, 2, 4),
    "health": (0, 1, 2, 4),
}
CONTEXT = {
    "places": (0, 3, 6, 12),
    "peers": (0, 3, 6, 12),
    "professionals": (0, 3, 6, 8),
    "education": (0, 3, 6, 8),
    "family": (0, 3, 6, 8),
    "self": (0, 2, 4, 6),
}
DOMAINS = {**HARM, **CONTEXT}
LEAST = {"harm": (0, 5, 17, 33), "context": (0, 6, 17, 33), "combined": (0, 10, 33, 65)}
MOST = {"harm": 58, "context": 54, "combined": 112}
ALL_NONE = dict.fromkeys(DOMAINS, "none")
RESPONSES = {
    "none": ("advice and guidance", ("identify", "prevent"), ("prevent",)),
    "emerging": ("early help", ("identify", "prevent", "support"), ("support",)),
    "moderate": ("assessment", ("identify", "prevent", "support", "protect", "disrupt"), ("support", "disrupt")),
    "significant": (
        "strategy and plan", ("identify", "prevent", "support", "protect", "disrupt"), ("protect", "disrupt"),
    ),
}  # fmt: skip
FRAMEWORK = newest(load_all(settings.data()), "merton-2020")


def band(axis: str, total: int) -> str:
    return LEVELS[sum(total >= least for least in LEAST[axis]) - 1]


def points(levels: Mapping[str, str], domains: Mapping[str, tuple[int, ...]] = DOMAINS) -> int:
    return sum(domains[d][LEVELS.index(v)] for d, v in levels.items() if d in domains)


def scored(levels: Mapping[str, str], assessed_on: date = TODAY, **facts: Any) -> Score:
    return score(FRAMEWORK, levels, assessed_on=assessed_on, **facts)


def codes(found: Score) -> list[str]:
    return [f.code for f in found.flags]


def texts(found: Score, code: str) -> list[str]:
    return [f.text for f in found.flags if f.code == code]


some_levels = st.dictionaries(st.sampled_from(list(DOMAINS)), st.sampled_from(LEVELS))
every_level = st.fixed_dictionaries({d: st.sampled_from(LEVELS) for d in DOMAINS})
days = st.dates(date(2000, 1, 1), date(2100, 12, 31))


class TestTotalsAndBands:
    @pytest.mark.parametrize(("axis", "domains"), [("harm", HARM), ("context", CONTEXT)])
    def test_every_combination_of_an_axis(self, axis: str, domains: dict[str, tuple[int, ...]]) -> None:
        seen = set()
        for ranks in product(range(4), repeat=len(domains)):
            levels = {d: LEVELS[rank] for d, rank in zip(domains, ranks, strict=True)}
            expected = sum(domains[d][rank] for d, rank in zip(domains, ranks, strict=True))
            found = scored({**ALL_NONE, **levels})
            total, other = found.total(axis), found.total("context" if axis == "harm" else "harm")
            expected_band = band(axis, expected)
            assert total == (expected, expected_band, expected, expected, (expected_band,))
            assert other[:2] == (0, "none")
            assert found.combined[:2] == (expected, band("combined", expected))
            assert codes(found).count("significant_domain") == ranks.count(3)
            assert ("band_above_levels" in codes(found)) == (LEVELS.index(expected_band) > max(ranks))
            seen.add(expected)
        unreachable = {"harm": {57}, "context": {1, 51, 53}}[axis]
        assert seen == set(range(MOST[axis] + 1)) - unreachable

    @given(every_level)
    def test_combined_is_the_sum_of_both(self, levels: dict[str, str]) -> None:
        found = scored(levels)
        harm, context = points(levels, HARM), points(levels, CONTEXT)
        assert (found.harm.score, found.context.score, found.combined.score) == (harm, context, harm + context)
        for axis in ("harm", "context", "combined"):
            total = found.total(axis)
            assert total.score is not None
            assert total.band == band(axis, total.score)
        assert found.complete
        assert not found.open_domains

    def test_the_axes_are_independent_over_every_pair_of_totals(self) -> None:
        """Combined bands of all 59 by 55 pairs of axis totals that can be had: never above the higher axis band."""
        hidden = reached = 0
        ways = {"harm": counted(HARM), "context": counted(CONTEXT)}
        for harm, harm_ways in ways["harm"].items():
            for context, context_ways in ways["context"].items():
                higher = max(LEVELS.index(band("harm", harm)), LEVELS.index(band("context", context)))
                both = LEVELS.index(band("combined", harm + context))
                assert both <= higher
                reached += harm_ways * context_ways
                hidden += harm_ways * context_ways * (both < higher)
        assert reached == 4**13
        assert round(100 * hidden / reached, 1) == 28.1

    @pytest.mark.parametrize(
        ("level", "harm", "context", "combined"),
        [
            ("none", (0, "none"), (0, "none"), (0, "none")),
            ("emerging", (16, "emerging"), (17, "moderate"), (33, "moderate")),
            ("moderate", (32, "moderate"), (34, "significant"), (66, "significant")),
            ("significant", (58, "significant"), (54, "significant"), (112, "significant")),
        ],
    )
    def test_every_domain_at_one_level(
        self, level: str, harm: tuple[int, str], context: tuple[int, str], combined: tuple[int, str]
    ) -> None:
        found = scored(dict.fromkeys(DOMAINS, level))
        assert (found.harm[:2], found.context[:2], found.combined[:2]) == (harm, context, combined)

    @pytest.mark.parametrize(
        ("domains", "points", "axis_band", "combined_band"),
        [
            (("coercion", "places", "peers"), 12, "emerging", "emerging"),
            (("missing", "sexual", "offending"), 10, "emerging", "emerging"),
            (("social_media", "professionals", "education", "family"), 8, "emerging", "none"),
            (("self",), 6, "emerging", "none"),
            (("substance", "health"), 4, "none", "none"),
        ],
    )
    def test_one_significant_domain_alone(
        self, domains: tuple[str, ...], points: int, axis_band: str, combined_band: str
    ) -> None:
        """Readings, A10."""
        for domain in domains:
            found = scored({**ALL_NONE, domain: "significant"})
            axis = found.harm if domain in HARM else found.context
            assert axis[:2] == (points, axis_band)
            assert found.combined[:2] == (points, combined_band)
            assert codes(found).count("significant_domain") == 1
            assert found.significant == (domain,)

    def test_the_heaviest_significants_added_up(self) -> None:
        """Readings, A10: three for combined Moderate, six for combined Significant; harm alone needs four."""
        heaviest = ("coercion", "places", "peers", "missing", "sexual", "offending")
        totals = [scored({**ALL_NONE, **dict.fromkeys(heaviest[:n], "significant")}).combined for n in range(1, 7)]
        assert [t.score for t in totals] == [12, 24, 36, 46, 56, 66]
        assert [t.band for t in totals] == ["emerging", "emerging", "moderate", "moderate", "moderate", "significant"]
        harm = ("coercion", "missing", "sexual", "offending")
        bands = [scored({**ALL_NONE, **dict.fromkeys(harm[:n], "significant")}).harm.band for n in (3, 4)]
        assert bands == ["moderate", "significant"]

    def test_any_one_moderate_alone_is_combined_no_concern(self) -> None:
        for domain in DOMAINS:
            assert scored({**ALL_NONE, domain: "moderate"}).combined.band == "none"

    def test_points_explain_the_totals(self) -> None:
        found = scored({**ALL_NONE, "coercion": "significant", "self": "emerging"})
        assert [p.domain for p in found.points] == list(DOMAINS)
        assert sum(p.score for p in found.points) == found.combined.score == 14
        coercion = found.points[0]
        assert (coercion.axis, coercion.level, coercion.score, coercion.inferred) == ("harm", "significant", 12, False)
        assert coercion.source == "Guidance p. 6, line 181"

    def test_the_highest_band_of_the_three(self) -> None:
        assert scored(ALL_NONE).highest_band == "none"
        assert scored({**ALL_NONE, **dict.fromkeys(HARM, "significant")}).highest_band == "significant"
        assert scored({"coercion": "significant"}).highest_band is None

    def test_an_unknown_level_or_domain_is_no_score(self) -> None:
        with pytest.raises(KeyError):
            scored({**ALL_NONE, "coercion": "severe"})


def counted(domains: Mapping[str, tuple[int, ...]]) -> dict[int, int]:
    """How many combinations of `domains` make each total."""
    ways = {0: 1}
    for scores in domains.values():
        grown: dict[int, int] = {}
        for total, number in ways.items():
            for more in scores:
                grown[total + more] = grown.get(total + more, 0) + number
        ways = grown
    return ways


class TestOpenDomains:
    def test_nothing_answered(self) -> None:
        found = scored({})
        assert found.harm == (None, None, 0, 58, LEVELS)
        assert found.context == (None, None, 0, 54, LEVELS)
        assert found.combined == (None, None, 0, 112, LEVELS)
        assert found.open_domains == tuple(DOMAINS)
        assert (found.response, found.pillars, found.lead_pillars, found.review_by) == (None, (), (), None)
        assert not found.flags

    @pytest.mark.parametrize("domain", DOMAINS)
    def test_one_open_domain_withholds_every_score_and_band(self, domain: str) -> None:
        found = scored({d: "none" for d in DOMAINS if d != domain})
        for axis in ("harm", "context", "combined"):
            total = found.total(axis)
            assert (total.score, total.band, total.least) == (None, None, 0)
        on = "harm" if domain in HARM else "context"
        off = "context" if on == "harm" else "harm"
        assert found.total(on).most == found.combined.most == DOMAINS[domain][3]
        assert found.total(off)[2:] == (0, 0, ("none",))
        assert found.open_domains == (domain,)
        assert not found.complete

    def test_at_least_moderate_while_open(self) -> None:
        levels = {"coercion": "significant", "missing": "significant", "sexual": "significant"}
        assert at_least(scored(levels)) == "emerging"
        found = scored({**levels, "health": "emerging"})
        assert at_least(found) == "moderate"
        assert found.combined == (None, None, 33, 112 - 3, ("moderate", "significant"))
        assert (found.response, found.review_by) == (None, None), "not yet a band of its own"
        assert at_least(scored(ALL_NONE)) is None

    @given(some_levels)
    def test_the_range_holds_every_way_to_go_on(self, levels: dict[str, str]) -> None:
        found = scored(levels)
        left = [d for d in DOMAINS if d not in levels]
        assert list(found.open_domains) == left
        assert found.complete == (not left)
        for lowest, end in (("none", "least"), ("significant", "most")):
            ended = scored({**levels, **dict.fromkeys(left, lowest)})
            for axis in ("harm", "context", "combined"):
                assert getattr(found.total(axis), end) == ended.total(axis).score
                ends = found.total(axis).bands
                assert ended.total(axis).band == (ends[0] if end == "least" else ends[-1])

    @given(every_level, st.permutations(list(DOMAINS)))
    def test_another_answer_never_widens_a_range(self, levels: dict[str, str], order: list[str]) -> None:
        said: dict[str, str] = {}
        before = scored(said)
        for domain in order:
            said[domain] = levels[domain]
            now = scored(said)
            for axis in ("harm", "context", "combined"):
                old, new = before.total(axis), now.total(axis)
                assert old.least <= new.least <= new.most <= old.most
                assert set(new.bands) <= set(old.bands)
            before = now
        for axis in ("harm", "context", "combined"):
            total = before.total(axis)
            assert total.least == total.score == total.most

    @given(every_level, st.sets(st.sampled_from(list(DOMAINS))))
    def test_the_true_total_lies_in_every_range_before_it(self, levels: dict[str, str], kept: set[str]) -> None:
        open_, whole = scored({d: levels[d] for d in DOMAINS if d in kept}), scored(levels)
        for axis in ("harm", "context", "combined"):
            true = whole.total(axis)
            assert true.score is not None
            assert open_.total(axis).least <= true.score <= open_.total(axis).most
            assert true.band in open_.total(axis).bands

    @given(every_level, st.sets(st.sampled_from(list(DOMAINS))))
    def test_a_flag_of_levels_never_waits_nor_goes_away(self, levels: dict[str, str], kept: set[str]) -> None:
        open_, whole = scored({d: levels[d] for d in kept}), scored(levels)
        early = {(f.code, f.domain) for f in open_.flags}
        late = {(f.code, f.domain) for f in whole.flags}
        assert early <= late
        assert {f for f in late if f[1] in kept} <= early


class TestFlags:
    def test_significant_hidden_in_a_low_total(self) -> None:
        found = scored({**ALL_NONE, "health": "significant"})
        assert texts(found, "significant_domain") == [
            "Physical and emotional health is Significant; the combined total of 4 (No concern) hides it"
        ]
        flag = found.flags[0]
        assert flag.domain == "health"
        assert flag.source == "Guidance p. 19, line 766"

    def test_significant_not_hidden_or_not_yet_known(self) -> None:
        name = FRAMEWORK.domain["coercion"].name
        assert texts(scored({"coercion": "significant"}), "significant_domain") == [f"{name} is Significant"]
        everything = scored(dict.fromkeys(DOMAINS, "significant"))
        assert texts(everything, "significant_domain") == [f"{d.name} is Significant" for d in FRAMEWORK.domains]

    @pytest.mark.parametrize(
        ("levels", "higher"),
        [
            ({**dict.fromkeys(HARM, "significant")}, "harm is Significant"),
            ({**dict.fromkeys(HARM, "significant"), "self": "significant"}, "harm is Significant"),
            (
                {**dict.fromkeys(CONTEXT, "significant"), "coercion": "moderate", "missing": "emerging"},
                "context is Significant",
            ),
        ],
    )
    def test_combined_below_an_axis(self, levels: dict[str, str], higher: str) -> None:
        """Readings, A9: harm 58 with contexts 0 to 6, or context 54 with harm 0 to 10, is combined Moderate."""
        found = scored({**ALL_NONE, **levels})
        assert found.combined.band == "moderate"
        assert texts(found, "combined_below_axis") == [f"Combined reads Moderate, but {higher}"]
        flag = next(f for f in found.flags if f.code == "combined_below_axis")
        assert (flag.source, flag.domain) == ("Guidance lines 1483 to 1486", None)

    def test_combined_below_both_axes(self) -> None:
        """Harm 5 is Emerging; with context 4 the nine together are No concern. Harm 17 and context 6 make 23."""
        found = scored({**ALL_NONE, "coercion": "emerging", "social_media": "emerging"})
        assert texts(found, "combined_below_axis") == ["Combined reads No concern, but harm is Emerging"]
        found = scored({**ALL_NONE, **dict.fromkeys(("coercion", "missing"), "moderate"), "sexual": "emerging",
                        "social_media": "emerging", "self": "emerging"})  # fmt: skip
        assert (found.harm.score, found.context.score) == (17, 2)
        assert texts(found, "combined_below_axis") == ["Combined reads Emerging, but harm is Moderate"]

    @given(every_level)
    def test_combined_below_axis_exactly_where_it_is(self, levels: dict[str, str]) -> None:
        harm, context = points(levels, HARM), points(levels, CONTEXT)
        bands = {"harm": band("harm", harm), "context": band("context", context)}
        both = band("combined", harm + context)
        higher = [a for a, b in bands.items() if LEVELS.index(b) > LEVELS.index(both)]
        found = texts(scored(levels), "combined_below_axis")
        assert len(found) == bool(higher)
        for axis in ("harm", "context"):
            assert (f"{axis} is " in "".join(found)) == (axis in higher)

    def test_a_band_above_every_level(self) -> None:
        """Readings, A6: all contexts Emerging make Moderate, all Moderate make Significant; harm never does."""
        found = scored({**ALL_NONE, **dict.fromkeys(CONTEXT, "emerging")})
        assert texts(found, "band_above_levels") == [
            "The context band is Moderate, above the level of every context domain"
        ]
        assert next(f.source for f in found.flags if f.code == "band_above_levels") == "Guidance lines 1464 to 1467"
        found = scored({**ALL_NONE, **dict.fromkeys(CONTEXT, "moderate")})
        assert texts(found, "band_above_levels") == [
            "The context band is Significant, above the level of every context domain"
        ]
        for level in LEVELS:
            assert "band_above_levels" not in codes(scored({**ALL_NONE, **dict.fromkeys(HARM, level)}))

    def test_a_band_above_levels_does_not_wait_for_the_other_axis(self) -> None:
        assert codes(scored(dict.fromkeys(CONTEXT, "emerging"))) == ["band_above_levels"]
        five = dict.fromkeys([c for c in CONTEXT if c != "self"], "moderate")
        assert "band_above_levels" not in codes(scored(five))

    def test_the_inferred_score(self) -> None:
        found = scored({"family": "significant"})
        assert codes(found) == ["significant_domain", "inferred_score"]
        name = FRAMEWORK.domain["family"].name
        assert texts(found, "inferred_score") == [
            f"{name} at Significant scores 8 by our reading: the printed number cannot be read"
        ]
        assert found.flags[1].domain == "family"
        assert found.flags[1].source == "Guidance p. 32, line 1261"
        for levels in ({"family": "moderate"}, dict.fromkeys(set(DOMAINS) - {"family"}, "significant")):
            assert "inferred_score" not in codes(scored(levels))

    @pytest.mark.parametrize(
        ("referrals", "number"),
        [
            ((), 0),
            ((date(2026, 11, 1),), 0),
            ((date(2026, 11, 1), date(2026, 6, 1)), 2),
            ((date(2026, 11, 1), date(2026, 11, 1)), 2),
            ((date(2026, 5, 23), TODAY), 2),
            ((date(2026, 5, 22), TODAY), 0),
            ((date(2026, 5, 23), date(2026, 11, 24)), 0),
            ((date(2026, 5, 23), date(2026, 8, 1), TODAY, date(2026, 1, 1)), 3),
        ],
    )
    def test_repeat_referrals_in_six_months(self, referrals: tuple[date, ...], number: int) -> None:
        found = scored({}, referrals=referrals)
        assert texts(found, "repeat_referrals") == (
            [f"{number} referrals in the 6 months to this assessment"] if number else []
        )
        if number:
            assert found.flags[0].source == "Guidance line 1488"

    @pytest.mark.parametrize(
        ("assessed_on", "edge"),
        [
            (date(2026, 8, 31), date(2026, 2, 28)),
            (date(2024, 8, 31), date(2024, 2, 29)),
            (date(2026, 12, 31), date(2026, 6, 30)),
            (date(2026, 3, 30), date(2025, 9, 30)),
        ],
    )
    def test_six_months_back_from_a_day_the_month_has_not(self, assessed_on: date, edge: date) -> None:
        inside = scored({}, assessed_on, referrals=[edge, assessed_on])
        outside = scored({}, assessed_on, referrals=[edge - timedelta(days=1), assessed_on])
        assert codes(inside) == ["repeat_referrals"]
        assert codes(outside) == []

    @pytest.mark.parametrize(
        ("age", "level", "flagged"),
        [
            (12, "emerging", True),
            (12, "moderate", True),
            (0, "significant", True),
            (12, "none", False),
            (13, "significant", False),
            (None, "significant", False),
        ],
    )
    def test_young_and_missing(self, age: int | None, level: str, flagged: bool) -> None:
        found = scored({"missing": level}, age=age)
        name = FRAMEWORK.domain["missing"].name.lower()
        assert texts(found, "young_and_missing") == ([f"Aged 12 or under with {name} above none"] if flagged else [])

    def test_age_alone_raises_nothing(self) -> None:
        assert not scored({}, age=9).flags
        assert "young_and_missing" not in codes(scored({**ALL_NONE, "coercion": "significant"}, age=9))

    @pytest.mark.parametrize(
        ("due", "text"),
        [
            (None, []),
            (TODAY, []),
            (TODAY + timedelta(days=1), []),
            (date(2026, 11, 2), ["The last review was due on 2 November 2026"]),
        ],
    )
    def test_review_overdue(self, due: date | None, text: list[str]) -> None:
        assert texts(scored({}, review_due=due), "review_overdue") == text

    def test_every_flag_at_once_with_a_source_each(self) -> None:
        levels = {**dict.fromkeys(DOMAINS, "none"), **dict.fromkeys(CONTEXT, "moderate"), "missing": "emerging"}
        found = scored(levels, age=11, referrals=[TODAY, TODAY], review_due=date(2026, 1, 1))
        assert set(codes(found)) == {
            "combined_below_axis", "band_above_levels", "repeat_referrals", "young_and_missing", "review_overdue",
        }  # fmt: skip
        found = scored({**levels, "family": "significant"}, age=11, referrals=[TODAY, TODAY])
        assert {"significant_domain", "inferred_score"} <= set(codes(found))
        assert all(f.source.startswith("Guidance ") for f in found.flags)

    @given(every_level)
    def test_no_concern_never_stands_unqualified_over_a_significant_domain(self, levels: dict[str, str]) -> None:
        found = scored(levels)
        significant = [d for d, v in levels.items() if v == "significant"]
        assert sorted(f.domain or "" for f in found.flags if f.code == "significant_domain") == sorted(significant)
        if found.combined.band != "significant":
            assert all("hides it" in t for t in texts(found, "significant_domain"))


class TestWhatFollows:
    @given(every_level, days)
    def test_response_pillars_and_review_follow_the_combined_band(self, levels: dict[str, str], day: date) -> None:
        found = scored(levels, day)
        expected = band("combined", points(levels))
        assert (found.response, found.pillars, found.lead_pillars) == RESPONSES[expected]
        assert set(found.lead_pillars) <= set(found.pillars)
        if expected == "significant":
            assert found.review_by == day + timedelta(days=42)
        elif expected == "moderate":
            assert found.review_by is not None
            assert timedelta(days=89) <= found.review_by - day <= timedelta(days=92)
            assert (found.review_by.month - day.month) % 12 == 3
        else:
            assert found.review_by is None

    def test_pillars_are_cumulative(self) -> None:
        offered = [set(FRAMEWORK.responses[level].pillars) for level in LEVELS]  # type: ignore[index]
        assert all(lower <= upper for lower, upper in zip(offered, offered[1:], strict=False))
        assert all(RESPONSES[level][1][0] == "identify" for level in LEVELS)

    @pytest.mark.parametrize(
        ("day", "due"),
        [
            (date(2026, 11, 23), date(2027, 2, 23)),
            (date(2026, 11, 30), date(2027, 2, 28)),
            (date(2027, 11, 30), date(2028, 2, 29)),
            (date(2026, 11, 28), date(2027, 2, 28)),
            (date(2026, 1, 31), date(2026, 4, 30)),
            (date(2026, 3, 31), date(2026, 6, 30)),
            (date(2026, 10, 1), date(2027, 1, 1)),
        ],
    )
    def test_three_calendar_months(self, day: date, due: date) -> None:
        assert review_date(FRAMEWORK.responses["moderate"], day) == due
        assert scored({**ALL_NONE, **dict.fromkeys(CONTEXT, "moderate")}, day).review_by == due

    def test_forty_two_days(self) -> None:
        assert review_date(FRAMEWORK.responses["significant"], TODAY) == date(2027, 1, 4)
        assert review_date(FRAMEWORK.responses["none"], TODAY) is None
        assert review_date(FRAMEWORK.responses["emerging"], TODAY) is None


class TestJudgement:
    LOW = scored({**ALL_NONE, "health": "significant"})
    MODERATE = scored({**ALL_NONE, **dict.fromkeys(CONTEXT, "emerging")})
    HARM_ONLY = scored({**ALL_NONE, **dict.fromkeys(HARM, "significant")})

    @pytest.mark.parametrize(
        ("found", "level", "below", "due"),
        [
            (LOW, "none", False, None),
            (LOW, "significant", False, date(2027, 1, 4)),
            (LOW, "moderate", False, date(2027, 2, 23)),
            (MODERATE, "moderate", False, date(2027, 2, 23)),
            (MODERATE, "emerging", True, date(2027, 2, 23)),
            (MODERATE, "none", True, date(2027, 2, 23)),
            (MODERATE, "significant", False, date(2027, 1, 4)),
            # Combined is Moderate, harm Significant: the sooner review of the highest band stays.
            (HARM_ONLY, "moderate", True, date(2027, 1, 4)),
            (HARM_ONLY, "none", True, date(2027, 1, 4)),
            (HARM_ONLY, "significant", False, date(2027, 1, 4)),
        ],
    )
    def test_a_judgement_below_keeps_the_sooner_review(
        self, found: Score, level: str, below: bool, due: date | None
    ) -> None:
        assert judged_below(found, level) is below
        assert review_by(FRAMEWORK, found, level, TODAY) == due

    @given(every_level, st.sampled_from(LEVELS), days)
    def test_a_judgement_never_puts_a_review_off(self, levels: dict[str, str], judged: str, day: date) -> None:
        found = scored(levels, day)
        due = review_by(FRAMEWORK, found, judged, day)
        expected = review_date(FRAMEWORK.responses[judged], day)  # type: ignore[index]
        if judged_below(found, judged):
            assert found.highest_band is not None
            assert LEVELS.index(judged) < LEVELS.index(found.highest_band)
            computed = review_date(FRAMEWORK.responses[found.highest_band], day)  # type: ignore[index]
            assert due == min((d for d in (expected, computed) if d), default=None)
        else:
            assert due == expected

    def test_nothing_is_below_an_incomplete_score(self) -> None:
        assert judged_below(scored({"coercion": "significant"}), "none") is False


class TestSuggest:
    @pytest.mark.parametrize(
        ("domain", "ticks", "level", "because"),
        [
            ("coercion", (), None, ()),
            ("coercion", ("coercion.none.01",), "none", ("coercion.none.01",)),
            ("coercion", ("coercion.emerging.01",), "emerging", ("coercion.emerging.01",)),
            # The highest level ticked, whatever else is (readings A4); indicators never add up (A2).
            ("coercion", ("coercion.none.01", "coercion.emerging.01", "coercion.significant.02"), "significant",
             ("coercion.significant.02",)),
            ("coercion", tuple(f"coercion.emerging.{n:02}" for n in range(1, 8)), "emerging",
             tuple(f"coercion.emerging.{n:02}" for n in range(1, 8))),
            # Another domain's ticks say nothing here.
            ("coercion", ("missing.significant.01",), None, ()),
            # C5: twelve or younger counts only beside another missing concern.
            ("missing", ("missing.significant.08",), None, ()),
            ("missing", ("missing.significant.08", "missing.none.01"), "none", ("missing.none.01",)),
            ("missing", ("missing.significant.08", "missing.emerging.01"), "significant", ("missing.significant.08",)),
            ("missing", ("missing.significant.08", "missing.significant.01"), "significant",
             ("missing.significant.01", "missing.significant.08")),
            # C9: needs, identity and a child's own word about a place set no level, together or alone.
            ("education", ("education.moderate.07",), None, ()),
            ("education", ("education.moderate.08",), None, ()),
            ("education", ("education.moderate.07", "education.moderate.08"), None, ()),
            ("education", ("education.moderate.08", "education.emerging.02"), "emerging", ("education.emerging.02",)),
            ("education", ("education.moderate.08", "education.moderate.02"), "moderate", ("education.moderate.02",)),
            ("self", ("self.emerging.02",), None, ()),
            ("self", ("self.emerging.02", "self.emerging.01"), "emerging", ("self.emerging.01",)),
            ("self", ("self.significant.03", "self.none.01"), "none", ("self.none.01",)),
            ("places", ("places.emerging.04",), None, ()),
            ("sexual", ("sexual.emerging.02",), None, ()),
        ],
    )  # fmt: skip
    def test_suggested_level(
        self, domain: str, ticks: tuple[str, ...], level: str | None, because: tuple[str, ...]
    ) -> None:
        assert suggest(FRAMEWORK, domain, ticks) == Suggestion(level, because)

    def test_a_disclosure_of_harm_sets_its_level(self) -> None:
        disclosures = [
            (d.id, level, i.id) for d, level, i in FRAMEWORK.indicators.values() if "disclos" in i.text.lower()
        ]
        assert disclosures
        for domain, level, id in disclosures:
            assert suggest(FRAMEWORK, domain, {id}) == Suggestion(level, (id,))

    @given(st.sampled_from(list(DOMAINS)), st.data())
    def test_one_more_tick_never_lowers_a_concern(self, domain: str, data: st.DataObject) -> None:
        ids = [i.id for level in LEVELS for i in FRAMEWORK.domain[domain].levels[level]]  # type: ignore[index]
        ticks = data.draw(st.sets(st.sampled_from(ids)))
        more = data.draw(st.sampled_from(ids))
        rank = {None: -1, **{level: n for n, level in enumerate(LEVELS)}}
        before, after = suggest(FRAMEWORK, domain, ticks), suggest(FRAMEWORK, domain, ticks | {more})
        assert rank[after.level] >= rank[before.level]
        assert set(after.because) <= ticks | {more}


class TestJson:
    @given(some_levels, st.lists(days), st.none() | st.integers(0, 25), st.none() | days)
    def test_round_trip_through_text(
        self, levels: dict[str, str], referrals: list[date], age: int | None, due: date | None
    ) -> None:
        found = scored(levels, referrals=referrals, age=age, review_due=due)
        assert Score.from_json(json.loads(json.dumps(found.to_json()))) == found

    def test_shape(self) -> None:
        stored = scored(ALL_NONE).to_json()
        assert stored["harm"] == {"score": 0, "band": "none", "least": 0, "most": 0, "bands": ("none",)}
        assert stored["review_by"] is None
        assert set(stored) == set(Score._fields)


def test_another_framework_scores_by_its_own_numbers() -> None:
    other: Framework = FRAMEWORK.model_copy(
        update={
            "bands": {**FRAMEWORK.bands, "combined": FRAMEWORK.bands["combined"].model_copy(update={"emerging": 4})}
        }
    )
    for cached in ("points", "axis_points", "band_of"):
        other.__dict__.pop(cached, None)
    found = score(other, {**ALL_NONE, "health": "significant"}, assessed_on=TODAY)
    assert found.combined.band == "emerging"
    assert found.response == "early help"


@pytest.mark.parametrize("levels", [{}, {"coercion": "moderate", "family": "none"}, ALL_NONE])
def test_the_score_after_each_answer_that_could_come_next(levels: dict[str, str]) -> None:
    scores = after_one_answer(FRAMEWORK, levels, assessed_on=TODAY)
    assert list(scores) == list(DOMAINS)
    for domain, by_level in scores.items():
        assert list(by_level) == list(LEVELS)
        for level, then in by_level.items():
            assert then == score(FRAMEWORK, {**levels, domain: level}, assessed_on=TODAY)
            assert then.combined.least == points({**levels, domain: level})

"""Hotspots of public counts: the published statistic, held against its oracle and worked by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from libpysal.weights import W
from scipy.stats import false_discovery_control, kendalltau, norm

from chm import settings
from chm.errors import Faults
from chm.places.hotspots import FILE, Hotspots, Pattern, TooFew, _patterns, find, gi_star, load, over_months, trends

RULES = load()


def esda_gi_star(counts: np.ndarray, inside: np.ndarray) -> np.ndarray:
    from esda import G_Local

    number = np.full(inside.shape, -1)
    number[inside] = np.arange(inside.sum())
    touching = {
        int(number[r, c]): [int(n) for n in number[max(0, r - 1) : r + 2, max(0, c - 1) : c + 2].ravel() if n >= 0]
        for r, c in np.argwhere(inside)
    }
    weights = W(touching, silence_warnings=True)
    return np.asarray(G_Local(counts[inside].astype(float), weights, transform="B", permutations=0, star=True).Zs)


def with_one_hot_corner(mean: float = 2.0, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    inside = np.ones((20, 20), dtype=bool)
    counts = np.random.default_rng(seed).poisson(mean, inside.shape)
    counts[:3, :3] += 12
    return counts, inside


@given(
    rows=st.integers(7, 20), columns=st.integers(7, 20), seed=st.integers(0, 10_000), share=st.floats(0.8, 1),
    mean=st.floats(0.2, 50),
)  # fmt: skip
def test_gi_star_equals_esda(rows: int, columns: int, seed: int, share: float, mean: float) -> None:
    chance = np.random.default_rng(seed)
    inside = chance.random((rows, columns)) < share
    inside[:4, :4] = True
    counts = chance.poisson(mean, inside.shape)
    counts[0, 0] += 1
    found = gi_star(counts, inside)
    assert np.abs(found[inside] - esda_gi_star(counts, inside)).max() < 1e-9
    assert np.isnan(found[~inside]).all()


def test_gi_star_worked_by_hand() -> None:
    # One event in the middle of five by five: mean 1/25, variance 1/25 - 1/625 = 24/625.
    counts = np.zeros((5, 5), dtype=int)
    counts[2, 2] = 1
    found = gi_star(counts, np.ones((5, 5), bool))
    spread = np.sqrt(24 / 625)
    assert found[2, 2] == pytest.approx((1 - 9 / 25) / (spread * np.sqrt((25 * 9 - 81) / 24)))
    assert found[0, 0] == pytest.approx((0 - 4 / 25) / (spread * np.sqrt((25 * 4 - 16) / 24)))
    assert found[1, 1] == found[2, 2]


def test_counts_all_alike_gather_nowhere() -> None:
    inside = np.ones((20, 20), dtype=bool)
    assert np.isnan(gi_star(np.full(inside.shape, 7), inside)).all()
    assert not find(np.full(inside.shape, 7), inside, RULES).hot.any()


def test_months_are_maps_of_their_own() -> None:
    chance = np.random.default_rng(4)
    inside = np.ones((9, 9), dtype=bool)
    counts = chance.poisson(3, (4, 9, 9))
    assert gi_star(counts, inside) == pytest.approx(np.stack([gi_star(month, inside) for month in counts]))


def test_what_gathers_is_a_hotspot_and_nothing_else() -> None:
    counts, inside = with_one_hot_corner()
    found = find(counts, inside, RULES)
    assert found.hot[:3, :3].all()
    assert not found.hot[5:, :].any()
    assert not found.hot[:, 5:].any()
    adjusted = false_discovery_control(norm.sf(found.gi_star).ravel(), method="bh").reshape(inside.shape)
    assert (found.hot == (adjusted <= 0.05)).all()
    assert found.p == pytest.approx(norm.sf(found.gi_star))


def test_outside_the_borough_nothing_is_hot_whatever_is_counted_there() -> None:
    counts, inside = with_one_hot_corner()
    inside[:, 15:] = False
    counts[:, 15:] = 1000
    found = find(counts, inside, RULES)
    assert not found.hot[:, 15:].any()
    assert np.isnan(found.p[:, 15:]).all()
    assert (found.hot[:, :15] == find(counts[:, :15], inside[:, :15], RULES).hot).all()


def test_even_scatter_gives_hardly_a_hotspot() -> None:
    inside = np.ones((25, 25), dtype=bool)
    maps = [np.random.default_rng(seed).poisson(3, inside.shape) for seed in range(100)]
    assert sum(find(counts, inside, RULES).hot.any() for counts in maps) <= 20


def test_too_few_events_are_said_with_how_many_it_takes() -> None:
    inside = np.ones((20, 20), dtype=bool)
    counts = np.zeros((20, 20), dtype=int)
    counts[0, 0] = 237
    with pytest.raises(TooFew) as found:
        find(counts, inside, RULES)
    # 400 cells with 8.41 cells in reach of each on average: 5 in each reach takes 237.8 events.
    assert find(counts, inside, RULES.model_copy(update={"enough": _enough(4)})).hot[0, 0]
    assert str(found.value) == (
        "Too few to say where they gather: 237 events on 400 cells, and the method needs 238. "
        "Choose more kinds of event or a longer time."
    )


def _enough(expected: float) -> object:
    return RULES.enough.model_copy(update={"expected": expected})


def test_too_few_cells_are_said() -> None:
    with pytest.raises(TooFew) as found:
        find(np.full((5, 5), 100), np.ones((5, 5), bool), RULES)
    assert str(found.value) == (
        "Hotspots need at least 30 cells of the map; there are 25. Choose smaller cells."
    )  # fmt: skip


def test_too_few_months_or_thin_months_are_said() -> None:
    counts, inside = with_one_hot_corner()
    with pytest.raises(TooFew, match=r"^To tell how hotspots change takes 10 months; there are 9\.$"):
        over_months(np.stack([counts] * 9), inside, RULES)
    thin = np.stack([counts] * 12)
    thin[[3, 7]] = 0
    with pytest.raises(TooFew) as found:
        over_months(thin, inside, RULES)
    assert str(found.value) == (
        "Too few to tell how hotspots change: 2 of 12 months hold fewer than the 238 events that the method needs. "
        "Choose more kinds of event."
    )


def test_a_corner_hot_in_every_month_persists_and_one_hot_lately_emerges() -> None:
    inside = np.ones((20, 20), dtype=bool)
    chance = np.random.default_rng(8)
    counts = chance.poisson(2, (12, 20, 20))
    counts[:, :3, :3] += chance.poisson(12, (12, 3, 3))
    counts[9:, 16:19, 16:19] += 12
    found = over_months(counts, inside, RULES)
    assert found.patterns[1, 1] == Pattern.PERSISTENT
    assert found.patterns[17, 17] == Pattern.EMERGING
    assert found.patterns[10, 10] == Pattern.NONE
    assert found.months.hot[:, 1, 1].all()
    assert found.months.hot[:, 17, 17].tolist() == [False] * 9 + [True] * 3


@pytest.mark.parametrize(
    ("hot", "slope", "pattern"),
    [
        ("000000000001", 0, Pattern.EMERGING),
        ("000000000111", 0, Pattern.EMERGING),
        ("000100000111", 0, Pattern.ON_AND_OFF),
        ("010100100101", 0, Pattern.ON_AND_OFF),
        ("111111111111", 0, Pattern.PERSISTENT),
        ("110111111111", 0, Pattern.PERSISTENT),
        ("111111111111", 1, Pattern.EMERGING),
        ("111111111111", -1, Pattern.WANING),
        ("111111111110", 0, Pattern.WANING),
        ("111111111110", 1, Pattern.WANING),
        ("111111000000", 0, Pattern.NONE),
        ("000000000000", 1, Pattern.NONE),
        ("001111111111", 1, Pattern.EMERGING),
    ],
)
def test_each_pattern(hot: str, slope: int, pattern: Pattern) -> None:
    months = np.array([c == "1" for c in hot]).reshape(12, 1, 1)
    wobble = np.tile([3.0, 1.0, 2.0, 4.0], 3) if slope == 0 else slope * np.arange(12.0)
    series = wobble.reshape(12, 1, 1)
    assert _patterns(Hotspots(series, series, months), RULES.over_time).tolist() == [[pattern]]


def test_trend_of_series_by_mann_kendall() -> None:
    rising, falling, level = np.arange(10.0), -np.arange(10.0), np.ones(10)
    assert trends(np.column_stack((rising, falling, level)), 0.05).tolist() == [1, -1, 0]
    # Ten months with a score of 21: z = 20 / sqrt(125) = 1.79, p = 0.074; of 23: z = 1.97, p = 0.049.
    for swaps, score, expected in ((12, 21, 0), (11, 23, 1)):
        series = np.arange(10.0)
        done = 0
        while done < swaps:
            at = next(n for n in range(9) if series[n] < series[n + 1])
            series[[at, at + 1]] = series[[at + 1, at]]
            done += 1
        assert sum(np.sign(b - a) for n, a in enumerate(series) for b in series[n + 1 :]) == score
        assert trends(series[:, None], 0.05).tolist() == [expected]


@given(st.lists(st.integers(0, 5), min_size=10, max_size=24))
def test_a_trend_has_the_direction_of_kendalls_tau(values: list[int]) -> None:
    found = int(trends(np.array(values, float)[:, None], 0.05)[0])
    tau = kendalltau(range(len(values)), values)
    assert found in (0, int(np.sign(np.nan_to_num(tau.statistic))))
    # The continuity correction makes ours the more cautious one.
    assert not (found and tau.pvalue > 0.05)


def test_a_month_that_is_not_known_gives_no_trend() -> None:
    series = np.arange(10.0)
    series[4] = np.nan
    assert trends(series[:, None], 0.05).tolist() == [0]


def test_the_methods_are_named_with_their_numbers() -> None:
    assert (RULES.cell_metres, RULES.control.false_share, RULES.enough.expected, RULES.enough.cells) == (
        250,
        0.05,
        5,
        30,
    )
    assert (RULES.over_time.months, RULES.over_time.nearly_every, RULES.over_time.trend_significance) == (10, 0.9, 0.05)
    assert [m.name for m in (RULES.statistic, RULES.control, RULES.over_time)] == [
        "Getis-Ord Gi*",
        "Benjamini-Hochberg",
        "Emerging hot spot analysis with the Mann-Kendall trend test",
    ]


def test_every_fault_of_the_file_is_named(tmp_path: Path) -> None:
    whole = (settings.data() / FILE).read_text(encoding="utf-8")
    broken = (
        whole.replace("cell_metres: 250", "cell_metres: 1")
        .replace("false_share: 0.05", "false_share: 1")
        .replace("months: 10", "month: 10")
    )
    tmp_path.joinpath(FILE).write_text(broken, encoding="utf-8")
    with pytest.raises(Faults) as found:
        load(tmp_path)
    assert found.value.faults == [
        "hotspots.yaml: cell_metres: input should be greater than or equal to 50; correct it",
        "hotspots.yaml: control.false_share: input should be less than 0.5; correct it",
        "hotspots.yaml: over_time.months: field required; add it",
        "hotspots.yaml: over_time.month: extra inputs are not permitted; remove it or correct its name",
    ]

"""Where public or anti-social behaviour counts gather more than chance explains: Getis-Ord Gi* on a grid, over months.

Never for our own few events. Axes of every array are (..., row, column), row 0 the southernmost.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field
from scipy.special import ndtr
from scipy.stats import false_discovery_control

from chm import data_file, settings
from chm.errors import ChmError

FILE = "hotspots.yaml"
Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]


class Part(BaseModel):
    """Base of the file's parts: immutable, unknown keys refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Method(Part):
    """A published method: its name, what it does in plain words, and where it is published."""

    name: str
    rule: str
    source: str = Field(min_length=1)


class Control(Method):
    """How many of the cells named may be so by chance alone."""

    false_share: float = Field(gt=0, lt=0.5)


class Enough(Part):
    """On how much the statistic may be used."""

    rule: str
    expected: float = Field(ge=1, allow_inf_nan=False)
    cells: int = Field(ge=9)
    source: str = Field(min_length=1)


class OverTime(Method):
    """How a cell's months are read."""

    months: int = Field(ge=8)
    nearly_every: float = Field(gt=0.5, le=1)
    trend_significance: float = Field(gt=0, lt=0.5)


class HotspotRules(Part):
    """The whole of `data/hotspots.yaml`."""

    cell_metres: float = Field(ge=50, le=5_000)
    statistic: Method
    control: Control
    enough: Enough
    over_time: OverTime


class TooFew(ChmError):
    """Fewer events, cells or months than the method can bear; the message says how many it needs."""


class Pattern(StrEnum):
    """How a cell has gone over the months."""

    EMERGING = "emerging"
    PERSISTENT = "persistent"
    WANING = "waning"
    ON_AND_OFF = "on and off"
    NONE = "none"


@dataclass(frozen=True, eq=False)
class Hotspots:
    """Gi* of each cell, nan outside the borough; its p-value against more than expected; and which are hotspots."""

    gi_star: Numbers
    p: Numbers
    hot: Flags


@dataclass(frozen=True, eq=False)
class Change:
    """Hotspots month by month, (month, row, column), and each cell's pattern, (row, column) of `Pattern` values."""

    months: Hotspots
    patterns: NDArray[np.str_]


def load(data: Path | None = None) -> HotspotRules:
    """Read `hotspots.yaml` in the data folder (the product's own unless given).

    Raises:
        Faults: every fault found, each as `hotspots.yaml: path: what is wrong; fix`.
    """
    return data_file.read((data or settings.data()) / FILE, HotspotRules)


def gi_star(counts: NDArray[np.integer] | Numbers, inside: Flags) -> Numbers:
    """Standardised Gi* with binary weights on a cell and the up to eight that touch it, (..., row, column).

    Args:
        counts: (..., row, column), each leading index a map of its own. inside: (row, column) cells of the borough.

    nan outside, and everywhere on a map whose cells are all alike. Source: Ord and Getis (1995).
    """
    x = np.where(inside, counts, 0).astype(np.float64)
    n = int(inside.sum())
    neighbours = _with_touching(inside.astype(np.float64))
    mean = x.sum(axis=(-2, -1), keepdims=True) / n
    variance = (x * x).sum(axis=(-2, -1), keepdims=True) / n - mean * mean
    # What rounding leaves of a variance of nothing.
    variance[variance <= 1e-12 * np.maximum(mean * mean, 1e-300)] = np.nan
    spread = np.sqrt(variance * (n * neighbours - neighbours * neighbours) / (n - 1))
    with np.errstate(divide="ignore", invalid="ignore"):
        result: Numbers = (_with_touching(x) - mean * neighbours) / spread
    result[..., ~inside] = np.nan
    return result


def _with_touching(x: Numbers) -> Numbers:
    """The sum over each cell and those that touch it: a convolution with 3 by 3 ones."""
    rows = x.copy()
    rows[..., 1:, :] += x[..., :-1, :]
    rows[..., :-1, :] += x[..., 1:, :]
    both = rows.copy()
    both[..., 1:] += rows[..., :-1]
    both[..., :-1] += rows[..., 1:]
    return both


def find(counts: NDArray[np.integer], inside: Flags, rules: HotspotRules) -> Hotspots:
    """The hotspots of one map of counts, (row, column).

    Raises:
        TooFew: the counts are too few for the method; the message says how many it needs.
    """
    if fault := too_few(counts, inside, rules):
        raise TooFew(fault)
    return _found(counts, inside, rules)


def too_few(counts: NDArray[np.integer], inside: Flags, rules: HotspotRules) -> str | None:
    """Why a map of counts cannot bear the method; None where it can."""
    cells = int(inside.sum())
    if cells < rules.enough.cells:
        return f"Hotspots need at least {rules.enough.cells} cells of the map; there are {cells}. Choose smaller cells."
    needed, held = _needed(inside, rules), int(counts[inside].sum())
    if held < needed:
        return (
            f"Too few to say where they gather: {held:,} events on {cells:,} cells, and the method needs {needed:,}. "
            f"Choose more kinds of event or a longer time."
        )
    return None


def _needed(inside: Flags, rules: HotspotRules) -> int:
    neighbours = float(_with_touching(inside.astype(np.float64))[inside].mean())
    return int(np.ceil(rules.enough.expected * inside.sum() / neighbours))


def _found(counts: NDArray[np.integer], inside: Flags, rules: HotspotRules) -> Hotspots:
    z = gi_star(counts, inside)
    p = ndtr(-z)
    hot = np.zeros(z.shape, dtype=bool)
    known = np.isfinite(z[..., inside]).all(axis=-1)
    if known.any():
        adjusted = false_discovery_control(p[..., inside][known], axis=-1)
        chosen = np.zeros((*z.shape[:-2], int(inside.sum())), dtype=bool)
        chosen[known] = adjusted <= rules.control.false_share
        hot[..., inside] = chosen
    return Hotspots(z, p, hot)


def over_months(counts: NDArray[np.integer], inside: Flags, rules: HotspotRules) -> Change:
    """How hotspots have gone over `counts` of consecutive months, (month, row, column), the last one latest.

    Raises:
        TooFew: too few months, or a month with too few events; the message says how many are needed.
    """
    months = len(counts)
    if months < rules.over_time.months:
        raise TooFew(f"To tell how hotspots change takes {rules.over_time.months} months; there are {months}.")
    short = sum(too_few(month, inside, rules) is not None for month in counts)
    if short:
        raise TooFew(
            f"Too few to tell how hotspots change: {short} of {months} months hold fewer than the "
            f"{_needed(inside, rules):,} events that the method needs. Choose more kinds of event."
        )
    found = _found(counts, inside, rules)
    return Change(found, _patterns(found, rules.over_time))


def _patterns(found: Hotspots, rules: OverTime) -> NDArray[np.str_]:
    hot, last = found.hot, found.hot[-1]
    months = len(hot)
    share = hot.sum(axis=0) / months
    often = share >= rules.nearly_every
    run = np.logical_and.accumulate(hot[::-1], axis=0).sum(axis=0)
    first_run = last & (hot.sum(axis=0) == run)
    trend = trends(found.gi_star, rules.trend_significance)
    return np.select(
        [
            (last & ~often & first_run) | (last & often & (trend > 0)),
            (last & often & (trend < 0)) | (~last & often),
            often,
            last,
        ],
        [Pattern.EMERGING, Pattern.WANING, Pattern.PERSISTENT, Pattern.ON_AND_OFF],
        Pattern.NONE,
    ).astype("U10")


def trends(series: Numbers, significance: float) -> NDArray[np.int8]:
    """The Mann-Kendall trend of (time, ...) series, two-sided: 1 rising, -1 falling, 0 neither or not known."""
    n = len(series)
    score = np.zeros(series.shape[1:])
    ties = np.zeros(series.shape[1:])
    for later in range(n):
        score += np.sign(series[later] - series[:later]).sum(axis=0)
        alike = (series == series[later]).sum(axis=0)
        ties += (alike - 1) * (2 * alike + 5)
    variance = (n * (n - 1) * (2 * n + 5) - ties) / 18
    with np.errstate(divide="ignore", invalid="ignore"):
        z = (score - np.sign(score)) / np.sqrt(variance)
    clear = 2 * ndtr(-np.abs(z)) <= significance
    return np.where(clear, np.sign(score), 0).astype(np.int8)

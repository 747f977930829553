"""Time from a filter to a new map, and of drawing a borough from its postcodes, each against a floor.

The map: 50,000 published events filtered by kind and month, counted by area and drawn, against the same filter and
group-by in pandas with one plain Plotly figure of the same outlines. The drawing: all of it but reading the package,
against one `shapely.voronoi_polygons` of the same points. The rivals take turns in one run; prints ratios of medians
and the spread ((slowest - fastest) / median). Exits 1 where counts differ or a ratio is over its limit.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import shapely

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from chm.figures.palette import LIGHT  # noqa: E402
from chm.figures.place_map import Shade, place_map  # noqa: E402
from chm.geography import outlines  # noqa: E402
from chm.geography.areas import Borough  # noqa: E402
from chm.geography.rules import load  # noqa: E402
from chm.places.public_events import PublicEvents  # noqa: E402

SEED, EVENTS, KINDS, MONTHS, RUNS = 20261126, 50_000, 14, 36, 21
MAP_LIMIT, DRAWING_LIMIT = 3.0, 5.0


def seconds(run: Callable[[], object]) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def spread(times: list[float]) -> str:
    return f"{median(times) * 1000:.1f} ms (spread {(max(times) - min(times)) / median(times):.0%})"


def drawn_events(borough: Borough) -> PublicEvents:
    """Events evenly over the rectangle round a borough, so that some fall outside."""
    chance = np.random.default_rng(SEED)
    west, south, east, north = borough.outline.bounds
    longitude, latitude = chance.uniform(west, east, EVENTS), chance.uniform(south, north, EVENTS)
    return PublicEvents(
        kinds=tuple(f"Kind {n:02}" for n in range(KINDS)),
        kind=chance.integers(KINDS, size=EVENTS),
        forces=("Example Police",),
        force=np.zeros(EVENTS, dtype=np.intp),
        month=np.datetime64("2024-01", "M") + chance.integers(MONTHS, size=EVENTS),
        longitude=longitude,
        latitude=latitude,
        area=borough.sectors.holding(longitude, latitude),
    )


def main() -> int:
    rules = load()
    around = outlines.around(rules)
    points = shapely.multipoints(np.unique(around.points, axis=0))
    drawing, voronoi = [], []
    for _ in range(RUNS):
        drawing.append(seconds(lambda: outlines.built(around, rules)))
        voronoi.append(seconds(lambda: shapely.voronoi_polygons(points)))
    borough = outlines.built(around, rules)
    events, sectors = drawn_events(borough), borough.sectors
    kinds, first, last = {"Kind 01", "Kind 05", "Kind 09"}, "2025-01", "2026-06"
    table = pd.DataFrame(
        {
            "kind": pd.Categorical.from_codes(events.kind, categories=list(events.kinds)),
            "month": events.month.astype("datetime64[s]"),
            "area": pd.Categorical.from_codes(events.area, categories=list(sectors.codes)),
        }
    )

    outlined = json.loads(json.dumps(sectors.features))

    def own() -> np.ndarray:
        counts = events.by_area(sectors, events.chosen(kinds, first, last))
        place_map(borough, sectors, LIGHT, 512, shade=Shade("Crimes", counts.astype(float)))
        return counts

    def plain() -> pd.Series:
        rows = table[table["kind"].isin(kinds) & (table["month"] >= first) & (table["month"] <= last)]
        counts = rows.groupby("area", observed=False).size()
        go.Figure(
            go.Choroplethmap(geojson=outlined, locations=list(counts.index), z=counts.to_numpy()),
            {"map": {"style": {"version": 8, "sources": {}, "layers": []}}},
        )
        return counts

    same = own().tolist() == plain().tolist()
    mine, theirs = [], []
    for _ in range(RUNS):
        mine.append(seconds(own))
        theirs.append(seconds(plain))
    ratios = median(mine) / median(theirs), median(drawing) / median(voronoi)
    print(
        f"{EVENTS:,} events to a map {spread(mine)}: pandas and a plain figure {spread(theirs)}, {ratios[0]:.2f} times "
        f"(at most {MAP_LIMIT:g}); counts {'equal' if same else 'DIFFER'}\n"
        f"a borough of {len(sectors.codes)} sectors drawn from {len(around.postcodes):,} postcodes {spread(drawing)}: "
        f"one Voronoi of the points {spread(voronoi)}, {ratios[1]:.2f} times (under {DRAWING_LIMIT:g})"
    )
    return int(not same or ratios[0] > MAP_LIMIT or ratios[1] >= DRAWING_LIMIT)


if __name__ == "__main__":
    sys.exit(main())

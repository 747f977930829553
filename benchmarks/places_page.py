"""First view of the Places page in real Chromium, beside an almost empty Streamlit page with the same map, prebuilt.

Both servers fresh each time, taking turns; from the address to the map's canvas drawn and, of ours, the ranking there.
Median of five, at most 2 times. Run with `make bench`; needs Chromium (CHM_TEST_CHROMIUM).
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.score_page import ROOT, VIEWS, first_view, say  # noqa: E402
from chm.casework import places, public_counts, users  # noqa: E402
from chm.casework.database import open as open_database  # noqa: E402
from chm.casework.desk import Desk  # noqa: E402
from chm.figures.palette import LIGHT  # noqa: E402
from chm.figures.place_map import Marker, place_map  # noqa: E402

LIMIT = 2
EMPTY = """
import streamlit as st

if __name__ == "__main__":
    import plotly.io as pio

    st.plotly_chart(pio.read_json("map.json"), theme=None, on_select="rerun", selection_mode="points")
else:
    app = st.App(__file__)
"""


def prebuild(folder: Path, url: str) -> None:
    """Write the figure that the page draws as `map.json`."""
    os.environ["CHM_DATABASE_URL"] = url
    engine = open_database()
    user = next(u for u in users.all_users(engine) if u.id == "U-jo")
    borough, areas = public_counts.outlines()
    markers = [
        Marker(r.place.id, str(r.risk.rank), r.place.name, r.place.longitude, r.place.latitude, r.risk.band, (r.why,))
        for r in places.ranking(Desk(engine, user)).rows
        if r.place.longitude is not None and r.place.latitude is not None
    ]
    (folder / "map.json").write_text(place_map(borough, areas, LIGHT, 470, markers=markers).to_json(), encoding="utf-8")
    engine.dispose()


def main() -> int:
    """Print the ratio. Returns 0 where it holds."""
    chromium = os.environ.get("CHM_TEST_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        empty = Path(folder)
        (empty / "app.py").write_text(EMPTY, encoding="utf-8")
        shutil.copytree(ROOT / ".streamlit", empty / ".streamlit")
        env = {"CHM_DATABASE_URL": f"sqlite:///{empty / 'bench.sqlite3'}"}
        prepare = [sys.executable, "-m", "chm", "prepare"]
        subprocess.run(prepare, cwd=ROOT, env={**os.environ, **env}, check=True, stdout=subprocess.DEVNULL)
        prebuild(empty, env["CHM_DATABASE_URL"])
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-background-networking"]
        )
        views: tuple[list[float], list[float]] = ([], [])
        for _ in range(VIEWS):
            views[0].append(first_view(browser, ROOT, env, "/places", "body:has(.chm-places table) .maplibregl-canvas"))
            views[1].append(first_view(browser, empty, {}, "/", ".maplibregl-canvas"))
        browser.close()
    return 0 if say("First view of the Places page", *views, limit=LIMIT) else 1


if __name__ == "__main__":
    sys.exit(main())

"""The Network page in real Chromium with 300 nodes, beside an almost empty Streamlit page served in the same run.

The invented cohort, 30 of it tied to 270 more places and vehicles by Zipf's law as in `linkage.py`; the page draws the
strongest 300 nodes. Choosing a node to the picture updated, drawn with the node and its lines lit: median of 20, at
most 4 times the empty page's click; beside it, to the card of the node with its numbers, as Python answers.
Run with `make bench`; needs Chromium (CHM_TEST_CHROMIUM).
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.linkage import SIZES, drawn  # noqa: E402
from benchmarks.score_page import CLICKS, EMPTY, ROOT, WARM_UP, clicks, say, serving  # noqa: E402
from chm import store  # noqa: E402
from chm.connections import ONGOING, Confidence, Entity, Influence, Party, Place, Relationship, Source, Vehicle  # noqa: E402
from chm.linkage.rules import load  # noqa: E402
from chm.store import connections, entities  # noqa: E402

LIMIT = 4
WORKER = "U-jo"
CHOOSE = """(n) => new Promise((done) => {
  const below = (root) => [...root.querySelectorAll("*")].flatMap((e) => (e.shadowRoot ? all(e.shadowRoot) : []))
  const all = (root) => [root, ...below(root)]
  const holding = (selector) => all(document).find((root) => root.querySelector(selector))
  const home = holding(".chm-net .card h2")
  const nodes = holding(".ground .node").querySelectorAll(".ground .node")
  const node = nodes[(n * 37) % nodes.length]
  const card = () => home.querySelector(".chm-net .card h2")?.textContent
  const before = card()
  let lit = null, told = null
  const answer = () => { if (lit !== null && told !== null) done([lit, told]) }
  const start = performance.now()
  const drawn = () => requestAnimationFrame(() => setTimeout(() => {
    if (!node.classList.contains("picked")) return drawn()
    lit = performance.now() - start
    answer()
  }))
  const watch = new MutationObserver(() => {
    if (!card() || card() === before) return
    watch.disconnect()
    told = performance.now() - start
    answer()
  })
  watch.observe(home, { subtree: true, childList: true, characterData: true })
  node.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, composed: true }))
  drawn()
})"""


def add(url: str) -> None:
    """Write what young people of the cohort share, all of it still going on."""
    young, many, links = SIZES["meeting"]
    at = datetime.now(UTC)
    day, said = at.date() - timedelta(days=30), Source("Police", Confidence.LIKELY)
    new: list[Entity] = []
    for n in range(many):
        new.append(
            Vehicle(id=f"VEH-{n:012x}", name=f"Example car {n}") if n % 5 == 4
            else Place(id=f"PLA-{n:012x}", name=f"Madeup place {n}")
        )  # fmt: skip
    parties = [Party("vehicle" if isinstance(e, Vehicle) else "place", e.id) for e in new]
    rows, columns = drawn(young, many, links).nonzero()
    ties = [
        Relationship(
            id=f"REL-{n:012x}",
            one=Party("young_person", f"YP-{row + 1:04}"),
            other=parties[column],
            kind="uses" if parties[column].kind == "vehicle" else "goes_to",
            source=said,
            start=day,
            end=ONGOING,
            influence=Influence.HARMFUL if n % 2 else Influence.UNCLEAR,
            recorded_by=WORKER,
            recorded_at=at,
        )
        for n, (row, column) in enumerate(zip(rows.tolist(), columns.tolist(), strict=True))
    ]
    with store.transaction(store.open_engine(url)) as session:
        entities.add(session, new, WORKER, at)
        connections.add_relationships(session, ties)


def opened(page: Page, address: str) -> None:
    """Open everybody's network as the safeguarding lead, who may open every record."""
    page.goto(f"{address}/network")
    page.locator(".chm-who summary").click()
    names = page.get_by_role("combobox", name="Be somebody else")
    label = next(t for t in names.locator("option").all_inner_texts() if t.startswith("Chris Sample"))
    names.select_option(label=label)
    page.get_by_role("link", name="Network", exact=True).click()
    page.locator(".st-key-network-everybody").get_by_role("button").click()
    page.wait_for_selector(".ground .node")
    page.wait_for_timeout(3000)
    nodes = page.locator(".ground .node").count()
    if nodes != load().picture.most_nodes:
        raise SystemExit(f"The page draws {nodes} nodes")


def choices(page: Page) -> list[tuple[float, float]]:
    """Milliseconds to the lit picture and to the card, for each node chosen."""
    times = []
    for n in range(1, WARM_UP + CLICKS + 1):
        times.append(tuple(page.evaluate(CHOOSE, n)))
        page.wait_for_timeout(400)
    return times[WARM_UP:]


def main() -> int:
    """Print the ratios. Returns 0 where they hold."""
    chromium = os.environ.get("CHM_TEST_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        empty = Path(folder)
        (empty / "app.py").write_text(EMPTY, encoding="utf-8")
        shutil.copytree(ROOT / ".streamlit", empty / ".streamlit")
        env = {"CHM_DATABASE_URL": f"sqlite:///{empty / 'bench.sqlite3'}"}
        subprocess.run([sys.executable, "-m", "chm", "prepare"], cwd=ROOT, env={**os.environ, **env}, check=True)
        add(env["CHM_DATABASE_URL"])
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-background-networking"]
        )
        with serving(ROOT, env) as ours, serving(empty, {}) as floor:
            pages = [browser.new_page(viewport={"width": 1920, "height": 1080}) for _ in range(2)]
            opened(pages[0], ours)
            pages[1].goto(floor)
            pages[1].wait_for_selector(".number")
            pages[1].wait_for_timeout(1500)
            runs = [(choices(pages[0]), clicks(pages[1])) for _ in range(3)]
        browser.close()
    held = []
    for n, run in enumerate(runs, 1):
        mine, theirs = (list(zip(*times, strict=True)) for times in run)
        held.append(say(f"Choice to the picture, run {n}", mine[0], theirs[0], limit=LIMIT))
        say(f"Choice to the card and numbers, run {n}", mine[1], theirs[0])
    return 0 if all(held) else 1


if __name__ == "__main__":
    sys.exit(main())

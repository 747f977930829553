"""The Score page in real Chromium, beside an almost empty Streamlit page served in the same way in the same run.

One click on a level to changed totals: median of 20, at most 1.5 times the empty page's click; beside it, to the whole
panel as Python answers. First view of the Score page on a fresh server: at most 2 times the empty page's. Run with
`make bench`; needs Chromium (CHM_TEST_CHROMIUM).
"""

from __future__ import annotations

import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
CLICKS, WARM_UP, VIEWS = 20, 6, 5
EMPTY = """
import streamlit as st

if __name__ == "__main__":
    levels = ["None 0", "Emerging 3", "Moderate 6", "Significant 12"]
    level = st.segmented_control("Level", levels, key="level")
    st.html(f'<b class="number">{levels.index(level) if level else "-"}</b>')
else:
    app = st.App(__file__)
"""
CLICK = """(n) => new Promise((done) => {
  const numbers = () => [...document.querySelectorAll(".number")].map((e) => e.textContent).join()
  const all = (root) => [...root.querySelectorAll("*")]
  const deep = (root) => all(root).flatMap((e) => (e.shadowRoot ? [e.shadowRoot, ...deep(e.shadowRoot)] : []))
  const groups = [document, ...deep(document)].flatMap((r) => [...r.querySelectorAll("[role=radiogroup]")])
    .filter((g) => /(None|Emerging) \\d/.test(g.textContent))
  const buttons = [...groups[n % groups.length].querySelectorAll("button")]
  const chosen = buttons.findIndex((b) => b.getAttribute("aria-checked") === "true")
  const before = numbers(), start = performance.now()
  const drawn = document.querySelector(".chm-panel")
  let totals = null
  const watch = new MutationObserver(() => {
    const now = numbers()
    if (totals === null && now && now !== before) totals = performance.now() - start
    if (totals === null || (drawn && drawn.isConnected)) return
    watch.disconnect()
    done([totals, performance.now() - start])
  })
  watch.observe(document.body, { subtree: true, childList: true, characterData: true })
  buttons[(chosen + 1) % 4].click()
})"""


@contextmanager
def serving(folder: Path, env: dict[str, str]) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    server = subprocess.Popen(
        command, cwd=folder, env={**os.environ, **env}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        for _ in range(300):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=1)
                break
            except OSError:
                time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait()


def first_view(browser: Browser, folder: Path, env: dict[str, str], path: str, shown: str) -> float:
    with serving(folder, env) as url:
        page = browser.new_page(viewport={"width": 1366, "height": 768})
        start = time.perf_counter()
        page.goto(url + path)
        page.wait_for_selector(shown)
        took = 1000 * (time.perf_counter() - start)
        page.close()
    return took


def clicks(page: Page) -> list[tuple[float, float]]:
    """Milliseconds to the totals and to all that is drawn, for each click."""
    times = []
    for n in range(WARM_UP + CLICKS):
        times.append(tuple(page.evaluate(CLICK, n)))
        page.wait_for_timeout(250)
    return times[WARM_UP:]


def say(what: str, ours: Sequence[float], floor: Sequence[float], limit: float | None = None) -> bool:
    ratio = statistics.median(ours) / statistics.median(floor)
    for name, times in (("ours", ours), ("empty page", floor)):
        print(f"{what}, {name}: median {statistics.median(times):.0f} ms, {min(times):.0f} to {max(times):.0f}")
    print(f"{what}: {ratio:.2f} times the empty page{f' (at most {limit})' if limit else ''}")
    return limit is None or ratio <= limit


def main() -> int:
    """Print both ratios. Returns 0 where both hold."""
    chromium = os.environ.get("CHM_TEST_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        empty = Path(folder)
        (empty / "app.py").write_text(EMPTY, encoding="utf-8")
        shutil.copytree(ROOT / ".streamlit", empty / ".streamlit")
        env = {"CHM_DATABASE_URL": f"sqlite:///{empty / 'bench.sqlite3'}"}
        subprocess.run(
            [sys.executable, "-m", "chm", "prepare"],
            cwd=ROOT,
            env={**os.environ, **env},
            check=True,
            stdout=subprocess.DEVNULL,
        )
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-background-networking"]
        )
        views: tuple[list[float], list[float]] = ([], [])
        for _ in range(VIEWS):
            views[0].append(first_view(browser, ROOT, env, "/score", "text=Somebody new"))
            views[1].append(first_view(browser, empty, {}, "/", ".number"))
        with serving(ROOT, env) as ours, serving(empty, {}) as floor:
            pages = [browser.new_page(viewport={"width": 1366, "height": 768}) for _ in range(2)]
            pages[0].goto(f"{ours}/score")
            pages[0].get_by_role("button", name="Go on", exact=True).first.click()
            pages[0].wait_for_selector(".matrix")
            pages[1].goto(floor)
            pages[1].wait_for_selector(".number")
            for page in pages:
                page.wait_for_timeout(1500)
            runs = [(clicks(pages[0]), clicks(pages[1])) for _ in range(3)]
        browser.close()
    held = []
    for n, run in enumerate(runs, 1):
        mine, theirs = (list(zip(*times, strict=True)) for times in run)
        held.append(say(f"Click to totals, run {n}", mine[0], theirs[0], limit=1.5))
        say(f"Click to the whole panel, run {n}", mine[1], theirs[1])
    held.append(say("First view", *views, limit=2))
    return 0 if all(held) else 1


if __name__ == "__main__":
    sys.exit(main())

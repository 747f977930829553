"""What encryption costs: a save, a read and an opening of the embedded database under a key, against the plain one.

    python benchmarks/at_rest.py

The two take turns in one run; prints medians in milliseconds and the ratio. A save is the autosave of a whole draft, a
read the opening of a young person's record with its audit entry, both as the product does them.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from chm import settings, store  # noqa: E402
from chm.casework import demo, drafts, frameworks, people, users  # noqa: E402
from chm.casework.desk import Desk  # noqa: E402
from chm.records import Role  # noqa: E402

RUNS = 60
KEYS = {"plain": "", "raw key": "0f" * 32, "passphrase": "a passphrase of thirty-two characters"}


def opened(folder: Path, key: str) -> store.Engine:
    """The database of `folder` under `key`, or plain where it is empty."""
    settings._held.clear()
    if key:
        os.environ["CHM_DATABASE_KEY"] = key
    return store.open_engine(f"sqlite:///{folder / 'chm.sqlite3'}")


def timed(work: Callable[[], object]) -> float:
    """Milliseconds that `work` takes."""
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def main() -> None:
    """Fills one database for each kind, then lets them take turns."""
    folder = Path(tempfile.mkdtemp(prefix="chm-bench-"))
    work: dict[str, dict[str, Callable[[], object]]] = {"save": {}, "read": {}, "open": {}}
    for name, key in KEYS.items():
        place = folder / name.replace(" ", "-")
        place.mkdir()
        engine = opened(place, key)
        store.upgrade(engine)
        demo.load(engine)
        who = next(u for u in users.all_users(engine) if Role.PRACTITIONER in u.roles)
        desk, framework = Desk(engine, who), frameworks.current()
        child = people.mine(desk)[0].young_person.id
        draft = [drafts.open(desk, child, framework.id, framework.version)]
        levels = {d.id: "emerging" for d in framework.domains}

        def save(desk: Desk = desk, draft: list = draft, levels: dict = levels) -> None:  # type: ignore[type-arg]
            answers = draft[0].answers.model_copy(update={"levels": levels})
            draft[0] = drafts.save(desk, draft[0].model_copy(update={"answers": answers}))

        def read(desk: Desk = desk, child: str = child) -> None:
            people.record_of(desk, child)

        def reopen(place: Path = place, key: str = key) -> None:
            opened(place, key).dispose()

        work["save"][name], work["read"][name], work["open"][name] = save, read, reopen
    for what, kinds in work.items():
        took: dict[str, list[float]] = {name: [] for name in kinds}
        for _ in range(RUNS):
            for name, do in kinds.items():
                took[name].append(timed(do))
        floor = median(took["plain"])
        said = [f"{name} {median(t):.2f} ms ({median(t) / floor:.2f} x)" for name, t in took.items()]
        print(f"{what}: {', '.join(said)}")
    sizes = {name: (folder / name.replace(" ", "-") / "chm.sqlite3").stat().st_size / 2**20 for name in KEYS}
    print("on disk: " + ", ".join(f"{name} {size:.2f} MB" for name, size in sizes.items()))


if __name__ == "__main__":
    main()

"""Known weaknesses of the packages in requirements-dev.lock, by pip-audit, but for those that are waived.

    python tools/audit_packages.py     exit code 1 where a weakness stands unwaived, a waiver is over or not right,
                                       or pip-audit itself fails

What is waived, until when and why, stands in `.pip-audit-waivers.toml`. Packages that cannot be looked up, or a source
that cannot be reached, are said and fail nothing: an audit without a network shows nothing either way.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Collection
from datetime import date
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
LOCK, WAIVERS = "requirements-dev.lock", ".pip-audit-waivers.toml"
ASK = ["--requirement", LOCK, "--require-hashes", "--disable-pip", "--format", "json", "--progress-spinner", "off"]
# pip-audit's own words where a connection times out; else it ends with what its HTTP library raised.
UNREACHABLE = re.compile(
    r"^(ERROR:pip_audit\._cli:Could not connect to "
    r"|requests\.exceptions\.(ConnectionError|ConnectTimeout|ReadTimeout|ProxyError|SSLError|ChunkedEncodingError): )",
    re.MULTILINE,
)


def waived(text: str, today: date) -> tuple[set[str], list[str]]:
    """Ids that are waived on `today`, and every fault of the file, a waiver that is over among them."""
    try:
        listed = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return set(), [f"{WAIVERS}: not TOML ({error})"]
    faults = [f"{WAIVERS}: {key} is not known; write [[waiver]]" for key in listed if key != "waiver"]
    ids: set[str] = set()
    for number, waiver in enumerate(listed.get("waiver", []), 1):
        found = _fault(waiver, today)
        if found:
            faults.append(f"{WAIVERS}: waiver {number}: {found}")
        else:
            ids.add(waiver["id"])
    return ids, faults


def _fault(waiver: dict[str, Any], today: date) -> str | None:
    if set(waiver) != {"id", "until", "why"}:
        return "must have id, until and why, and no more"
    if not all(isinstance(waiver[key], str) and waiver[key].strip() for key in ("id", "why")):
        return "id and why must be text"
    if type(waiver["until"]) is not date:
        return "until must be a day, as 2027-01-31"
    if waiver["until"] < today:
        return f"{waiver['id']} was waived until {waiver['until']}; raise the package, or look at the reason anew"
    return None


def judged(answer: str, said: str, ids: Collection[str]) -> tuple[list[str], list[str]]:
    """What pip-audit's JSON tells, else what it `said` of why there is none: what fails, and what is not known."""
    try:
        packages = json.loads(answer)["dependencies"]
    except (json.JSONDecodeError, KeyError, TypeError):
        if UNREACHABLE.search(said):
            return [], ["The source of known weaknesses cannot be reached: nothing was audited"]
        return [f"pip-audit gave no answer: nothing was audited. It said:\n{said.strip()}"], []
    weak = [
        f"{package['name']} {package['version']}: {found['id']}"
        + (f", mended in {', '.join(found['fix_versions'])}" if found["fix_versions"] else ", not mended yet")
        for package in packages
        for found in package.get("vulns", [])
        if not {found["id"], *found["aliases"]} & set(ids)
    ]
    skipped = sum("skip_reason" in package for package in packages)
    unsure = f"{skipped} of {len(packages)} packages cannot be looked up where this machine asks: not audited"
    return weak, [unsure] if skipped else []


def main() -> int:
    file = ROOT / WAIVERS
    ids, faults = waived(file.read_text(encoding="utf-8") if file.is_file() else "", date.today())
    done = subprocess.run(
        [sys.executable, "-m", "pip_audit", *ASK], cwd=ROOT, capture_output=True, text=True, stdin=subprocess.DEVNULL
    )
    weak, unsure = judged(done.stdout, done.stderr, ids)
    print(*faults, *weak, *unsure, sep="\n", end="\n" * bool(faults or weak or unsure), file=sys.stderr)
    if not (faults or weak or unsure):
        print("No known weakness stands unwaived")
    return int(bool(faults or weak))


if __name__ == "__main__":
    sys.exit(main())

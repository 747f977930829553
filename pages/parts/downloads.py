"""Files that leave: in the demo as Streamlit gives them; with sign-in by a route of our own, once, to who asked."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from time import monotonic
from urllib.parse import quote

import streamlit as st
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from chm.casework import sign_in
from chm.casework.desk import Desk
from chm.casework.documents import Made
from chm.errors import ChmError, StorageUnavailable
from pages.parts import gate
from pages.parts.doors import claims

PATH, LASTS, MOST = "/download", 120.0, 500
KINDS = {
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".pdf": "application/pdf",
    ".csv": "text/csv; charset=utf-8",
    ".ics": "text/calendar; charset=utf-8",
    ".zip": "application/zip",
}
GONE = "This link was used already, or is too old. Make the file again."
REFUSED = "This file is not open to you. Sign in again and make it anew."
_component = st.components.v2.component(
    "chm_download",
    html='<a class="chm-save" download></a>',
    js="""export default function ({ parentElement, data }) {
  const link = parentElement.querySelector(".chm-save")
  link.tabIndex = 0 // It keeps the focus once it leads nowhere: Escape still closes the dialog.
  const over = (said) => { link.textContent = said; link.removeAttribute("href") }
  clearTimeout(link.late)
  link.textContent = data.label
  link.href = data.href
  link.late = setTimeout(() => over("Too old: make it again"), data.seconds * 1000)
  link.onclick = () => { clearTimeout(link.late); setTimeout(() => over("Saved"), 50) }
}""",
    isolate_styles=False,
)


@dataclass(frozen=True)
class Pending:
    """A file that one sign-in may fetch once: how it is made, and until when (seconds of the process's clock)."""

    session: str
    make: Callable[[Desk], Made]
    until: float


_pending: dict[str, Pending] = {}
_lock = Lock()


def save(desk: Desk, label: str, made: Made, make: Callable[[Desk], Made], *, key: str) -> None:
    """Offer `made` to be saved. With sign-in it is made anew when it is fetched: permission and audit come first."""
    kind = KINDS.get(Path(made.name).suffix, "application/octet-stream")
    if not desk.session:
        icon = ":material/download:"
        st.download_button(label, made.data, made.name, mime=kind, icon=icon, on_click="ignore", key=key)
        return
    kept = st.session_state.get(f"{key}-token")
    if kept is None or kept[0] is not made or not _waits(kept[1]):
        kept = st.session_state[f"{key}-token"] = (made, _offer(desk, make))
    _component(key=key, data={"label": label, "href": f"{PATH}/{kept[1]}", "seconds": LASTS})


def _offer(desk: Desk, make: Callable[[Desk], Made]) -> str:
    token = secrets.token_urlsafe(32)
    with _lock:
        for old in [t for t, p in _pending.items() if p.until < monotonic()]:
            del _pending[old]
        if len(_pending) >= MOST:
            del _pending[next(iter(_pending))]
        _pending[token] = Pending(desk.session, make, monotonic() + LASTS)
    return token


def _waits(token: str) -> bool:
    pending = _pending.get(token)
    return pending is not None and pending.until >= monotonic()


async def _fetch(request: Request) -> Response:
    """The file of a token, once, to the sign-in that it was offered to; nothing is sent before its audit row stands."""
    if request.method != "GET":  # Starlette lets HEAD in beside GET, which would use the token up.
        return Response(status_code=405, headers={"Allow": "GET"})
    with _lock:
        pending = _pending.pop(request.path_params["token"], None)
    if pending is None or pending.until < monotonic():
        return PlainTextResponse(GONE, 410)
    return await run_in_threadpool(_made, pending, claims(request))


def _made(pending: Pending, said: dict[str, object]) -> Response:
    if not said or sign_in.session_id(said) != pending.session:
        return PlainTextResponse(REFUSED, 403)
    try:
        made = pending.make(sign_in.admit(gate.engine(), said))
    except StorageUnavailable as error:
        return PlainTextResponse(f"{error}. Make the file again.", 503)
    except ChmError:
        return PlainTextResponse(REFUSED, 403)
    kind = KINDS.get(Path(made.name).suffix, "application/octet-stream")
    return Response(
        made.data,
        headers={"Content-Disposition": f"attachment; filename*=UTF-8''{quote(made.name)}", "Content-Type": kind},
    )


route = Route(f"{PATH}/{{token}}", _fetch, methods=["GET"])

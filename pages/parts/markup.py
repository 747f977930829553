"""Our own markup, from templates that escape every value; the only place that writes HTML."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import streamlit as st
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

FOLDER = Path(__file__).parent


def day(value: date | datetime | None) -> str:
    """A date as people write it, such as 4 Jan 2027."""
    return f"{value.day} {value:%b %Y}" if value else "not known"


_templates = Environment(
    loader=FileSystemLoader(FOLDER / "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
)
_templates.filters["day"] = day


def render(template: str, /, **values: Any) -> str:
    """The markup of `templates/<template>.html`, every value in it escaped."""
    return _templates.get_template(f"{template}.html").render(**values)


def pieces(template: str, /, values: list[dict[str, str]]) -> Markup:
    """The markup of `templates/<template>.html` for each of `values`, one after the other; equal ones are made once."""
    made = {piece: Markup(render(template, **dict(piece))) for piece in {tuple(v.items()) for v in values}}
    return Markup("").join(made[tuple(v.items())] for v in values)


def show(template: str, /, **values: Any) -> None:
    """Write a template where the page stands."""
    st.html(render(template, **values))


def look() -> None:
    """Write the product's style sheet."""
    st.html(FOLDER / "look.css")

"""Rules of the house that hold over the whole tree, read from the source itself."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SOURCES = sorted([ROOT / "app.py", *(ROOT / "chm").rglob("*.py"), *(ROOT / "pages").rglob("*.py")])


def within(*places: str) -> list[Path]:
    """Source files that are one of `places` or lie below one, named from the root."""
    return [p for p in SOURCES if any((ROOT / place) in (p, *p.parents) for place in places)]


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def imported(path: Path) -> Iterator[str]:
    """Every name imported anywhere in a file, in full: `from a.b import c` is a.b.c."""
    package = path.relative_to(ROOT).with_suffix("").parts
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(package[: len(package) - node.level]) if node.level else ""
            module = ".".join(part for part in (base, node.module) if part)
            yield from (f"{module}.{name.name}" for name in node.names)
        elif isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called in ("import_module", "__import__"):
                yield str(node.args[0].value)


def importers(package: str) -> set[str]:
    """Source files that import `package` or anything in it."""
    return {
        p.relative_to(ROOT).as_posix()
        for p in SOURCES
        if any(name == package or name.startswith(f"{package}.") for name in imported(p))
    }


def names(paths: list[Path]) -> set[str]:
    return {p.relative_to(ROOT).as_posix() for p in paths}


@pytest.mark.parametrize(
    ("package", "places"),
    [
        ("streamlit", ("app.py", "pages")),
        ("sqlalchemy", ("chm/store",)),
        ("alembic", ("chm/store",)),
        ("networkx", ("chm/linkage",)),
    ],
)
def test_a_package_is_imported_only_where_it_belongs(package: str, places: tuple[str, ...]) -> None:
    assert importers(package) <= names(within(*places))


def test_streamlit_is_found_where_it_is() -> None:
    """The rule above would hold of nothing at all, were the reader of imports broken."""
    assert "app.py" in importers("streamlit")
    assert any(name.startswith("pages/") for name in importers("streamlit"))
    assert "chm/store/tables.py" in importers("sqlalchemy")


def test_pages_reach_the_store_only_through_casework() -> None:
    assert importers("chm.store") <= names(within("chm/store", "chm/casework"))


def test_no_page_file_stands_directly_in_pages() -> None:
    """Streamlit opens such a file by itself, before the gate (architecture, traps)."""
    direct = [p.name for p in (ROOT / "pages").iterdir() if p.suffix == ".py" and p.name != "__init__.py"]
    assert not direct


def test_no_markup_of_our_own_goes_round_the_escaping() -> None:
    found = []
    for path in SOURCES:
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.keyword) and node.arg in ("unsafe_allow_html", "unsafe_allow_javascript"):
                found.append(f"{path.name}:{node.value.lineno}")
            if isinstance(node, ast.Constant) and node.value == "unsafe_allow_html":
                found.append(f"{path.name}:{node.lineno}")
    assert not found


def test_html_is_written_in_one_place() -> None:
    found = {
        path.relative_to(ROOT).as_posix()
        for path in SOURCES
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and node.attr == "html" and isinstance(node.value, ast.Name)
        if node.value.id in ("st", "streamlit")
    }
    assert found <= {"pages/parts/markup.py"}
    assert not importers("streamlit.html")
    assert not importers("streamlit.components.v1")


def test_tests_stand_where_what_they_test_does() -> None:
    """tests/unit mirrors chm: a file there, or its folder, is named after a module or package of chm."""
    modules = {p.stem for p in (ROOT / "chm").glob("*.py")} | {"main"}
    packages = {p.name for p in (ROOT / "chm").iterdir() if p.is_dir()}
    unit = ROOT / "tests/unit"
    strays = [p.name for p in unit.glob("test_*.py") if p.stem.removeprefix("test_") not in modules | packages]
    strays += [p.name for p in unit.iterdir() if p.is_dir() and p.name != "__pycache__" and p.name not in packages]
    assert not strays
    rooms = {p.name for p in (ROOT / "tests").iterdir() if p.is_dir() and p.name != "__pycache__"}
    # Such a folder could be imported in place of what it is named after.
    assert not rooms & {"app", "chm", "pages"}


def test_whatever_is_drawn_again_by_itself_asks_first_whether_its_user_is_signed_in() -> None:
    """A fragment or dialog reruns past `app.py`; `why.totals` has nothing that could make it."""
    asks = {"faults.plainly", "gate.open_page", "sign_in.still_in"}
    bare, counted, found = set(), set(), 0
    for file in (ROOT / "pages").rglob("*.py"):
        for node in (n for n in ast.walk(ast.parse(file.read_text())) if isinstance(n, ast.FunctionDef)):
            around = {ast.unparse(d).partition("(")[0] for d in node.decorator_list}
            if around & {"st.dialog", "st.fragment"}:
                found += 1
                called = {ast.unparse(n.func) for n in ast.walk(node) if isinstance(n, ast.Call)}
                desk = "Desk" in [ast.unparse(a.annotation) for a in node.args.args[:1] if a.annotation]
                if not (asks & called or ({"faults.plainly", "faults.by_itself"} & around and desk)):
                    bare.add(f"{file.stem}.{node.name}")
                # What nobody asked for is nothing that somebody did.
                again = any("run_every" in ast.unparse(d) for d in node.decorator_list)
                if again and "faults.plainly" in around:
                    counted.add(f"{file.stem}.{node.name}")
    assert found == 64
    assert (bare, counted) == ({"why.totals"}, set())

"""One file of `data/` that a practice lead may change, read and checked; every fault of it at once."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from chm.errors import Faults
from chm.fault_log import of_file

T = TypeVar("T", bound=BaseModel)
DEEPEST = 100
FIXES = {"missing": "add it", "extra_forbidden": "remove it or correct its name"}


class Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """YAML where a key stands once: plain YAML keeps the last of two without a word.

    Raises:
        MarkedYAMLError: a key is there twice, or the text is nested deeper than `DEEPEST`.
    """

    def __init__(self, text: str) -> None:
        depth = 0
        event: Any
        # Beforehand: the loader in C takes the whole process down where a text is nested too deep.
        for event in yaml.parse(text, Loader=Loader.__base__):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > DEEPEST:
                raise yaml.MarkedYAMLError(problem=f"nested deeper than {DEEPEST}", problem_mark=event.start_mark)
        super().__init__(text)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        content: dict[Any, Any] = super().construct_mapping(node, deep)
        seen = set()
        for key, _ in node.value:
            name = self.construct_object(key)
            if name in seen:
                raise yaml.MarkedYAMLError(problem=f"{name} is there twice", problem_mark=key.start_mark)
            seen.add(name)
        return content


def read(path: Path, model: type[T]) -> T:
    """The content of the YAML file at `path` as `model`.

    Raises:
        Faults: every fault found, each as `file: path: what is wrong; fix`.
    """
    try:
        return model.model_validate(yaml.load(path.read_text(encoding="utf-8"), Loader=Loader))
    except OSError as error:
        said = f"{path.name}: the file cannot be read ({error.strerror}); restore it from the release"
        faults = [of_file(said, error)]
    except UnicodeDecodeError:
        faults = [f"{path.name}: not UTF-8 text; save it as UTF-8"]
    except ValidationError as error:
        faults = [
            f"{path.name}: {'.'.join(map(str, f['loc'])) or 'the file'}: {_said(f['msg'])}; "
            f"{FIXES.get(f['type'], 'correct it')}"
            for f in _told(error)
        ]
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f"line {mark.line + 1}" if mark else "the file"
        problem = getattr(error, "problem", None) or error
        faults = [f"{path.name}: {where}: not valid YAML ({problem}); check quotes and indents"]
    raise Faults(faults)


def _told(error: ValidationError) -> list[Any]:
    """The faults, without the one that a list is too short because an item of it is at fault."""
    found = error.errors()
    return [
        f
        for f in found
        if f["type"] != "too_short" or not any(o["loc"][: len(f["loc"])] == f["loc"] for o in found if o is not f)
    ]


def _said(message: str) -> str:
    own = message.removeprefix("Value error, ")
    return own if own != message else message.lower()

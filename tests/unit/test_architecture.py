"""docs/architecture.md tells of the rooms and ways that there are."""

import re
from pathlib import Path

import grimp
import pytest

from scripts.architecture import LIBRARY, PAGE, graph, insert, layers
from trailbell import functions, infra

TEXT = PAGE.read_text(encoding="utf-8")
FOLDERS = {
    "src/trailbell": LIBRARY,
    "lambdas": Path(str(functions.__file__)).parent,
    "infra": Path(str(infra.__file__)).parent,
}
MOST_MODULES = 13
"""Of a folder, its `__init__` left out. A registry's folder may have more: it holds a file for each thing of one kind."""
REGISTRIES = {"trailbell/aws/services", "trailbell/read/principal"}


@pytest.fixture(scope="module")
def imports() -> grimp.ImportGraph:
    return graph()


def test_the_table_of_rooms_is_what_the_imports_say(imports: grimp.ImportGraph) -> None:
    assert insert(TEXT, imports) == TEXT, "run python -m scripts.architecture"


def test_every_room_is_in_a_layer() -> None:
    rooms = {path.stem for path in LIBRARY.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}
    assert rooms - {"__init__"} == {room for layer in layers() for room in layer}


def test_every_module_that_it_names_is_there(imports: grimp.ImportGraph) -> None:
    named = set(re.findall(r"`(trailbell\.[a-z_.]+)`", TEXT))
    assert named - imports.modules == set()


def reached(imports: grimp.ImportGraph, start: str) -> set[str]:
    """Return a module, all that it imports, and what lies in folders whose `__init__` it imports."""
    found = {start} | imports.find_descendants(start)
    return found | {each for module in found for each in imports.find_upstream_modules(module)}


@pytest.mark.parametrize("way", ["The way of an event", "The way of a config", "The way of a trail file"])
def test_what_a_step_names_is_imported_by_the_step_or_by_one_that_takes_both(
    way: str, imports: grimp.ImportGraph
) -> None:
    (steps,) = re.findall(rf"## {way}\n\n(.*?)\n\n##", TEXT, re.DOTALL)
    everything = {module: reached(imports, module) for module in set(re.findall(r"`(trailbell\.[a-z_.]+)`", steps))}
    for step in re.split(r"\n(?=\d\.)", steps):
        first, *others = re.findall(r"`(trailbell\.[a-z_.]+)`", step)
        for other in others:
            assert (
                other in everything[first]
                or first in everything[other]
                or any({first, other} <= found for found in everything.values())
            ), f"nothing leads from {first} to {other}"


def test_no_folder_is_a_heap() -> None:
    for name, root in FOLDERS.items():
        for folder in [root, *(path for path in root.rglob("*") if path.is_dir() and "__pycache__" not in path.parts)]:
            modules = [path.name for path in folder.glob("*.py") if path.name != "__init__.py"]
            if not any(str(folder).endswith(registry) for registry in REGISTRIES):
                assert len(modules) <= MOST_MODULES, f"{name}: {folder.name} has {len(modules)} modules"

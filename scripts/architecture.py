"""Write the table of rooms in docs/architecture.md: what each is for, and which others it uses, from the code itself.

python -m scripts.architecture            writes the page
"""

import ast
import os
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import grimp

ROOT = Path(__file__).resolve().parent.parent
LIBRARY = ROOT / "src" / "trailbell"
PAGE = ROOT / "docs" / "architecture.md"
BEGIN, END = "<!-- rooms -->\n", "<!-- end -->"


def layers() -> Sequence[Sequence[str]]:
    """Return the rooms as import-linter holds them: the highest layer first."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    (contract,) = [each for each in settings["tool"]["importlinter"]["contracts"] if each["type"] == "layers"]
    return [[room.strip() for room in layer.split("|")] for layer in contract["layers"]]


def graph() -> grimp.ImportGraph:
    """Return who imports whom in the checkout."""
    os.chdir(ROOT)
    return grimp.build_graph("trailbell", cache_dir=None)


def uses(imports: grimp.ImportGraph) -> Mapping[str, set[str]]:
    """Return the rooms that each room imports."""
    found: dict[str, set[str]] = {}
    for importer in imports.modules:
        for imported in imports.find_modules_directly_imported_by(importer):
            of, what = (_room(importer), _room(imported))
            if of and what and of != what:
                found.setdefault(of, set()).add(what)
    return found


def purpose(room: str) -> str:
    """Return the first line of a room's docstring."""
    file = LIBRARY / f"{room}.py"
    file = file if file.exists() else LIBRARY / room / "__init__.py"
    docstring = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or ""
    return docstring.splitlines()[0]


def table(imports: grimp.ImportGraph) -> str:
    """Return the rooms, a row each, the highest layer first."""
    return "".join(_rows(uses(imports)))


def insert(page: str, imports: grimp.ImportGraph) -> str:
    """Return the page with its table written anew."""
    before, rest = page.split(BEGIN)
    _, after = rest.split(END)
    return f"{before}{BEGIN}{table(imports)}{END}{after}"


def _rows(found: Mapping[str, set[str]]) -> Iterator[str]:
    yield "| Room | What it is for | What it uses |\n| --- | --- | --- |\n"
    for layer in layers():
        for room in sorted(layer):
            used = ", ".join(f"`{each}`" for each in sorted(found.get(room, ())))
            yield f"| `{room}` | {purpose(room)} | {used} |\n"


def _room(module: str) -> str:
    return module.split(".")[1] if "." in module else ""


if __name__ == "__main__":
    PAGE.write_text(insert(PAGE.read_text(encoding="utf-8"), graph()), encoding="utf-8")

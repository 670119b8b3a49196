"""The rules that ship with Trailbell: a folder of YAML files for each pack."""

from pathlib import Path

FOLDER = Path(__file__).resolve().parent


def pack_names() -> tuple[str, ...]:
    """Return the packs' names."""
    return tuple(sorted({file.parent.name for file in FOLDER.glob("*/*.yaml")}))

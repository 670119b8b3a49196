"""Where the packages lie; everything else about the project stands in pyproject.toml."""

from setuptools import find_packages, setup

FOLDERS = {
    "trailbell": "src/trailbell",
    "trailbell.functions": "lambdas",
    "trailbell.infra": "infra",
    "trailbell.examples": "tests/events",
}
"""Import name -> folder."""
LINKED = [name for package in FOLDERS for name in (package.partition(".")[2], f"{package.partition('.')[2]}.*")]
"""Links in src/trailbell that `make setup` makes for mypy and import-linter, which do not ask setuptools."""


def packages_in(package: str, folder: str) -> list[str]:
    """Return a package and all below it."""
    return [package, *(f"{package}.{below}" for below in find_packages(folder, exclude=LINKED))]


setup(
    package_dir=FOLDERS,
    packages=[name for package, folder in FOLDERS.items() for name in packages_in(package, folder)],
)

"""Packages the functions: our source, and what lambdas/requirements.txt pins, for Lambda's platform, without Docker.

Each package lies in a folder of the build folder, named after a hash of what went in, so a second synth finds it ready
and needs no network. `python -m trailbell.infra.base.bundling FOLDER` fetches the requirements ahead (`make setup`
does). Where synth runs on Lambda's own version of Python, bytecode goes along: a cold start that compiles its sources
first takes three times as long.
"""

import compileall
import hashlib
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from importlib.resources import files
from pathlib import Path
from py_compile import PycInvalidationMode

from aws_cdk import aws_lambda

RUNTIME_PYTHON_VERSION = "3.14"
"""The newest Python that Lambda offers (`aws_lambda.Runtime.PYTHON_3_14`)."""
PLATFORM = "manylinux2014_aarch64"
"""arm64 on Amazon Linux 2023."""
FOLDER = "/var/task"
"""Where a function's package lies in Lambda: what tracebacks say."""
LIBRARY = Path(str(files("trailbell")))
FUNCTIONS = Path(str(files("trailbell.functions")))
LEFT_OUT = ("authoring", "cli", "examples", "functions", "infra", "packs")
"""Of the library: what no function needs."""
UNNEEDED = ("__pycache__", "*.pyc", "requirements.*", "*.dist-info", "bin")
"""Of the requirements. In `bin` are scripts whose first line names the Python that fetched them: with them a package
would have another hash on every machine."""


def bundle(build_folder: Path, function: str, beside: Mapping[str, str]) -> aws_lambda.Code:
    """Package a function of `trailbell.functions`, the library, and the requirements.

    `beside` (name -> text) is put next to them.
    """
    requirements = install_requirements(build_folder)
    package_files = dict(sources(function))
    digest = _digest(package_files, [requirements / ".digest"], beside)
    with_bytecode = f"{sys.version_info.major}.{sys.version_info.minor}" == RUNTIME_PYTHON_VERSION
    target = build_folder / f"{function}-{digest}{'-bytecode' if with_bytecode else ''}"
    if not target.exists():
        with tempfile.TemporaryDirectory(dir=_made(target.parent)) as scratch:
            package = Path(scratch) / "package"
            shutil.copytree(requirements, package, ignore=shutil.ignore_patterns(".digest"))
            for name, source in package_files.items():
                (package / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(source, package / name)
            for name, text in beside.items():
                (package / name).write_text(text, encoding="utf-8")
            if with_bytecode:
                _compile(package)
            _publish(package, target)
    return aws_lambda.Code.from_asset(str(target))


def install_requirements(build_folder: Path) -> Path:
    """Return the folder with the functions' requirements, installed for Lambda; fetch them if they are not there yet.

    Raises RuntimeError where pip cannot fetch them.
    """
    pins = FUNCTIONS / "requirements.txt"
    made_of = f"{RUNTIME_PYTHON_VERSION} {PLATFORM} {UNNEEDED} {pins.read_text(encoding='utf-8')}"
    digest = hashlib.sha256(made_of.encode()).hexdigest()[:16]
    target = build_folder / f"requirements-{digest}"
    if target.exists():
        return target
    with tempfile.TemporaryDirectory(dir=_made(target.parent)) as scratch:
        fetched = Path(scratch) / "fetched"
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-compile"]
        command += ["--no-deps", "--require-hashes", "--only-binary=:all:", "--implementation=cp"]
        command += [f"--platform={PLATFORM}", f"--python-version={RUNTIME_PYTHON_VERSION}"]
        command += [f"--target={fetched}", f"--requirement={pins}"]
        done = subprocess.run(command, check=False, capture_output=True, text=True)  # noqa: S603 - our own arguments
        if done.returncode:
            raise RuntimeError(f"pip could not fetch {pins} for Lambda; synthesise once while online.\n{done.stderr}")
        package = Path(scratch) / "package"
        shutil.copytree(fetched, package, ignore=shutil.ignore_patterns(*UNNEEDED))
        (package / ".digest").write_text(digest)
        _publish(package, target)
    return target


def _compile(package: Path) -> None:
    """Put bytecode beside the sources, which Python then uses without looking at their times: a zip file changes them.

    Raises RuntimeError where a source does not compile.
    """
    mode = PycInvalidationMode.UNCHECKED_HASH
    if not compileall.compile_dir(package, quiet=1, stripdir=package, prependdir=FOLDER, invalidation_mode=mode):
        raise RuntimeError(f"a source in {package} does not compile with Python {RUNTIME_PYTHON_VERSION}")


def sources(function: str) -> Iterator[tuple[str, Path]]:
    """Yield what goes into a function's package, by the name that it has there, in order."""
    for path in sorted(LIBRARY.iterdir()):
        if path.name not in LEFT_OUT:
            yield from _files_of(path, f"trailbell/{path.name}")
    yield "trailbell/functions/__init__.py", FUNCTIONS / "__init__.py"
    yield from _files_of(FUNCTIONS / function, f"trailbell/functions/{function}")


def _files_of(path: Path, name: str) -> Iterator[tuple[str, Path]]:
    if path.is_file():
        yield name, path
    for below in sorted(path.rglob("*")):
        if below.is_file() and "__pycache__" not in below.parts:
            yield f"{name}/{below.relative_to(path).as_posix()}", below


def _digest(sources: Mapping[str, Path], others: Iterable[Path], beside: Mapping[str, str]) -> str:
    digest = hashlib.sha256()
    for name, path in (*sources.items(), *((path.name, path) for path in others)):
        digest.update(f"{name}\0".encode() + path.read_bytes() + b"\0")
    for name, text in sorted(beside.items()):
        digest.update(f"{name}\0{text}\0".encode())
    return digest.hexdigest()[:16]


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _publish(package: Path, target: Path) -> None:
    """Move a finished folder into place; where another process was first, its folder is as good as ours."""
    try:
        package.rename(target)
    except OSError:
        if not target.exists():
            raise


if __name__ == "__main__":
    install_requirements(Path(sys.argv[1]))

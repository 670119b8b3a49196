"""Packages the functions: our source, and what lambdas/requirements.txt pins, for Lambda's platform, without Docker.

Each package lies in a folder of `.build` named after a hash of what went in, so a second synth finds it ready and needs
no network. `python -m infra.bundling` fetches the requirements ahead (`make setup` does). Where synth runs on Lambda's
own version of Python, bytecode goes along: a cold start that compiles its sources first takes three times as long.
"""

import compileall
import hashlib
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from py_compile import PycInvalidationMode

from aws_cdk import aws_lambda

RUNTIME_PYTHON_VERSION = "3.14"
"""The newest Python that Lambda offers (`aws_lambda.Runtime.PYTHON_3_14`)."""
PLATFORM = "manylinux2014_aarch64"
"""arm64 on Amazon Linux 2023."""
FOLDER = "/var/task"
"""Where a function's package lies in Lambda: what tracebacks say."""
SHARED_PACKAGES = ("state", "trailbell")
_IGNORED = shutil.ignore_patterns("__pycache__", "*.pyc", "requirements.*", "*.dist-info")


def bundle(project_root: Path, handler_package: str, files: Mapping[str, str]) -> aws_lambda.Code:
    """Package `lambdas/<handler_package>`, what all functions share, and the requirements.

    `files` (name -> text) go beside them.
    """
    lambdas = project_root / "lambdas"
    requirements = install_requirements(project_root)
    sources = [lambdas / handler_package, *(lambdas / name for name in SHARED_PACKAGES)]
    digest = _digest([*_python_files(sources), requirements / ".digest"], lambdas, files)
    with_bytecode = f"{sys.version_info.major}.{sys.version_info.minor}" == RUNTIME_PYTHON_VERSION
    target = project_root / ".build" / f"{handler_package}-{digest}{'-bytecode' if with_bytecode else ''}"
    if not target.exists():
        with tempfile.TemporaryDirectory(dir=_made(target.parent)) as scratch:
            package = Path(scratch) / "package"
            shutil.copytree(requirements, package, ignore=shutil.ignore_patterns(".digest"))
            for source in sources:
                shutil.copytree(source, package / source.name, ignore=_IGNORED)
            for name, text in files.items():
                (package / name).write_text(text, encoding="utf-8")
            if with_bytecode:
                _compile(package)
            _publish(package, target)
    return aws_lambda.Code.from_asset(str(target))


def install_requirements(project_root: Path) -> Path:
    """Return the folder with the functions' requirements, installed for Lambda; fetch them if they are not there yet.

    Raises RuntimeError where pip cannot fetch them.
    """
    pins = project_root / "lambdas" / "requirements.txt"
    digest = hashlib.sha256(f"{RUNTIME_PYTHON_VERSION} {PLATFORM} {pins.read_text()}".encode()).hexdigest()[:16]
    target = project_root / ".build" / f"requirements-{digest}"
    if target.exists():
        return target
    with tempfile.TemporaryDirectory(dir=_made(target.parent)) as scratch:
        fetched = Path(scratch) / "fetched"
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-compile"]
        command += ["--no-deps", "--only-binary=:all:", "--implementation=cp", f"--platform={PLATFORM}"]
        command += [f"--python-version={RUNTIME_PYTHON_VERSION}", f"--target={fetched}", f"--requirement={pins}"]
        done = subprocess.run(command, check=False, capture_output=True, text=True)  # noqa: S603 - our own arguments
        if done.returncode:
            raise RuntimeError(f"pip could not fetch {pins} for Lambda; run `make setup` while online.\n{done.stderr}")
        package = Path(scratch) / "package"
        shutil.copytree(fetched, package, ignore=_IGNORED)
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


def _python_files(folders: Iterable[Path]) -> list[Path]:
    return sorted(
        path for folder in folders for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts
    )


def _digest(paths: Iterable[Path], root: Path, files: Mapping[str, str]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        name = path.relative_to(root) if path.is_relative_to(root) else path.name
        digest.update(f"{name}\0".encode() + path.read_bytes() + b"\0")
    for name, text in sorted(files.items()):
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
    install_requirements(Path(__file__).resolve().parent.parent)

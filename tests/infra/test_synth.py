import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.infra.conftest import CONFIG, synthesise


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


def test_nothing_configured_deploys_to_the_topic_alone(tmp_path: Path) -> None:
    assert synthesise(tmp_path, "").returncode == 0
    template = json.loads((tmp_path / "cdk.out" / "Trailbell.template.json").read_text(encoding="utf-8"))
    handlers = [
        r["Properties"]["Handler"] for r in template["Resources"].values() if r["Type"] == "AWS::Lambda::Function"
    ]
    assert "trailbell.functions.detector.handler.handler" in handlers
    assert "slack_notifier.handler.handler" not in handlers


@pytest.mark.parametrize(
    ("variables", "region"), [({"CDK_DEFAULT_REGION": "eu-west-1"}, "eu-west-1"), ({}, "whichever the CLI has")]
)
def test_a_home_region_that_is_left_out_is_told_in_one_line(
    tmp_path: Path, variables: dict[str, str], region: str
) -> None:
    done = synthesise(tmp_path, "", **variables)
    (line,) = [line for line in done.stderr.splitlines() if line.startswith("deployment.home_region")]
    assert line == (
        f"deployment.home_region is left out: the stack's region is {region}, and with a colleague's CLI it may be "
        "another. Name it in the config."
    )
    assert done.returncode == 0


def test_a_home_region_that_is_named_is_not_told(tmp_path: Path) -> None:
    assert "deployment.home_region" not in synthesise(tmp_path, CONFIG).stderr


def test_the_forwarders_role_has_one_name_whatever_the_region_so_an_account_has_one_hub(tmp_path: Path) -> None:
    def role_names(region: str) -> list[str]:
        folder = tmp_path / region
        folder.mkdir()
        assert synthesise(folder, CONFIG.replace("us-east-2", region)).returncode == 0
        template = json.loads((folder / "cdk.out" / "Trailbell.template.json").read_text(encoding="utf-8"))
        roles = [each["Properties"] for each in template["Resources"].values() if each["Type"] == "AWS::IAM::Role"]
        return [role["RoleName"] for role in roles if "RoleName" in role]

    assert role_names("us-east-1") == role_names("eu-west-1") == ["Trailbell-Forwarder"]


def test_the_global_region_as_home_needs_no_forwarder(tmp_path: Path) -> None:
    assert synthesise(tmp_path, CONFIG.replace("us-east-2", "us-east-1")).returncode == 0
    assert [path.name for path in (tmp_path / "cdk.out").glob("*.template.json")] == ["Trailbell.template.json"]


def test_e_mail_gets_everything_until_the_config_has_routes(tmp_path: Path) -> None:
    def email_policy(config: str) -> object:
        assert synthesise(tmp_path, config).returncode == 0
        template = json.loads((tmp_path / "cdk.out" / "Trailbell.template.json").read_text(encoding="utf-8"))
        (policy,) = [
            resource["Properties"].get("FilterPolicy")
            for resource in template["Resources"].values()
            if resource["Type"] == "AWS::SNS::Subscription" and resource["Properties"]["Endpoint"] == "soc@example.com"
        ]
        return policy

    assert email_policy(CONFIG) is None
    assert email_policy(CONFIG + "routes: [{severity: [high], to: [email]}]\n") == {"destinations": ["email"]}


@pytest.mark.parametrize("mistake", ["packs: [no-such-pack]", "rules: [{id: x}]", "nonsense: 1", "packs: [starter"])
def test_a_broken_config_is_told_and_nothing_is_synthesised(tmp_path: Path, mistake: str) -> None:
    done = synthesise(tmp_path, mistake)
    assert done.returncode == 1
    assert "trailbell.yaml" in done.stderr
    assert "Traceback" not in done.stderr
    assert not list(tmp_path.glob("cdk.out/*.template.json"))

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
    assert "detector.handler.handler" in handlers
    assert "slack_notifier.handler.handler" not in handlers


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

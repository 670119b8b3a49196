"""Write docs/alerts.md: ten alerts as e-mail and Slack show them. With `--pictures` photograph them for it, too."""

import argparse
import json
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from scripts.slack_page import page
from trailbell import examples, packs
from trailbell.alert import Alert
from trailbell.authoring.load import load_config
from trailbell.formats import slack, text
from trailbell.pipeline import Pipeline
from trailbell.sources.interface import SourcedRecord
from trailbell.windows.memory import MemoryStore

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "alerts.md"
TEMPLATE = ROOT / "scripts" / "alerts_page.md"
PICTURES = ROOT / "docs" / "images"
BROWSER = ROOT / "scripts" / "browser"
EVENTS = examples.FOLDER
DELAY = timedelta(seconds=9)
CONFIG_VERSION = "7"

RECORDS: Mapping[str, str] = {
    "run-instances-iam-user": "ec2-instance-launched",
    "authorize-security-group-ingress-sso": "security-group-opened-sensitive",
    "stop-logging-iam-user": "cloudtrail-stopped",
    "attach-user-policy-role": "iam-admin-policy-attached",
    "create-access-key-iam-user": "iam-access-key-created",
    "put-bucket-policy-sso": "s3-public-bucket",
    "modify-snapshot-attribute-role": "ec2-public-snapshot",
    "console-login-root": "root-signed-in",
    "console-login-without-mfa-iam-user": "console-sign-in-without-mfa",
    "delete-trail-denied-role": "cloudtrail-change-denied",
}
"""Record of tests/events -> the rule whose alert is shown."""


def alerts() -> Iterator[tuple[str, Alert]]:
    """Yield each record's name and alert, as the real pipeline makes it."""
    config = load_config(
        ROOT / "scripts" / "alerts_page.yaml",
        packs_dir=packs.FOLDER,
        today=datetime(2026, 11, 2, tzinfo=UTC).date(),
    ).config
    # Its own version is a digest of all rules, and would change this page with each of them.
    config = replace(config, version=CONFIG_VERSION)
    for name, rule in RECORDS.items():
        record = json.loads((EVENTS / f"{name}.json").read_text(encoding="utf-8"))
        now = datetime.fromisoformat(record["eventTime"]) + DELAY
        pipeline = Pipeline.from_config(config, store=MemoryStore(), clock=lambda now=now: now)  # type: ignore[misc]
        found = pipeline.run(SourcedRecord.of(record))
        by_rule = {alert.rule.id: alert for alert in found}
        if rule not in by_rule:
            raise SystemExit(f"{name}.json raises {sorted(by_rule) or 'no alert'}, not {rule}")
        yield name, by_rule[rule]


def markdown() -> str:
    """Return the page."""
    shown = "\n".join(_section(name, alert) for name, alert in alerts())
    return TEMPLATE.read_text(encoding="utf-8").replace("{{alerts}}\n", shown)


def _section(name: str, alert: Alert) -> str:
    return (
        f"### {alert.rule.title}\n\n![{text.headline(alert)}, in Slack](images/{name}.png)\n\n"
        f"Subject: `{text.subject(alert)}`\n\n```text\n{text.text(alert)}```\n"
    )


def photograph() -> None:
    """Write docs/images: what Slack shows."""
    fonts = (BROWSER / "node_modules" / "@fontsource").as_uri()
    html = page({name: slack.message(alert) for name, alert in alerts()}, fonts=fonts)
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "alerts.html"
        file.write_text(html, encoding="utf-8")
        subprocess.run(["node", str(BROWSER / "photograph.mjs"), str(file), str(PICTURES)], check=True)


def main() -> None:
    """Write the page, and the pictures if asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pictures", action="store_true", help="photograph the Slack messages for it, too")
    if parser.parse_args().pictures:
        photograph()
    PAGE.write_text(markdown(), encoding="utf-8")


if __name__ == "__main__":
    main()

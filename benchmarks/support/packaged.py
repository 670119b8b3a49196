"""The detector as it is packaged: its source, the library and a compiled config in one folder."""

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

from trailbell import examples
from trailbell.authoring import load_config
from trailbell.config.compiled import write_compiled
from trailbell.contract.environments.detection import DetectorEnvironment
from trailbell.contract.names import API_CALL
from trailbell.infra.base import bundling
from trailbell.packs import FOLDER, pack_names

ENVIRONMENT = {
    **DetectorEnvironment(
        topic_arn="benchmark",
        heartbeat_topic_arn="benchmark",
        https_format="json",
        claims_table="benchmark",
        windows_table="benchmark",
        dead_letters_url="benchmark",
        config_application="benchmark",
        config_environment="benchmark",
        config_profile="benchmark",
    ).variables(),
    "AWS_REGION": "eu-central-1",
    "AWS_DEFAULT_REGION": "eu-central-1",
    "AWS_ACCESS_KEY_ID": "benchmark",
    "AWS_SECRET_ACCESS_KEY": "benchmark",
    "AWS_LAMBDA_FUNCTION_NAME": "detector",
    "AWS_LAMBDA_FUNCTION_VERSION": "1",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "512",
    "AWS_LAMBDA_LOG_FORMAT": "JSON",
    "AWS_LAMBDA_LOG_LEVEL": "INFO",
}
"""What a deployed detector has; nothing here is asked for anything."""
QUIET_EVENT = {
    "version": "0",
    "id": "6a7e8feb-b491-4cf7-a9f1-bf3703467718",
    "detail-type": API_CALL,
    "source": "aws.ec2",
    "account": "111122223333",
    "time": "2026-11-01T08:00:00Z",
    "region": "eu-central-1",
    "resources": [],
    "detail": json.loads((examples.FOLDER / "describe-instances-iam-user.json").read_text(encoding="utf-8")),
}
"""An event that no shipped rule alerts on."""
STARTER = ("starter",)
ALL_PACKS = pack_names()


def package(folder: Path, packs: tuple[str, ...]) -> int:
    """Write the detector with the packs' rules into a folder. Return how many rules these are."""
    for name, source in bundling.sources("detector"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, folder / name)
    file = folder / "trailbell.yaml"
    file.write_text(json.dumps({"packs": packs}), encoding="utf-8")
    config = load_config(file, packs_dir=FOLDER, today=datetime.now(UTC).date()).config
    (folder / "config.json").write_bytes(write_compiled(config))
    return len(config.rules)

"""GuardDuty: `guardduty.amazonaws.com`."""

from trailbell.aws.commands import fill_command
from trailbell.aws.service import Service
from trailbell.call.lookup import Call, clip
from trailbell.call.values import boolean


def update_detector(call: Call) -> str | None:
    """Tell whether GuardDuty was switched off."""
    enabled = boolean(call.request.get("enable"))
    detector = call.value("detectorId")
    if detector is None:
        return None
    return f"{'suspend' if enabled is False else 'change'} GuardDuty detector {clip(detector)}"


def enable_detector(call: Call) -> list[str] | None:
    """Take back that a detector was suspended."""
    if call.request.get("enable") is not False:
        return None
    return fill_command("guardduty update-detector --detector-id {detectorId} --enable", call)


SERVICE = Service(
    source="guardduty",
    name="GuardDuty",
    members={
        "AWS::GuardDuty::Detector": "detectorid",
        "AWS::GuardDuty::IPSet": "ipsetid",
        "AWS::GuardDuty::ThreatIntelSet": "threatintelsetid",
        "AWS::GuardDuty::Filter": "filtername",
        "AWS::GuardDuty::Member": "accountids",
    },
    arn_types={"detector": "AWS::GuardDuty::Detector"},
    pages={"AWS::GuardDuty::Detector": "guardduty/home?region={region}"},
    sentences={
        "DeleteDetector": "delete GuardDuty detector {detectorId}",
        "CreateDetector": "create GuardDuty detector {>detectorId}",
        "StopMonitoringMembers": "stop GuardDuty for accounts {accountIds}",
        "DisassociateFromMasterAccount": "take this account out of the GuardDuty administrator's sight",
        "DisassociateFromAdministratorAccount": "take this account out of the GuardDuty administrator's sight",
        "UpdateDetector": update_detector,
    },
    undo={"UpdateDetector": enable_detector},
)

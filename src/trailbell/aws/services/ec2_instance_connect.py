"""EC2 Instance Connect: `ec2-instance-connect.amazonaws.com`."""

from trailbell.aws.service import Service

SERVICE = Service(
    source="ec2-instance-connect",
    name="EC2 Instance Connect",
    members={"AWS::EC2::Instance": "instanceid"},
    sentences={
        "SendSSHPublicKey": "send an SSH key for {instanceOSUser|osUser} to {instanceId}",
        "SendSerialConsoleSSHPublicKey": "send an SSH key for the serial console to {instanceId}",
    },
)

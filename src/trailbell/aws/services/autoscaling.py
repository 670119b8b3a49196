"""Auto Scaling: `autoscaling.amazonaws.com`."""

from trailbell.aws.service import Service

SERVICE = Service(
    source="autoscaling",
    name="Auto Scaling",
    members={
        "AWS::AutoScaling::AutoScalingGroup": "autoscalinggroupname autoscalinggroupnames",
        "AWS::AutoScaling::LaunchConfiguration": "launchconfigurationname",
        "AWS::AutoScaling::ScalingPolicy": "policyname",
        "AWS::EC2::LaunchTemplate": "launchtemplateid",
    },
    arn_types={"autoScalingGroup": "AWS::AutoScaling::AutoScalingGroup"},
    pages={"AWS::AutoScaling::AutoScalingGroup": "ec2/home?region={region}#AutoScalingGroupDetails:id={id}"},
    sentences={
        "CreateAutoScalingGroup": "create Auto Scaling group {autoScalingGroupName}",
        "DeleteAutoScalingGroup": "delete Auto Scaling group {autoScalingGroupName}",
        "CreateLaunchConfiguration": "create launch configuration {launchConfigurationName}",
    },
)

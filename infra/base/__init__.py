"""What the constructs are built from: functions, queues, packages, cdk-nag's arguments."""

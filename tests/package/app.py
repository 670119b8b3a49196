from aws_cdk import App

from trailbell.infra import AuditAlerter


class Mine(App):
    def __init__(self) -> None:
        super().__init__()
        AuditAlerter(self, "Trailbell", config="trailbell.yaml")


Mine().synth()

"""Network Firewall: `network-firewall.amazonaws.com`."""

from trailbell.aws.service import Service

SERVICE = Service(
    source="network-firewall",
    name="Network Firewall",
    members={
        "AWS::NetworkFirewall::Firewall": "firewallname firewallarn",
        "AWS::NetworkFirewall::FirewallPolicy": "firewallpolicyname firewallpolicyarn",
        "AWS::NetworkFirewall::RuleGroup": "rulegroupname rulegrouparn",
    },
)

"""Elastic Load Balancing: `elasticloadbalancing.amazonaws.com`."""

from trailbell.aws.service import Service

SERVICE = Service(
    source="elasticloadbalancing",
    name="Elastic Load Balancing",
    members={
        "AWS::ElasticLoadBalancing::LoadBalancer": "loadbalancername",
        "AWS::ElasticLoadBalancingV2::LoadBalancer": "loadbalancerarn",
        "AWS::ElasticLoadBalancingV2::TargetGroup": "targetgrouparn targetgroupname",
        "AWS::ElasticLoadBalancingV2::Listener": "listenerarn",
        "AWS::ElasticLoadBalancingV2::ListenerRule": "rulearn",
        "AWS::EC2::Instance": "instanceid",
    },
    arn_types={
        "loadbalancer": "AWS::ElasticLoadBalancingV2::LoadBalancer",
        "targetgroup": "AWS::ElasticLoadBalancingV2::TargetGroup",
        "listener": "AWS::ElasticLoadBalancingV2::Listener",
    },
    roles={"RegisterInstancesWithLoadBalancer": "changed"},
)

"""Limits that both the filter compiler and the stack keep to."""

MAX_PATTERN_CHARACTERS = 2_048
"""Of an event pattern. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html"""
MAX_PATTERN_WILDCARDS = 10
"""In one event pattern. EventBridge refuses patterns that are too complex, and publishes no figure: this one is ours.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html#eb-filtering-wildcard-matching-complexity
"""
MAX_RULE_NAME_CHARACTERS = 64
"""https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html"""
MAX_SLOTS = 30
"""Of one set: with three sets, which a bus has while the generation of the live slots changes, and the stack's own
rules it stays below the 100 rules of the smaller regions.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html
"""

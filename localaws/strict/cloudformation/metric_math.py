"""The part of CloudWatch's metric math that alarms of this project use: `+ - * /`, FILL, SUM, MIN, MAX and AVG.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
"""

import ast
import operator
from collections.abc import Callable, Mapping
from statistics import fmean

Value = float | None
"""A metric's one datapoint of the time looked at; None where it has none."""
_OPERATORS = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv}
_OF_LIST: Mapping[str, Callable[[list[float]], float]] = {"SUM": sum, "MIN": min, "MAX": max, "AVG": fmean}


def check(expression: str, known: frozenset[str]) -> None:
    """Refuse what cannot be computed here. Raises ValueError."""
    compute(expression, dict.fromkeys(known))


def compute(expression: str, values: Mapping[str, Value]) -> Value:
    """Return what an expression makes of the values of its metrics. Raises ValueError where it is none of ours."""
    try:
        tree = ast.parse(expression, mode="eval")
    except SyntaxError as error:
        raise ValueError(f"ValidationError: not a metric math expression: {expression}") from error
    return _value(tree.body, values)


def _value(node: ast.expr, values: Mapping[str, Value]) -> Value:
    match node:
        case ast.Constant(value=int() | float() as number):
            return number
        case ast.Name(id=name) if name in values:
            return values[name]
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATORS:
            return _combined(type(op), _value(left, values), _value(right, values))
        case ast.Call(func=ast.Name(id="FILL"), args=[metric, filling]):
            value = _value(metric, values)
            return _value(filling, values) if value is None else value
        case ast.Call(func=ast.Name(id=name), args=[ast.List(elts=elements)]) if name in _OF_LIST:
            found = [value for element in elements if (value := _value(element, values)) is not None]
            return float(_OF_LIST[name](found)) if found else None
        case _:
            raise ValueError(f"ValidationError: metric math that the local AWS does not know: {ast.unparse(node)}")


def _combined(op: type[ast.operator], left: Value, right: Value) -> Value:
    # A datapoint that one side lacks, or a division by zero, gives none.
    if left is None or right is None or (op is ast.Div and right == 0):
        return None
    return float(_OPERATORS[op](left, right))

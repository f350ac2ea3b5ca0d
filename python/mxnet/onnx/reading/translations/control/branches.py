"""If: the branch itself where the condition is known, else the operator that chooses."""

from ..... import error
from ..... import symbol as sym
from ...registry import translates
from ...values import Value


@translates("If")
def branch(node, condition):
    bodies = {name: node.attr(f"{name}_branch") for name in ("then", "else")}
    if None in bodies.values():
        raise error.ValueError(f"{node.title}: If has no branches; then and else are expected")
    if condition.is_constant:
        chosen = "then" if condition.array().reshape(-1)[0] else "else"
        return node.run_body(bodies[chosen], [], f"{node.title}/{chosen}/")
    builder, results = node.reader.builder, {}

    def run(name):
        values = node.run_body(bodies[name], [], f"{node.title}/{name}/")
        results[name] = values
        return [builder.symbol_of(value) for value in values]

    outputs = sym.contrib.cond(
        builder.symbol_of(node.cast(condition, "float32")),
        lambda: run("then"),
        lambda: run("else"),
        name=node.title,
    )
    for first, second in zip(results["then"], results["else"]):
        if (first.shape, first.dtype) != (second.shape, second.dtype):
            raise node.refuse(
                "branches",
                [list(first.shape), list(second.shape)],
                "the same shapes and dtypes, or a condition that is a constant",
            )
    return [
        Value(value.shape, value.dtype, symbol) for value, symbol in zip(results["then"], outputs)
    ]

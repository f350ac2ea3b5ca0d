"""Conditions in symbols that are built under MXNet 1.9.1 and Remx alike."""


def variables(mx, names):
    return [mx.sym.Variable(name) for name in names.split()]


def cond_of_symbols(mx):
    """Variables of both branches are one input each; what is computed outside comes in twice."""
    a, b = variables(mx, "a b")
    outside, other = a + 1, b * 2
    return mx.sym.contrib.cond(a < 5, lambda: outside * a, lambda: outside + other * a)


def cond_of_lists(mx):
    """Branches that hand on what they are given, or the same result twice."""
    p, a, b = variables(mx, "p a b")
    return mx.sym.Group(mx.sym.contrib.cond(p, lambda: [a * b, a], lambda: [a - b, b + 1]))


def cond_in_cond(mx):
    p, q, a = variables(mx, "p q a")

    def inner():
        return mx.sym.contrib.cond(q, lambda: a * 2, lambda: a * 3, name="inner")

    return mx.sym.contrib.cond(p, inner, lambda: a * a, name="outer")


def loop(mx):
    """A weight inside, and one that both graphs use."""
    i, s, w, end = variables(mx, "i s w end")
    outputs, (count, last) = mx.sym.contrib.while_loop(
        lambda i, s: i < end, lambda i, s: (s * w + end, [i + 1, s * w]), [i, s], max_iterations=5
    )
    return mx.sym.Group([outputs, count, last])


def loop_of_one_variable(mx):
    i, t = variables(mx, "i t")
    outputs, last = mx.sym.contrib.while_loop(
        lambda i: i * t < 5, lambda i: ([i * t, i], i + t), i * 2, max_iterations=3, name="one"
    )
    return mx.sym.Group([*outputs, last])


def loop_without_outputs(mx):
    (i,) = variables(mx, "i")
    _, last = mx.sym.contrib.while_loop(
        lambda i: i < 3, lambda i: ([], [i + 1]), [i], max_iterations=4
    )
    return last[0]


CASES = {
    "cond-of-symbols": cond_of_symbols,
    "cond-of-lists": cond_of_lists,
    "cond-in-cond": cond_in_cond,
    "while-loop": loop,
    "while-loop-of-one": loop_of_one_variable,
    "while-loop-without-outputs": loop_without_outputs,
}

"""Stores draws of mx.np's random operators by MXNet 1.9.1 (run under 1.9.1).

usage: python write_numpy_random.py [FILE]      (default: tests/data/numpy_random.json)

Each case is one call of an operator after `mx.random.seed(SEED)`, with parameters that are numbers
or arrays, and then one number, which tells where the stream stands. Gradients are those of the
arrays for ones as head gradients. Of long results some positions are kept.
"""

import json
import sys
from pathlib import Path

import mxnet as mx

SEED = 7
KEPT = 100
TWO = {
    "uniform": ("low", "high", (-1.3, 2.7), ([0.0, -2.5], [[1.1], [3.3], [7.0]])),
    "normal": ("loc", "scale", (1.7, 0.6), ([0.3, -2.5], [[1.1], [0.0], [7.0]])),
    "gumbel": ("loc", "scale", (-0.3, 2.1), ([0.3, -2.5], [[1.1], [0.3], [7.0]])),
    "logistic": ("loc", "scale", (-0.3, 2.1), ([0.3, -2.5], [[1.1], [0.3], [7.0]])),
    "gamma": ("shape", "scale", (2.3, 1.7), ([0.3, 4.5], [[1.1], [0.3], [7.0]])),
}
ONE = {
    "exponential": ("scale", 1.7, [0.3, 0.0, 2.5]),
    "rayleigh": ("scale", 1.7, [0.3, 1.1, 2.5]),
    "pareto": ("a", 2.3, [0.6, 1.1, 3.0]),
    "weibull": ("a", 2.3, [0.6, 1.1, 3.0]),
    "powerd": ("a", 2.3, [0.6, 1.1, 3.0]),
}
HAVE_DTYPE = ("uniform", "normal", "gamma", "bernoulli")


def call(op, arrays=(), dtype="float32", **attrs):
    return {"op": op, "arrays": list(arrays), "dtype": dtype, "attrs": attrs}


def distribution_calls():
    for name, (first, second, numbers, arrays) in TWO.items():
        op = f"_npi_{name}"
        both = dict(zip((first, second), numbers))
        yield call(op, size=(7,), **both)
        yield call(op, size=(40, 50), **both)
        yield call(op, arrays, size=None, **{first: None, second: None})
        yield call(op, arrays, size=(2, 3, 2), **{first: None, second: None})
        yield call(op, arrays[:1], size=(5, 2), **{first: None, second: numbers[1]})
        yield call(op, arrays[1:], size=None, **{first: numbers[0], second: None})
        for dtype in ("float64", "float16") if name in HAVE_DTYPE else ():
            yield call(op, dtype=dtype, size=(9,), **both)
        if name in ("uniform", "normal"):
            yield call(op + "_n", arrays, size=(2,), **{first: None, second: None})
            yield call(op + "_n", arrays[:1], size=(3, 2), **{first: None, second: numbers[1]})
    yield call("_npi_gamma", size=(300,), shape=0.4, scale=1.3)
    yield call("_npi_gamma", dtype="float64", size=(300,), shape=0.4, scale=1.3)
    for name, (parameter, number, array) in ONE.items():
        op = f"_npi_{name}"
        yield call(op, size=(7,), **{parameter: number})
        yield call(op, size=(40, 50), **{parameter: number})
        yield call(op, [array], size=None, **{parameter: None})
        yield call(op, [array], size=(4, 3), **{parameter: None})


def bernoulli_calls():
    for name, number, array in (
        ("prob", 0.3, [0.1, 0.9, 0.5, 1.0, 0.0]),
        ("logit", 0.4, [-1.0, 2.0, 0.0, 9.0, -9.0]),
    ):
        given = {"prob": None, "logit": None, "is_logit": name == "logit"}
        for dtype in ("float32", "float64", "float16", "int32", "uint8", "bool"):
            yield call("_npi_bernoulli", dtype=dtype, size=(12,), **{**given, name: number})
        yield call("_npi_bernoulli", [array], size=(4, 5), **given)
        yield call("_npi_bernoulli", [array], size=None, **given)


def choice_calls():
    weights = [0.1, 0.25, 0.05, 0.2, 0.4]
    for size in ((5,), (3, 2), None):
        yield call("_npi_choice", a=13, size=size)
        yield call("_npi_choice", a=13, size=size, replace=False)
        yield call("_npi_choice", [weights], a=5, size=size, weighted=True)
    yield call("_npi_choice", [weights, weights], a=None, size=(9,), weighted=True)
    yield call("_npi_choice", [weights], a=None, size=(9,))
    for size in (7, 12, 13, 26):
        yield call("_npi_choice", a=26, size=(size,), replace=False)
    for size in (2, 5):
        yield call("_npi_choice", [weights], a=5, size=(size,), weighted=True, replace=False)


def multinomial_calls():
    for pvals in ([0.1, 0.3, 0.4, 0.2], [0.1, 0.2]):
        for size in (None, (3,), (2, 3)):
            yield call("_npi_multinomial", n=9, pvals=pvals, size=size)
            yield call("_npi_multinomial", [pvals], n=9, pvals=None, size=size)


def run(one):
    """Result, gradients and the number that is drawn next."""
    dtype = one["dtype"]
    takes_dtype = one["op"].removeprefix("_npi_").removesuffix("_n") in HAVE_DTYPE
    attrs = {**one["attrs"], **({"dtype": dtype} if takes_dtype else {})}
    arrays = [mx.np.array(array, dtype="float32") for array in one["arrays"]]
    for array in arrays:
        array.attach_grad()
    mx.random.seed(SEED)
    with mx.autograd.record():
        out = getattr(mx.nd.numpy._internal, one["op"].removeprefix("_npi_"))(*arrays, **attrs)
    has_gradients = one["op"] not in ("_npi_choice", "_npi_multinomial")
    if arrays and has_gradients:
        out.backward()
    following = mx.np.random.uniform(size=(1,))
    gradients = [array.grad.asnumpy() for array in arrays] if has_gradients else []
    return out, gradients, following.asnumpy()[0]


def fill(one):
    out, gradients, following = run(one)
    values = out.asnumpy()
    one["dtype"] = str(values.dtype)
    one["shape"], one["next"] = list(values.shape), float(following)
    one["gradients"] = [gradient.tolist() for gradient in gradients]
    flat = values.ravel()
    if flat.size > KEPT:
        one["positions"] = list(range(0, flat.size, flat.size // KEPT))
        flat = flat[one["positions"]]
    one["values"] = flat.tolist()


def main():
    here = Path(__file__).resolve().parents[2]
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else here / "tests/data/numpy_random.json"
    calls = [*distribution_calls(), *bernoulli_calls(), *choice_calls(), *multinomial_calls()]
    mx.npx.set_np()
    for one in calls:
        fill(one)
    lines = ",\n".join(json.dumps(one) for one in calls)
    path.write_text(f"[\n{lines}\n]\n")
    print(len(calls), "calls;", path.stat().st_size, "bytes")


if __name__ == "__main__":
    main()

import numpy as np
from harness import ALL, FLOATS, INTS, Case, Fault, operator_tests

X = np.array([0.0, 1.0, 2.75, -1.5, 100.25])
WHOLE = np.array([0.0, 1, 2, 100])
LIMITS = np.array([np.nan, np.inf, -np.inf, 3e9, -3e9, 300.0, -1.0])


def as_dtype(x, dtype, **attrs):
    return x.astype("float64" if dtype == "bfloat16" else dtype)


CASES = []
for target in ALL:
    CASES.append(
        Case(
            "Cast",
            [WHOLE],
            as_dtype,
            attrs={"dtype": target},
            dtypes=ALL,
            grad=False,
            out_dtype=target,
            name=f"to-{target}",
        )
    )
for target in FLOATS:
    CASES.append(
        Case(
            "Cast",
            [X],
            as_dtype,
            attrs={"dtype": target},
            dtypes=FLOATS,
            grad=False,
            out_dtype=target,
            name=f"to-{target}",
        )
    )
CASES += [
    Case(
        "cast",
        [X],
        lambda x, dtype: np.trunc(x),
        attrs={"dtype": "int32"},
        dtypes=FLOATS,
        out_dtype="int32",
        grad=False,
    ),
    Case("Cast", [X], as_dtype, attrs={"dtype": "float64"}, second=True, out_dtype="float64"),
    Case(
        "Cast",
        [LIMITS],
        lambda x, dtype: np.array([-(2**31)] * 5 + [300, -1]),
        grad=False,
        attrs={"dtype": "int32"},
        out_dtype="int32",
        name="limits-int32",
    ),
    Case(
        "Cast",
        [LIMITS],
        lambda x, dtype: np.array([0, 0, 0, 0, 0, 44, 255]),
        grad=False,
        attrs={"dtype": "uint8"},
        out_dtype="uint8",
        name="limits-uint8",
    ),
    Case(
        "Cast",
        [np.array([np.nan, np.inf, 0.0, 0.5])],
        lambda x, dtype: x != 0,
        grad=False,
        attrs={"dtype": "bool"},
        out_dtype="bool",
        name="limits-bool",
    ),
    Case(
        "Cast",
        [np.array([True, False])],
        as_dtype,
        attrs={"dtype": "float32"},
        out_dtype="float32",
        name="from-bool",
    ),
    Case(
        "amp_cast",
        [X],
        as_dtype,
        attrs={"dtype": "float64"},
        out_dtype="float64",
        dtypes=("float32", "float64"),
        second=True,
    ),
    Case("amp_cast", [X], as_dtype, attrs={"dtype": "bfloat16"}, out_dtype="bfloat16", grad=False),
    Case(
        "amp_multicast",
        [X, WHOLE],
        lambda *x, num_outputs: list(x),
        dtypes=FLOATS,
        attrs={"num_outputs": 2},
    ),
]
CASES += [
    Case(
        "amp_cast",
        [WHOLE],
        lambda x, dtype: x,
        attrs={"dtype": "float32"},
        grad=False,
        dtypes=(kind,),
        out_dtype=kind,
        name=f"amp_cast-{kind}",
    )
    for kind in INTS
]
FAULTS = [
    Fault(
        "Cast",
        [X],
        "dtype=complex64 is not supported",
        attrs={"dtype": "complex64"},
        kind=TypeError,
    ),
    Fault("Cast", [X], "Cast: dtype is missing"),
]
TestCast = operator_tests(CASES, FAULTS)

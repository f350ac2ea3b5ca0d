import numpy as np
from harness import FLOATS, Case, Fault, operator_tests

R = np.random.default_rng(41)
PREFIX = "_contrib_interleaved_matmul_"


def split(x, heads, parts, part):
    """One part of projections as (batch * heads, length, size)."""
    length, batch, width = x.shape
    size = width // (heads * parts)
    whole = x.reshape(length, batch * heads, parts, size)
    return whole[:, :, part].swapaxes(0, 1)


def selfatt_qk(qkv, heads):
    q, k = split(qkv, heads, 3, 0), split(qkv, heads, 3, 1)
    return q @ k.swapaxes(1, 2) / np.sqrt(q.shape[2])


def encdec_qk(queries, keys_values, heads):
    q, k = split(queries, heads, 1, 0), split(keys_values, heads, 2, 0)
    return q @ k.swapaxes(1, 2) / np.sqrt(q.shape[2])


def weighted(v, attention, batch):
    product = (attention @ v).swapaxes(0, 1)
    return product.reshape(len(product), batch, -1)


def selfatt_valatt(qkv, attention, heads):
    return weighted(split(qkv, heads, 3, 2), attention, qkv.shape[1])


def encdec_valatt(keys_values, attention, heads):
    return weighted(split(keys_values, heads, 2, 1), attention, keys_values.shape[1])


QKV, Q, KV = R.normal(size=(4, 2, 24)), R.normal(size=(4, 2, 8)), R.normal(size=(5, 2, 16))
SELF, OTHER = R.uniform(size=(4, 4, 4)), R.uniform(size=(4, 4, 5))
ONE = "1.9.1 computes float32 alone on the CPU"


def cases(function, *inputs, heads=2):
    name = PREFIX + function.__name__
    common = {"rtol": 1e-4, "atol": 1e-5, "grad_tol": 1e-4}
    return [
        Case(name, inputs, function, {"heads": heads}, FLOATS[:1], **common),
        Case(name, inputs, function, {"heads": heads}, FLOATS[1:], oracle=ONE, **common),
    ]


CASES = [
    *cases(selfatt_qk, QKV),
    *cases(encdec_qk, Q, KV),
    *cases(selfatt_valatt, QKV, SELF),
    *cases(encdec_valatt, KV, OTHER),
    *cases(selfatt_qk, QKV, heads=1),
    *cases(encdec_valatt, KV[:, :1], OTHER[:1], heads=1),
]
CASES += [
    Case(PREFIX + "selfatt_qk", [QKV], selfatt_qk, {"heads": 4}, second=True, rtol=1e-4),
    Case(PREFIX + "encdec_qk", [Q, KV], encdec_qk, {"heads": 2}, second=True, rtol=1e-4),
    Case(PREFIX + "selfatt_valatt", [QKV, SELF], selfatt_valatt, {"heads": 2}, second=True),
    Case(PREFIX + "encdec_valatt", [KV, OTHER], encdec_valatt, {"heads": 2}, second=True),
]
UNCHECKED = "1.9.1 cuts the rest off"
FAULTS = [
    Fault(PREFIX + "selfatt_qk", [QKV[0]], "has 2 axes; expected 3", {"heads": 2}),
    Fault(PREFIX + "selfatt_qk", [QKV[:, :, :23]], "projections", {"heads": 1}, oracle=UNCHECKED),
    Fault(PREFIX + "selfatt_qk", [QKV], "does not fit heads=3", {"heads": 3}, oracle=UNCHECKED),
    Fault(PREFIX + "selfatt_qk", [QKV], "heads"),
    Fault(PREFIX + "encdec_qk", [Q, KV[:, :1]], "encdec_qk: keys_values=", {"heads": 2}),
    Fault(PREFIX + "selfatt_valatt", [QKV, OTHER], "selfatt_valatt: attention=", {"heads": 2}),
]
TestInterleavedMatmul = operator_tests(CASES, FAULTS)

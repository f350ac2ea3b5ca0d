"""Einstein's sums equal NumPy's."""

import numpy as np
import pytest
from harness import Case, Fault, operator_tests

import mxnet as mx

R = np.random.default_rng(45)
OP = "_npi_einsum"
WRONG_GRADIENT = "1.9.1 mixes the gradients of an array that is repeated"


def einsum(*arrays, num_args, subscripts, optimize=0):
    result = np.einsum(subscripts, *(a.astype("int64") if a.dtype == bool else a for a in arrays))
    return result != 0 if arrays[0].dtype == bool else result


def case(subscripts, *shapes, **options):
    attrs = {"num_args": len(shapes), "subscripts": subscripts}
    options = {"rtol": 1e-4, "atol": 1e-5, "second": True, **options}
    return Case(OP, [R.normal(size=s) for s in shapes], einsum, attrs, name=subscripts, **options)


CASES = [
    case("ij->ji", (2, 3), dtypes=("float32", "float64", "float16", "bfloat16")),
    case("ij,jk->ik", (2, 3), (3, 4), dtypes=("float32", "float64")),
    case("ii", (3, 3)),
    case("ii->i", (3, 3)),
    case("iji->j", (2, 3, 2)),
    case("iij,ji->ij", (2, 2, 3), (3, 2)),
    case("ij->", (2, 3)),
    case("ij", (2, 3)),
    case("ba", (2, 3)),
    case("i,i", (3,), (3,)),
    case("i,j", (3,), (2,)),
    case("i,i->i", (3,), (3,)),
    case("ij,ij->i", (2, 3), (2, 3)),
    case("bij,bjk->bik", (2, 3, 4), (2, 4, 2)),
    case("bij,bkj->bki", (2, 3, 4), (2, 5, 4)),
    case("bqhd,bkhd->bhqk", (2, 3, 2, 4), (2, 5, 2, 4)),
    case("bhqk,bkhd->bqhd", (2, 2, 3, 5), (2, 5, 2, 4)),
    case("...ij,...jk->...ik", (4, 2, 3), (3, 2)),
    case("...ij,...jk", (4, 2, 3), (1, 3, 2), oracle=WRONG_GRADIENT),
    case("i...->...", (2, 3)),
    case("i..., i... -> ...", (2, 3), (2, 3)),
    case("ij,jk,kl->il", (2, 3), (3, 4), (4, 2)),
    case("i,j,k->ijk", (2,), (3,), (2,)),
    case("ij,j,j->i", (2, 1), (1,), (3,)),
    case("ij, jk -> ik", (2, 3), (3, 2)),
    case("i,->i", (3,), ()),
    case("ij,j->ij", (2, 3), (1,), oracle=WRONG_GRADIENT),
    case("A,a->Aa", (2,), (3,)),
    case("i->", (0,)),
    case("ij,jk", (2, 0), (0, 3)),
    case("ij,kj->ik", (70, 90), (80, 90), second=False, grad=False, atol=1e-4),
]
for dtype in ("int32", "int64", "int8", "uint8", "bool"):
    inputs = [R.integers(0, 4, shape).astype(dtype) for shape in ((2, 3), (3, 2))]
    attrs = {"num_args": 2, "subscripts": "ij,jk->ik", "optimize": 1}
    CASES.append(Case(OP, inputs, einsum, attrs, out_dtype=dtype, name=dtype))


def fault(subscripts, match, *shapes, **options):
    attrs = {"num_args": len(shapes), "subscripts": subscripts}
    return Fault(OP, [np.ones(s) for s in shapes], match, attrs, **options)


FAULTS = [
    fault("ij->ik", "has 'k' in its result only", (2, 3)),
    fault("ij->iij", "has 'i' twice in its result", (2, 3)),
    fault(
        "ij,jk", "data|arg1=.*does not fit the other arrays; expected 3 on axis 0", (2, 3), (4, 2)
    ),
    fault("ij", "has not as many terms as there are arrays", (2, 3), (2, 3)),
    fault("ij,jk", "has not as many terms as there are arrays; expected 1", (2, 3)),
    fault("ijk", "has 3 letters in 'ijk' for an array of 2 axes", (2, 3)),
    fault("i", "has 1 letters in 'i' for an array of 2 axes", (2, 3)),
    fault("i1", "has '1' in it", (2, 3)),
    fault("ii", "has no diagonal of axes 0 and 1", (2, 3)),
    fault("...i->i", "has no ... in its result", (2, 3), oracle="1.9.1 sums over them"),
]
TestEinsum = operator_tests(CASES, FAULTS)


@pytest.mark.parametrize("seed", range(20))
def test_random_subscripts(seed):
    """Three arrays with labels drawn from five."""
    random = np.random.default_rng(seed)
    sizes = dict(zip("abcde", random.integers(1, 4, 5)))
    terms = ["".join(random.choice(list(sizes), random.integers(0, 4), False)) for _ in range(3)]
    used = sorted(set("".join(terms)))
    result = "".join(random.permutation(used)[: random.integers(0, len(used) + 1)])
    text = ",".join(terms) + "->" + result
    arrays = [random.normal(size=[sizes[label] for label in term]) for term in terms]
    got = mx.nd._internal._npi_einsum(
        *(mx.nd.array(a, dtype="float64") for a in arrays), num_args=3, subscripts=text
    )
    np.testing.assert_allclose(got.asnumpy(), np.einsum(text, *arrays), rtol=1e-10, err_msg=text)

"""Calls whose storage kinds matter and that the operators' tables lack: matrices above all."""

import numpy as np

from .case import Case

R = np.random.default_rng(9)
A, B, C = (R.normal(size=(6, 5)) for _ in range(3))
SQUARE = R.normal(size=(5, 6))
ROWS, COLUMNS = R.normal(size=(6, 1)), R.normal(size=(1, 5))
VECTOR, NUMBER = R.normal(size=(5,)), R.normal(size=(1,))
PICKED = np.array([4, 0, 4, 7, 2])
POSITIVE = np.abs(A) + 1
BY_ROW = np.abs(R.normal(size=(6, 1))) + 1
STEP = {"lr": 0.1, "rescale_grad": 0.5, "clip_gradient": 0.4}
DECAY = {**STEP, "wd": 0.01}


def case(op, *inputs, **attrs):
    return Case(op, inputs, None, attrs)


UNARY = (
    "abs arccos arccosh arcsin arcsinh arctan arctanh cbrt ceil cos cosh degrees erf exp expm1 fix "
    "floor gamma log log1p negative ones_like radians rcbrt reciprocal relu rint round rsqrt "
    "sigmoid sign sin sinh softsign sqrt square tan tanh trunc zeros_like"
).split()
SCALAR = (
    "_plus_scalar _minus_scalar _rminus_scalar _mul_scalar _div_scalar _rdiv_scalar _power_scalar "
    "_maximum_scalar _minimum_scalar _equal_scalar _not_equal_scalar _greater_scalar "
    "_greater_equal_scalar _lesser_scalar _lesser_equal_scalar _scatter_plus_scalar "
    "_scatter_minus_scalar"
).split()
BINARY = (
    "elemwise_add elemwise_sub elemwise_mul elemwise_div _maximum _minimum _hypot _power _equal "
    "_greater _scatter_elemwise_div _identity_with_attr_like_rhs broadcast_add broadcast_sub "
    "broadcast_mul broadcast_div broadcast_maximum"
).split()
BROADCAST = "broadcast_add broadcast_sub broadcast_mul broadcast_div".split()

CASES = [
    *(case(op, A / 4) for op in UNARY),
    *(case(op, A, scalar=s) for op in SCALAR for s in (0.0, 2.0, -1.5)),
    *(case(op, A, B) for op in BINARY),
    *(case(op, A, other) for op in BROADCAST for other in (ROWS, COLUMNS, VECTOR, NUMBER)),
    *(case(op, A) for op in ("BlockGrad", "_copy", "make_loss", "Flatten", "shape_array")),
    case("Cast", A, dtype="float64"),
    case("amp_cast", A, dtype="float16"),
    case("clip", A, a_min=-0.5, a_max=0.7),
    case("clip", A, a_min=0.1, a_max=0.7),
    case("smooth_l1", A, scalar=1.0),
    case("LeakyReLU", A, act_type="leaky", slope=0.2),
    case("Activation", A, act_type="relu"),
    case("transpose", A),
    case("Reshape", A, shape=(5, 6)),
    case("expand_dims", A, axis=0),
    case("SoftmaxOutput", A, np.array([0, 1, 2, 3, 4, 0.0])),
    case("add_n", A, B, num_args=2),
    case("add_n", A, B, C, num_args=3),
    *(
        case(op, A, **axes)
        for op in ("sum", "mean")
        for axes in ({}, {"axis": 0}, {"axis": 1}, {"axis": 1, "keepdims": True}, {"axis": (0, 1)})
    ),
    *(case(op, A, axis=1) for op in ("max", "prod", "argmax")),
    *(
        case("norm", A, **attrs)
        for attrs in ({}, {"axis": 0}, {"axis": 1, "keepdims": True}, {"ord": 1}, {"axis": (0, 1)})
    ),
    *(
        case("_square_sum", A, **axes)
        for axes in ({}, {"axis": 0}, {"axis": 1}, {"axis": 1, "keepdims": True})
    ),
    *(
        case("dot", *arrays, transpose_a=ta, transpose_b=tb, **stype)
        for ta, tb, arrays in (
            (False, False, (A, SQUARE)),
            (True, False, (A, B)),
            (False, True, (A, B)),
            (True, True, (A, SQUARE)),
        )
        for stype in ({}, *({"forward_stype": s} for s in ("default", "csr", "row_sparse")))
    ),
    case("dot", A, VECTOR),
    case("batch_dot", R.normal(size=(2, 3, 4)), R.normal(size=(2, 4, 2))),
    case("FullyConnected", A, R.normal(size=(3, 5)), R.normal(size=(3,)), num_hidden=3),
    *(
        case("slice", A, **box)
        for box in (
            {"begin": (1,), "end": (5,)},
            {"begin": (None, 1), "end": (None, 4)},
            {"begin": (2, 0), "end": (6, 3)},
            {"begin": (0,), "end": (6,), "step": (2,)},
        )
    ),
    case("slice_axis", A, axis=0, begin=1, end=4),
    case("slice_axis", A, axis=1, begin=1, end=4),
    case("slice_like", A, R.normal(size=(3, 2))),
    case("split", A, num_outputs=2, axis=0),
    *(case("Concat", A, B, dim=dim, num_args=2) for dim in (0, 1)),
    case("stack", A, B, num_args=2),
    case("where", A, B, C),
    case("where", VECTOR, SQUARE, SQUARE + 1),
    *(
        case("take", A, PICKED, **attrs)
        for attrs in ({}, {"mode": "wrap"}, {"axis": 1}, {"mode": "raise"})
    ),
    case("take", A, np.array([[0, 1], [3, 2]])),
    case("Embedding", np.array([4, 0, 4, 2]), A, input_dim=6, output_dim=5),
    case("Embedding", np.array([4, 0, 4, 2]), A, input_dim=6, output_dim=5, sparse_grad=True),
    case("_contrib_SparseEmbedding", np.array([4, 0, 4, 2]), A, input_dim=6, output_dim=5),
    case("_sparse_retain", A, np.array([4, 0, 2])),
    *(case("cast_storage", A, stype=s) for s in ("default", "csr", "row_sparse")),
    case("sgd_update", A, B, **DECAY),
    case("sgd_update", A, B, **DECAY, lazy_update=False),
    case("sgd_mom_update", A, B, POSITIVE, **DECAY, momentum=0.9),
    case("sgd_mom_update", A, B, POSITIVE, **DECAY, momentum=0.9, lazy_update=False),
    case("adam_update", A, B, C, POSITIVE, **DECAY),
    case("adam_update", A, B, C, POSITIVE, **DECAY, lazy_update=False),
    case("ftrl_update", A, B, C, POSITIVE, **DECAY),
    case("_sparse_adagrad_update", A, B, POSITIVE, **STEP),
    case("_contrib_group_adagrad_update", A, B, BY_ROW, **STEP),
    case("nag_mom_update", A, B, C, **DECAY, momentum=0.9),
    case("rmsprop_update", A, B, POSITIVE, **DECAY),
    case("signsgd_update", A, B, **DECAY),
    case("_contrib_getnnz", A),
]

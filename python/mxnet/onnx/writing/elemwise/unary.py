"""Functions of one array that ONNX has under another name."""

from ..registry import renames, translates

renames(
    {
        "_npi_absolute": "Abs",
        "_npi_arccos": "Acos",
        "_npi_arccosh": "Acosh",
        "_npi_arcsin": "Asin",
        "_npi_arcsinh": "Asinh",
        "_npi_arctan": "Atan",
        "_npi_arctanh": "Atanh",
        "_npi_ceil": "Ceil",
        "_npi_cos": "Cos",
        "_npi_cosh": "Cosh",
        "_npi_exp": "Exp",
        "_npi_floor": "Floor",
        "_npi_log": "Log",
        "_npi_negative": "Neg",
        "_npi_reciprocal": "Reciprocal",
        "_npi_rint": "Round",
        "_npi_sin": "Sin",
        "_npi_sinh": "Sinh",
        "_npi_sqrt": "Sqrt",
        "_npi_tan": "Tan",
        "_npi_tanh": "Tanh",
        "_npx_relu": "Relu",
        "_npx_sigmoid": "Sigmoid",
        "abs": "Abs",
        "arccos": "Acos",
        "arccosh": "Acosh",
        "arcsin": "Asin",
        "arcsinh": "Asinh",
        "arctan": "Atan",
        "arctanh": "Atanh",
        "ceil": "Ceil",
        "cos": "Cos",
        "cosh": "Cosh",
        "erf": "Erf",
        "exp": "Exp",
        "floor": "Floor",
        "log": "Log",
        "negative": "Neg",
        "reciprocal": "Reciprocal",
        "relu": "Relu",
        "sigmoid": "Sigmoid",
        "sin": "Sin",
        "sinh": "Sinh",
        "softsign": "Softsign",
        "sqrt": "Sqrt",
        "tan": "Tan",
        "tanh": "Tanh",
    }
)


@translates(
    "BlockGrad",
    "IdentityAttachKLSparseReg",
    "MakeLoss",
    "_contrib_gradientmultiplier",
    "_copy",
    "_copyto",
    "_CrossDeviceCopy",
    "_identity_with_attr_like_rhs",
    "_np_copy",
    "cast_storage",
    "make_loss",
    ignores=(
        "grad_scale",
        "momentum",
        "normalization",
        "penalty",
        "scalar",
        "sparseness_target",
        "stype",
        "valid_thresh",
    ),
    unused=("rhs", "moving_avg"),
    kind="one",
)
def identity(node, g):
    return node.inputs[0]


@translates("Cast", "amp_cast", kind="one", ignores=("dtype",))
def cast(node, g):
    return node.input_as(0, node.out_dtype())


@translates("amp_multicast", ignores=("cast_narrow", "num_outputs"))
def amp_multicast(node, g):
    return [node.input_as(i, node.out_dtype(i)) for i in range(len(node.inputs))]

"""Classes drawn with given probabilities."""

import numpy as np

from ..dtypes import code_of
from ..registry import translates


@translates("_sample_multinomial", ignores=("dtype",))
def multinomial(node, g):
    """ONNX wants logarithms, and always one axis of probabilities and one of draws."""
    attrs, dtype = node.attrs, node.out_dtype()
    if attrs.get_prob:
        node.refuse("has no meaning in ONNX", "False is expected", "get_prob")
    rows = node.inputs[0] if node.rank() == 2 else g.unsqueeze(node.inputs[0], 0)
    if node.rank() > 2:
        node.refuse("needs one row or a matrix", "reshape its input")
    count = int(np.prod(attrs.shape or (1,)))
    whole = dtype if dtype in (np.int32, np.int64) else np.dtype("int32")
    found = g.Multinomial(g.Log(rows), sample_size=count, dtype=code_of(whole))
    found = found if whole == dtype else g.cast(found, dtype)
    return g.reshape(found, node.out_dims())

"""The errors of an operator, by making them."""

import mxnet as mx

from . import facts


def error_of(fault):
    """The message of the error that a wrong call gives."""
    arrays = [
        facts.run.to_nd(a, fault.dtype if a.dtype.kind == "f" else a.dtype.name)
        for a in fault.inputs
    ]
    try:
        result = facts.run.function(mx.nd, fault.op)(*arrays, **fault.attrs)
        for each in result if isinstance(result, (list, tuple)) else [result]:
            each.wait_to_read()
    except (mx.MXNetError, ValueError, TypeError) as error:
        return str(error).splitlines()[0]
    raise AssertionError(f"{fault.op}: {fault.attrs} is no error")

"""`mxnet.base` held three names; older programs import its helpers for C values and classes."""

import array
import ctypes

import numpy as np
import pytest

from mxnet import base
from mxnet.base import check_call, classproperty


def test_c_values():
    assert base.c_str("äb").value == "äb".encode()
    assert base.py_str(b"abc") == "abc"
    assert list(base.c_array(base.mx_uint, [1, 2])) == [1, 2]
    assert list(base.c_str_array(["a", "b"])) == [b"a", b"b"]
    numbers = array.array("i", [1, 2])
    shared = base.c_array_buf(ctypes.c_int, numbers)
    numbers[0] = 7
    assert list(shared) == [7, 2]

    class Holder:
        handle = base.NDArrayHandle(5)

    assert list(base.c_handle_array([Holder, Holder])) == [5, 5]


def test_memory_behind_pointers():
    text = ctypes.cast(ctypes.create_string_buffer(b"a\0c"), ctypes.POINTER(ctypes.c_char))
    assert base.ctypes2buffer(text, 3) == bytearray(b"a\0c")
    numbers = (ctypes.c_float * 6)(*range(6))
    shared = base.ctypes2numpy_shared(ctypes.cast(numbers, base.mx_float_p), (2, 3))
    numbers[0] = 9
    assert shared.dtype == np.float32 and shared.tolist() == [[9, 1, 2], [3, 4, 5]]
    with pytest.raises(TypeError, match="a pointer to c_float is expected"):
        base.ctypes2numpy_shared(numbers, (2, 3))
    with pytest.raises(TypeError, match="a pointer to c_char is expected"):
        base.ctypes2buffer(b"abc", 3)


def test_statuses():
    check_call(0)
    with pytest.raises(base.MXNetError, match="ret=-1 tells of a failure"):
        check_call(-1)


def test_classes():
    class Thing:
        @classproperty
        def label(cls):
            return cls.__name__

    class Other(Thing):
        pass

    assert (Thing.label, Other.label, Other().label) == ("Thing", "Other", "Other")

    class Meta(type):
        pass

    class Made(base.with_metaclass(Meta, dict)):
        pass

    assert type(Made) is Meta and Made.__mro__ == (Made, dict, object)


def test_documents_of_parameters():
    described = (["a", "b", "a", "num_args"], ["int", "float", "int", "x"], ["one", "", "two", ""])
    assert base.build_param_doc(*described) == (
        "Parameters\n----------\na : int\n    one\nb : float\n"
    )
    assert base.build_param_doc(*described, remove_dup=False).endswith("a : int\n    two\n")


def test_errors_tell_their_function():
    error = base.NotImplementedForSymbol(len, "alias")
    assert (error.function, error.alias) == ("len", "alias") and "alias is expected" in str(error)
    assert base.error_types["ValueError"] is base.register_error(
        "ValueError", base.error_types["ValueError"]
    )

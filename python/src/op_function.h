#pragma once
#include "op_signature.h"

namespace mx::python {

/// A function that applies one operator; CPython calls it without making a tuple or a dict.
struct OpFunction {
  PyObject_HEAD vectorcallfunc vectorcall;
  PyObject* dict;
  PyObject* op_name;
  PyObject* hint;          ///< how symbols without a name are called
  Interface interface;     ///< of its results, whatever its inputs are
  OpSignature* signature;  ///< made at the first call
  ParamsCache* params;

  /// Throws: ValueError when there is no such operator.
  const OpSignature& get_signature() {
    if (!signature) {
      signature = new OpSignature(get_op(text_of(op_name)));
      params = new ParamsCache;
    }
    return *signature;
  }
};

/// The calls of mx.nd.<operator> and mx.sym.<operator>, and of functions that take both.
PyObject* call_with_arrays(PyObject* callable, PyObject* const* args, size_t num_args_flags,
                           PyObject* keyword_names) noexcept;
PyObject* call_with_symbols(PyObject* callable, PyObject* const* args, size_t num_args_flags,
                            PyObject* keyword_names) noexcept;
PyObject* call_with_either(PyObject* callable, PyObject* const* args, size_t num_args_flags,
                           PyObject* keyword_names) noexcept;

}  // namespace mx::python

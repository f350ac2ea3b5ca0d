#pragma once
#include <nanobind/nanobind.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <string>
#include <utility>
#include <vector>

#include "base/param.h"
#include "gil.h"
#include "ndarray/ndarray.h"

namespace mx {
class Op;
class Symbol;
}  // namespace mx

/// What the files of the extension module share: conversions between Python objects and the core's
/// types, and the translation of errors. Everything here is called with the GIL held.
namespace mx::python {

namespace nb = nanobind;

/// Whether an argument is true, as Python sees it: programs give 0 and 1, and NumPy's bools, too.
struct Truth {
  bool value = false;
  operator bool() const { return value; }
};

/// The Python type objects that conversions compare with; set when the module is loaded.
struct Types {
  PyTypeObject* ndarray = nullptr;
  PyTypeObject *csr = nullptr, *row_sparse = nullptr;  ///< once mxnet.ndarray.sparse is imported
  PyTypeObject *numpy_array = nullptr, *numpy_symbol = nullptr;  ///< once mxnet.numpy is imported
  PyTypeObject* context = nullptr;
  PyTypeObject* symbol = nullptr;
  PyObject* null = nullptr;  ///< mxnet.base._Null: an argument that was not given
};
extern Types types;

/// Raises an error of the class of mxnet.error that is registered under this name.
[[noreturn]] void raise_error(std::string_view name, const std::string& message);
/// Refuses an argument of a wrong type, where programs of 1.9.1 catch an AssertionError.
template <typename... Args>
[[noreturn]] void refuse_type(const Args&... args) {
  raise_error("AssertedTypeError", concat(args...));
}
/// Refuses a name, where programs of 1.9.1 catch a KeyError.
template <typename... Args>
[[noreturn]] void refuse_name(const Args&... args) {
  raise_error("UnknownNameError", concat(args...));
}
/// Sets the Python error that belongs to the C++ exception in flight.
void set_python_error();
/// Runs `body` (which returns a new reference) for code that CPython calls directly.
template <typename Body>
PyObject* guarded(Body&& body) noexcept {
  try {
    return body();
  } catch (...) {
    set_python_error();
    return nullptr;
  }
}
/// An owned reference from a CPython call; throws the Python error when it is null.
inline nb::object owned(PyObject* object) {
  if (!object) throw nb::python_error();
  return nb::steal(object);
}

inline PyObject* new_ref(PyObject* object) {
  Py_INCREF(object);
  return object;
}

inline bool is_array(PyObject* object) { return PyObject_TypeCheck(object, types.ndarray); }
/// The array inside an NDArray object, which must be one.
inline NDArray& array_in(PyObject* object) { return *nb::inst_ptr<NDArray>(object); }
/// The same for an operator. Throws: ValueError when the array holds nothing.
const NDArray& given_array_in(PyObject* object);
/// The symbol inside a Symbol object, which must be one.
inline Symbol& symbol_in(PyObject* object) { return *nb::inst_ptr<Symbol>(object); }
/// The array itself, or a dense copy of a sparse one.
NDArray dense_form(const NDArray& array);

/// Which functions an array or a symbol is computed with: those of mx.nd and mx.sym, or those of
/// mx.np. Only the Python class tells; a result is of mx.np where the operator or an input is.
enum class Interface { kLegacy, kNumpy };
/// Of an array or a symbol. The second kind is a subclass of the first.
inline Interface interface_of(PyObject* object) {
  if (Py_TYPE(object) == types.ndarray) return Interface::kLegacy;
  const bool is_numpy = types.numpy_array && (PyObject_TypeCheck(object, types.numpy_array) ||
                                              PyObject_TypeCheck(object, types.numpy_symbol));
  return is_numpy ? Interface::kNumpy : Interface::kLegacy;
}
/// kNumpy where one of them is.
inline Interface operator|(Interface a, Interface b) { return a == b ? a : Interface::kNumpy; }
/// A new NDArray object; of a subclass for sparse arrays and those of mx.np. Returns a new
/// reference.
PyObject* wrap_array(NDArray array, Interface interface = Interface::kLegacy);
/// A new Symbol object, or one of the subclass of mx.np. Returns a new reference.
PyObject* wrap_symbol(Symbol symbol, Interface interface = Interface::kLegacy);

/// Text as std::string_view into the object; throws the Python error if it is no text.
std::string_view text_of(PyObject* text);
/// str(object).
std::string str_of(PyObject* object);

PyObject* shape_to_tuple(const Shape& shape);
/// An int or a sequence of ints (None for an unknown dimension). Throws: TypeError naming `who`.
Shape shape_from(PyObject* object, std::string_view who);

/// The class or dtype that NumPy has for it, as 1.9.1 gives it. Borrowed.
PyObject* dtype_to_python(DType dtype);
/// Whatever NumPy understands as a dtype, and "bfloat16". Throws: TypeError.
DType dtype_from(PyObject* object);

/// Context, or its text: "cpu", "gpu(1)". None is the current context. Throws: TypeError.
Device device_from(PyObject* object);
PyObject* wrap_device(Device device);
/// The context of the innermost `with` block of this thread.
Device current_device();
void set_current_device(Device device);

/// An argument of an operator as a caller wrote it.
AttrValue attr_value_from(PyObject* object);
/// Whether objects of this kind never change, so that equal identity means equal value.
bool is_constant(PyObject* object);

/// Applies an operator eagerly, on the tape while recording.
void run_op(const Op& op, const Params& params, std::span<const NDArray> in,
            std::vector<NDArray>& out, Device device);
/// The same for an operator that a program names or writes as a sign: inputs are cast as
/// `mx.contrib.amp.init` asked for.
void run_called_op(const Op& op, const Params& params, std::span<const NDArray> in,
                   std::vector<NDArray>& out, Device device);

/// Tells the tape that `view`, which shares memory with `array`, is the result of an operator.
NDArray view_op(const Op& op, const Params& params, const NDArray& array, NDArray view);

void bind_anomaly(nb::module_& m);
void bind_cached_op(nb::module_& m);
void bind_comm(nb::module_& m);
void bind_context(nb::module_& m);
void bind_custom_op(nb::module_& m);
void bind_dtypes(nb::module_& m);
void bind_dlpack(nb::module_& m);
void bind_engine(nb::module_& m);
void bind_autograd(nb::module_& m);
void bind_library(nb::module_& m);
void bind_mixed_precision(nb::module_& m);
void bind_ndarray(nb::module_& m);
void bind_numpy(nb::module_& m);
void bind_op_function(nb::module_& m);
void bind_params(nb::module_& m);
void bind_profile(nb::module_& m);
void bind_sparse(nb::module_& m);
void bind_symbol(nb::module_& m);
void bind_symbol_infer(nb::module_& m);
void bind_executor(nb::module_& m);
void bind_features(nb::module_& m);
void bind_random(nb::module_& m);
void bind_registry(nb::module_& m);
/// Slots of the NDArray class for arithmetic and comparison.
std::span<const PyType_Slot> arithmetic_slots();
/// Slots of the NDArray class for x[key].
std::span<const PyType_Slot> indexing_slots();

}  // namespace mx::python

template <>
struct nanobind::detail::type_caster<mx::python::Truth> {
  NB_TYPE_CASTER(mx::python::Truth, const_name("bool"))

  bool from_python(handle source, uint8_t, cleanup_list*) noexcept {
    const int truth = PyObject_IsTrue(source.ptr());
    if (truth < 0) PyErr_Clear();  // an array of several elements, for one
    value.value = truth > 0;
    return truth >= 0;
  }
};

#include <new>

#include "binding.h"

namespace mx::python {
namespace {

/// The class in mxnet.error for a kind of error.
PyObject* error_class(ErrorKind kind) {
  static PyObject* const table =
      nb::object(nb::module_::import_("mxnet.error").attr("_CLASS_OF_KIND")).release().ptr();
  PyObject* found = PyDict_GetItem(table, nb::str(error_kind_name(kind).data()).ptr());
  return found ? found : PyExc_RuntimeError;
}

}  // namespace

void set_python_error() {
  try {
    throw;
  } catch (nb::python_error& error) {
    error.restore();
  } catch (const Error& error) {
    try {
      PyErr_SetString(error_class(error.kind()), error.what());
    } catch (...) {
      PyErr_SetString(PyExc_RuntimeError, error.what());
    }
  } catch (const std::bad_alloc&) {
    PyErr_NoMemory();
  } catch (const std::exception& error) {
    PyErr_SetString(PyExc_RuntimeError, error.what());
  }
}

}  // namespace mx::python

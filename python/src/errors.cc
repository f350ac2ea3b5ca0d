#include <cerrno>
#include <new>

#include "binding.h"
#include "io/formats/scoped_file.h"

namespace mx::python {
namespace {

/// The class in mxnet.error for a kind of error, or of that name.
PyObject* error_class(std::string_view name) {
  static PyObject* const table =
      nb::object(nb::module_::import_("mxnet.error").attr("_CLASS_OF_KIND")).release().ptr();
  PyObject* found = PyDict_GetItem(table, nb::str(name.data(), name.size()).ptr());
  return found ? found : PyExc_RuntimeError;
}

/// Sets an OSError whose text is the message alone, with the number that programs look at.
void set_system_error(const SystemError& error) {
  const char* const name = error.number() == ENOENT ? "FileNotFoundError" : "OSError";
  const nb::object raised = nb::borrow(error_class(name))(error.what());
  raised.attr("errno") = error.number();
  PyErr_SetObject(raised.type().ptr(), raised.ptr());
}

}  // namespace

void raise_error(std::string_view name, const std::string& message) {
  PyErr_SetString(error_class(name), message.c_str());
  throw nb::python_error();
}

void set_python_error() {
  try {
    throw;
  } catch (nb::python_error& error) {
    error.restore();
  } catch (const SystemError& error) {
    try {
      set_system_error(error);
    } catch (...) {
      PyErr_SetString(PyExc_OSError, error.what());
    }
  } catch (const Error& error) {
    try {
      PyErr_SetString(error_class(error_kind_name(error.kind())), error.what());
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

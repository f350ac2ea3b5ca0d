#include "binding.h"

namespace mx::python {
namespace {

bool is_int(PyObject* object) {
  return PyLong_Check(object) || (PyIndex_Check(object) && !PyUnicode_Check(object));
}

int64_t int_from(PyObject* object) {
  const nb::object index = owned(PyNumber_Index(object));
  const int64_t value = PyLong_AsLongLong(index.ptr());
  if (value == -1 && PyErr_Occurred()) throw nb::python_error();
  return value;
}

/// (1, 2) as integers, (1, 0.5) as numbers; other sequences as their text, for instance (None, 1).
AttrValue sequence_value(PyObject* object) {
  const nb::object fast = owned(PySequence_Fast(object, "a sequence"));
  const Py_ssize_t size = PySequence_Fast_GET_SIZE(fast.ptr());
  PyObject** items = PySequence_Fast_ITEMS(fast.ptr());
  bool ints = true, numbers = true;
  for (Py_ssize_t i = 0; i < size; ++i) {
    const bool is_integer = is_int(items[i]);
    ints &= is_integer;
    numbers &= is_integer || PyFloat_Check(items[i]);
  }
  if (ints) {
    std::vector<int64_t> values(static_cast<size_t>(size));
    for (Py_ssize_t i = 0; i < size; ++i) values[static_cast<size_t>(i)] = int_from(items[i]);
    return values;
  }
  if (!numbers) return str_of(object);
  std::vector<double> values(static_cast<size_t>(size));
  for (Py_ssize_t i = 0; i < size; ++i) {
    values[static_cast<size_t>(i)] = PyFloat_AsDouble(items[i]);
    if (PyErr_Occurred()) throw nb::python_error();
  }
  return values;
}

/// np.float32, np.dtype('int8'), float: what stands for a dtype.
bool is_dtype_like(PyObject* object) {
  if (PyType_Check(object)) return true;
  return std::string_view(Py_TYPE(object)->tp_name).find("dtype") != std::string_view::npos ||
         std::string_view(Py_TYPE(object)->tp_name).find("DType") != std::string_view::npos;
}

}  // namespace

AttrValue attr_value_from(PyObject* object) {
  if (object == Py_None) return std::monostate{};
  if (PyBool_Check(object)) return object == Py_True;
  if (PyLong_CheckExact(object)) return int_from(object);
  if (PyFloat_Check(object)) return PyFloat_AS_DOUBLE(object);
  if (PyUnicode_Check(object)) return std::string(text_of(object));
  if (PyTuple_Check(object) || PyList_Check(object)) return sequence_value(object);
  if (is_dtype_like(object)) return std::string(dtype_name(dtype_from(object)));
  if (is_array(object)) return str_of(object);
  if (PySequence_Check(object)) {
    if (PySequence_Size(object) >= 0) return sequence_value(object);
    PyErr_Clear();  // a NumPy array without dimensions
  }
  if (is_int(object)) {
    const nb::object index = nb::steal(PyNumber_Index(object));
    if (index) return int_from(index.ptr());
    PyErr_Clear();
  }
  if (PyNumber_Check(object)) {
    const nb::object number = nb::steal(PyNumber_Float(object));
    if (number) return PyFloat_AS_DOUBLE(number.ptr());
    PyErr_Clear();
  }
  return str_of(object);
}

namespace {

bool is_numpy_dtype(PyObject* object) {
  static auto* const type = reinterpret_cast<PyTypeObject*>(
      nb::object(nb::module_::import_("numpy").attr("dtype")).release().ptr());
  return PyObject_TypeCheck(object, type);
}

}  // namespace

bool is_constant(PyObject* object) {
  if (object == Py_None || PyBool_Check(object) || PyLong_CheckExact(object) ||
      PyFloat_CheckExact(object) || PyUnicode_CheckExact(object))
    return true;
  if (!PyTuple_CheckExact(object)) return PyType_Check(object) || is_numpy_dtype(object);
  for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(object); ++i)
    if (!PyLong_CheckExact(PyTuple_GET_ITEM(object, i)) &&
        !PyFloat_CheckExact(PyTuple_GET_ITEM(object, i)))
      return false;
  return true;
}

}  // namespace mx::python

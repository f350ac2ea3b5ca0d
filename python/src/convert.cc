#include <array>

#include "binding.h"

namespace mx::python {

std::string_view text_of(PyObject* text) {
  Py_ssize_t size = 0;
  const char* data = PyUnicode_AsUTF8AndSize(text, &size);
  if (!data) throw nb::python_error();
  return {data, static_cast<size_t>(size)};
}

namespace {

/// (1, 2) or [1, 2] with str() of each item, as repr writes them before NumPy 2 put its types'
/// names there.
std::string text_of_sequence(PyObject* object) {
  const bool is_tuple = PyTuple_Check(object);
  std::string text = is_tuple ? "(" : "[";
  const Py_ssize_t size = PySequence_Fast_GET_SIZE(object);
  for (Py_ssize_t i = 0; i < size; ++i) {
    PyObject* item = PySequence_Fast_GET_ITEM(object, i);
    text += (i ? ", " : "") + (PyUnicode_Check(item) ? "'" + str_of(item) + "'" : str_of(item));
  }
  return text + (is_tuple ? size == 1 ? ",)" : ")" : "]");
}

}  // namespace

std::string str_of(PyObject* object) {
  if (PyTuple_CheckExact(object) || PyList_CheckExact(object)) return text_of_sequence(object);
  return std::string(text_of(owned(PyObject_Str(object)).ptr()));
}

PyObject* shape_to_tuple(const Shape& shape) {
  if (!shape.has_rank()) Py_RETURN_NONE;
  PyObject* tuple = PyTuple_New(shape.ndim());
  if (!tuple) return nullptr;
  for (int i = 0; i < shape.ndim(); ++i) {
    PyObject* number = PyLong_FromLongLong(shape[i]);
    if (!number) {
      Py_DECREF(tuple);
      return nullptr;
    }
    PyTuple_SET_ITEM(tuple, i, number);
  }
  return tuple;
}

Shape shape_from(PyObject* object, std::string_view who) {
  const AttrValue value = attr_value_from(object);
  Shape shape;
  if (!codec::Codec<Shape>::assign(value, shape) || !shape.has_rank())
    fail(ErrorKind::kType, who, ": shape=", str_of(object),
         " is not a shape; expected an int or a tuple of ints");
  return shape;
}

namespace {

constexpr DType kDTypes[] = {DType::kFloat32, DType::kFloat64, DType::kFloat16,
                             DType::kUint8,   DType::kInt32,   DType::kInt8,
                             DType::kInt64,   DType::kBool,    DType::kBfloat16};

struct DTypeEntry {
  DType dtype;
  PyObject* object;
};

/// NumPy's class of each dtype; bfloat16, which NumPy lacks, is a record of 16 bits as in 1.9.1.
const std::array<DTypeEntry, std::size(kDTypes)>& dtype_table() {
  static const auto table = [] {
    const nb::object numpy = nb::module_::import_("numpy");
    std::array<DTypeEntry, std::size(kDTypes)> entries;
    for (size_t i = 0; i < entries.size(); ++i) {
      const std::string name(dtype_name(kDTypes[i]));
      nb::object object;
      if (kDTypes[i] == DType::kBfloat16) {
        nb::list fields;
        fields.append(nb::make_tuple(name, "<u2"));
        object = numpy.attr("dtype")(fields);
      } else {
        object = numpy.attr(kDTypes[i] == DType::kBool ? "bool_" : name.c_str());
      }
      entries[i] = {kDTypes[i], object.release().ptr()};
    }
    return entries;
  }();
  return table;
}

[[noreturn]] void fail_dtype(PyObject* object) {
  fail(ErrorKind::kType, "dtype=", str_of(object),
       " is not supported; expected float16, bfloat16, float32, float64, int8, uint8, int32, int64 "
       "or bool");
}

}  // namespace

PyObject* dtype_to_python(DType dtype) {
  for (const DTypeEntry& entry : dtype_table())
    if (entry.dtype == dtype) return entry.object;
  return Py_None;
}

DType dtype_from(PyObject* object) {
  for (const DTypeEntry& entry : dtype_table())
    if (entry.object == object) return entry.dtype;
  DType dtype = DType::kUnknown;
  if (PyUnicode_Check(object)) dtype = dtype_from_name(text_of(object));
  if (dtype != DType::kUnknown) return dtype;
  const nb::object numpy_dtype = nb::module_::import_("numpy").attr("dtype");
  const nb::object converted = nb::steal(PyObject_CallOneArg(numpy_dtype.ptr(), object));
  if (!converted) {
    PyErr_Clear();
    fail_dtype(object);
  }
  dtype = dtype_from_name(text_of(nb::object(converted.attr("name")).ptr()));
  if (dtype == DType::kUnknown && converted.equal(nb::handle(dtype_to_python(DType::kBfloat16))))
    dtype = DType::kBfloat16;
  if (dtype == DType::kUnknown) fail_dtype(object);
  return dtype;
}

void bind_dtypes(nb::module_& m) {
  m.def(
      "numpy_dtype",
      [](nb::handle dtype) {
        return nb::module_::import_("numpy").attr("dtype")(
            nb::handle(dtype_to_python(dtype_from(dtype.ptr()))));
      },
      "The NumPy dtype of anything that stands for one, \"bfloat16\" included.");
  m.def(
      "same_dtype",
      [](const NDArray& a, nb::handle dtype) { return a.dtype() == dtype_from(dtype.ptr()); },
      "Whether an array has this type.");
  m.def(
      "dtype_code",
      [](nb::handle dtype) {
        return dtype.is_none() ? -1 : static_cast<int>(dtype_from(dtype.ptr()));
      },
      "Number of a dtype in files; -1 for None.");
}

}  // namespace mx::python

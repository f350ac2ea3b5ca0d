#include "basic_index.h"

#include "ir/shape_meaning.h"

namespace mx::python {
namespace {

bool is_index(PyObject* object) {
  static PyObject* const numpy_integer =
      nb::object(nb::module_::import_("numpy").attr("integer")).release().ptr();
  return PyLong_Check(object) || PyObject_IsInstance(object, numpy_integer) == 1;
}

bool is_basic(PyObject* object, Interface interface) {
  if (interface == Interface::kNumpy && PyBool_Check(object)) return false;
  return object == Py_None || object == Py_Ellipsis || PySlice_Check(object) || is_index(object);
}

void take_int(PyObject* item, int64_t size, int axis, BasicIndex& index) {
  const int64_t given = PyNumber_AsSsize_t(item, PyExc_IndexError);
  if (given == -1 && PyErr_Occurred()) throw nb::python_error();
  if (given < -size || given >= size)
    fail(ErrorKind::kIndex, "index ", given, " is out of bounds for axis ", axis, " with size ",
         size);
  index.begin.push_back(given < 0 ? given + size : given);
  index.step.push_back(1);
  index.sliced.push_back(1);
}

void take_slice(PyObject* item, int64_t size, BasicIndex& index) {
  Py_ssize_t begin = 0, end = 0, step = 1;
  if (PySlice_Unpack(item, &begin, &end, &step)) throw nb::python_error();
  const Py_ssize_t length = PySlice_AdjustIndices(size, &begin, &end, step);
  index.begin.push_back(length ? begin : 0);
  index.step.push_back(length > 1 ? step : 1);
  index.sliced.push_back(length);
  index.result.push_back(length);
}

void take_whole_axis(int64_t size, BasicIndex& index) {
  index.begin.push_back(0);
  index.step.push_back(1);
  index.sliced.push_back(size);
  index.result.push_back(size);
}

/// How many axes the items take; -1 when the key is not basic.
int count_axes(std::span<PyObject* const> items, Interface interface) {
  int axes = 0, ellipses = 0;
  for (PyObject* item : items) {
    if (!is_basic(item, interface)) return -1;
    ellipses += item == Py_Ellipsis;
    axes += item != Py_None && item != Py_Ellipsis;
  }
  if (ellipses > 1)
    fail(ErrorKind::kIndex, "Cannot use more than one ellipsis (`...`) for indexing");
  return axes;
}

}  // namespace

std::optional<BasicIndex> parse_basic_index(PyObject* key, const Shape& shape,
                                            Interface interface) {
  PyObject* single[] = {key};
  std::span<PyObject* const> items(single, 1);
  if (PyTuple_Check(key))
    items = {PySequence_Fast_ITEMS(key), static_cast<size_t>(PyTuple_GET_SIZE(key))};
  else if (shape.ndim() == 0 && PySlice_Check(key))
    items = {};  // x[:] is all of x, also where x is one number
  const int axes = count_axes(items, interface);
  if (axes < 0) return std::nullopt;
  if (axes > shape.ndim())
    fail(ErrorKind::kIndex, "too many indices (", axes, ") for array with ", shape.ndim(),
         " dimensions");
  BasicIndex index;
  index.sliced = index.result = Shape({});
  int axis = 0;
  for (PyObject* item : items) {
    if (item == Py_None) {
      index.result.push_back(1);
    } else if (item == Py_Ellipsis) {
      for (const int stop = axis + shape.ndim() - axes; axis < stop; ++axis)
        take_whole_axis(shape[axis], index);
    } else if (PySlice_Check(item)) {
      take_slice(item, shape[axis], index), ++axis;
    } else {
      take_int(item, shape[axis], axis, index), ++axis;
    }
  }
  for (; axis < shape.ndim(); ++axis) take_whole_axis(shape[axis], index);
  const bool is_element = index.result.ndim() == 0 && shape.ndim() > 0;
  if (is_element && interface == Interface::kLegacy && !numpy_shapes()) index.result = Shape{1};
  return index;
}

bool BasicIndex::is_contiguous(const Shape& shape) const {
  if (sliced.size() == 0) return true;
  bool inside = false;  // behind the first axis of which more than one index is selected
  for (int i = 0; i < shape.ndim(); ++i) {
    if (step[static_cast<size_t>(i)] != 1 || (inside && sliced[i] != shape[i])) return false;
    inside |= sliced[i] > 1;
  }
  return true;
}

int64_t BasicIndex::offset(const Shape& shape) const {
  if (sliced.size() == 0) return 0;
  int64_t offset = 0;
  for (int i = 0; i < shape.ndim(); ++i) offset = offset * shape[i] + begin[static_cast<size_t>(i)];
  return offset;
}

std::vector<std::pair<const FieldInfo*, AttrValue>> slice_params(const ParamSchema& schema,
                                                                 const BasicIndex& index) {
  std::string end = "(";
  for (size_t i = 0; i < index.begin.size(); ++i) {
    const int64_t stop = index.begin[i] + index.step[i] * index.sliced[static_cast<int>(i)];
    end += (stop < 0 ? "None" : std::to_string(stop)) + ", ";
  }
  return {{schema.find("begin"), index.begin},
          {schema.find("end"), end + ")"},
          {schema.find("step"), index.step}};
}

}  // namespace mx::python

// x[key] and x[key] = value. Keys with lists or arrays are left to mxnet.ndarray._indexing.
#include "autograd/autograd.h"
#include "basic_index.h"
#include "ir/common_params.h"
#include "ir/op.h"

namespace mx::python {
namespace {

Params slice_params_of(const Op& op, const BasicIndex& index) {
  return Params::build(*op.param_schema, slice_params(*op.param_schema, index), op.name);
}

Params shape_params(const Op& op, const Shape& shape) {
  const std::pair<const FieldInfo*, AttrValue> values[] = {
      {op.param_schema->find("shape"), shape.to_vector()}};
  return Params::build(*op.param_schema, values, op.name);
}

NDArray run_one(const Op& op, const Params& params, std::span<const NDArray> in) {
  std::vector<NDArray> out;
  run_op(op, params, in, out, {});
  return out[0];
}

/// A view in another shape, on the tape while recording.
NDArray reshape_view(const NDArray& array, const Shape& shape) {
  if (array.shape() == shape) return array;
  NDArray view = array.reshape(shape);
  if (!autograd::is_recording() || !autograd::is_known(array)) return view;
  const Op& op = get_op("Reshape");
  return view_op(op, shape_params(op, shape), array, view);
}

/// What the key selects, in the sliced shape: a view where it is contiguous.
NDArray sliced_array(const NDArray& array, const BasicIndex& index) {
  const bool contiguous = index.is_contiguous(array.shape());
  if (!contiguous) {
    const Op& op = get_op("slice");
    return run_one(op, slice_params_of(op, index), std::span(&array, 1));
  }
  NDArray view = array.view(index.sliced, index.offset(array.shape()));
  if (!autograd::is_recording() || !autograd::is_known(array)) return view;
  const Op& op = get_op(index.is_full(array.shape()) ? "_copy" : "slice");
  const Params params =
      index.is_full(array.shape()) ? op.default_params() : slice_params_of(op, index);
  return view_op(op, params, array, view);
}

PyObject* call_advanced(const char* function, PyObject* self, PyObject* key, PyObject* value) {
  const nb::object module = nb::module_::import_("mxnet.ndarray._indexing");
  PyObject* is_numpy = interface_of(self) == Interface::kNumpy ? Py_True : Py_False;
  PyObject* args[] = {self, key, is_numpy, value};
  const nb::object callable = module.attr(function);
  return PyObject_Vectorcall(callable.ptr(), args, value ? 4 : 3, nullptr);
}

PyObject* get_item(PyObject* self, PyObject* key) noexcept {
  return guarded([&] {
    const NDArray& array = given_array_in(self);
    const std::optional<BasicIndex> index =
        parse_basic_index(key, array.shape(), interface_of(self));
    if (!index) return call_advanced("get_advanced", self, key, nullptr);
    return wrap_array(reshape_view(sliced_array(array, *index), index->result), interface_of(self));
  });
}

/// The value as an array of the target's dtype that can be broadcast to `shape`.
NDArray value_array(PyObject* value, const NDArray& target, const Shape& shape) {
  NDArray array;
  if (is_array(value)) {
    array = dense_form(given_array_in(value));
  } else {
    const nb::object convert = nb::module_::import_("mxnet.ndarray._indexing").attr("to_array");
    array = nb::cast<NDArray>(convert(nb::handle(value), nb::steal(wrap_device(target.device())),
                                      nb::handle(dtype_to_python(target.dtype()))));
  }
  if (array.device() != target.device()) {
    NDArray moved(array.shape(), array.dtype(), target.device());
    copy_array(array, moved);
    array = moved;
  }
  if (array.dtype() != target.dtype())
    array = run_one(get_op("Cast"), Params::of(CastParam{target.dtype()}), std::span(&array, 1));
  if (array.shape() == shape) return array;
  Shape aligned({});  // as many axes as the target
  const int extra = array.shape().ndim() - shape.ndim();
  for (int i = 0; i < -extra; ++i) aligned.push_back(1);
  for (int i = 0; i < array.shape().ndim(); ++i)
    if (i >= extra || array.shape()[i] != 1) aligned.push_back(array.shape()[i]);
  bool fits = aligned.ndim() == shape.ndim();
  for (int i = 0; fits && i < shape.ndim(); ++i) fits = aligned[i] == shape[i] || aligned[i] == 1;
  require(fits, "NDArray: value with the shape ", array.shape(), " cannot be broadcast to ", shape,
          "; expected a shape that can");
  array = reshape_view(array, aligned);
  if (aligned == shape) return array;
  const Op& op = get_op("broadcast_to");
  return run_one(op, shape_params(op, shape), std::span(&array, 1));
}

/// Fills what the key selects, which is contiguous.
void fill(const NDArray& array, const BasicIndex& index, double value) {
  static const Op& op = get_op("_full");
  const std::pair<const FieldInfo*, AttrValue> values[] = {
      {op.param_schema->find("shape"), index.sliced.to_vector()},
      {op.param_schema->find("value"), value},
      {op.param_schema->find("dtype"), std::string(dtype_name(array.dtype()))}};
  std::vector<NDArray> out{array.view(index.sliced, index.offset(array.shape()))};
  run_op(op, Params::build(*op.param_schema, values, op.name), {}, out, array.device());
}

void assign_number(const NDArray& array, const BasicIndex& index, double value) {
  if (index.is_contiguous(array.shape())) return fill(array, index, value);
  const Op& op = get_op("_slice_assign_scalar");
  std::vector<std::pair<const FieldInfo*, AttrValue>> values =
      slice_params(*op.param_schema, index);
  values.emplace_back(op.param_schema->find("scalar"), value);
  std::vector<NDArray> out{array};
  run_op(op, Params::build(*op.param_schema, values, op.name), std::span(&array, 1), out, {});
}

void assign_array(NDArray& array, const BasicIndex& index, const NDArray& value) {
  if (autograd::is_recording() && autograd::is_known(value)) {
    require(
        index.is_full(array.shape()),
        "NDArray: a recorded result is assigned to a part of an array; expected all of it, x[:] "
        "= ..., or an operator such as concat or where");
    autograd::copy_recorded(reshape_view(value, array.shape()), array);
  } else if (index.is_contiguous(array.shape())) {
    copy_array(value, array.view(index.sliced, index.offset(array.shape())));
  } else {
    const Op& op = get_op("_slice_assign");
    const NDArray in[] = {array, reshape_view(value, index.sliced)};
    std::vector<NDArray> out{array};
    run_op(op, slice_params_of(op, index), in, out, {});
  }
}

/// Throws where the tape forbids to write what the key selects.
void check_writable(const NDArray& array, const std::optional<BasicIndex>& index) {
  if (!autograd::is_recording()) return;
  NDArray target = array;
  if (index && index->is_contiguous(array.shape())) {
    target = array.view(index->sliced, index->offset(array.shape()));
    target.autograd = array.autograd;
  }
  autograd::check_writable("NDArray", target);
}

/// A Python or NumPy number.
bool as_number(PyObject* value, double* number) {
  static PyObject* const numpy_number =
      nb::object(nb::module_::import_("numpy").attr("generic")).release().ptr();
  if (!PyFloat_Check(value) && !PyLong_Check(value) &&
      PyObject_IsInstance(value, numpy_number) != 1)
    return false;
  *number = PyFloat_AsDouble(value);
  if (*number == -1.0 && PyErr_Occurred()) throw nb::python_error();
  return true;
}

int set_item(PyObject* self, PyObject* key, PyObject* value) noexcept {
  PyObject* done = guarded([&]() -> PyObject* {
    NDArray& array = array_in(self);
    require(static_cast<bool>(array), "NDArray: the array holds nothing that could be assigned");
    if (!value) fail(ErrorKind::kType, "NDArray: elements cannot be deleted");
    const std::optional<BasicIndex> index =
        parse_basic_index(key, array.shape(), interface_of(self));
    check_writable(array, index);
    if (!index) return call_advanced("set_advanced", self, key, value);
    double number = 0;
    if (index->sliced.size() == 0)
      ;
    else if (as_number(value, &number))
      assign_number(array, *index, number);
    else
      assign_array(array, *index, value_array(value, array, index->result));
    return new_ref(Py_None);
  });
  Py_XDECREF(done);
  return done ? 0 : -1;
}

}  // namespace

std::span<const PyType_Slot> indexing_slots() {
  static const PyType_Slot slots[] = {
      {Py_mp_subscript, reinterpret_cast<void*>(get_item)},
      {Py_mp_ass_subscript, reinterpret_cast<void*>(set_item)},
  };
  return slots;
}

}  // namespace mx::python

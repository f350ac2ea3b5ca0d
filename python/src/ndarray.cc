#include "autograd/autograd.h"
#include "binding.h"
#include "dispatch/invoke.h"
#include "dispatch/sparse_invoke.h"
#include "ir/common_params.h"
#include "ir/op.h"
#include "ndarray/sparse_array.h"
#include "profile/profile.h"

namespace mx::python {
namespace {

/// Guards against arrays that hold nothing.
const NDArray& checked(const NDArray& array) {
  require(static_cast<bool>(array), "NDArray: the array holds nothing; expected elements");
  return array;
}

nb::object copy_of(nb::handle self, Device device) {
  const NDArray& array = checked(array_in(self.ptr()));
  NDArray result = array.is_dense()
                       ? NDArray(array.shape(), array.dtype(), device)
                       : zero_sparse(array.storage(), array.shape(), array.dtype(), device);
  autograd::copy_recorded(array, result);
  return nb::steal(wrap_array(std::move(result), interface_of(self.ptr())));
}

/// Copies into an array that exists, converting the dtype when it differs.
void copy_into(const NDArray& from, NDArray& to) {
  require(from.shape() == to.shape(), "copyto: shape=", to.shape(), " of the target differs from ",
          from.shape(), "; expected equal shapes");
  autograd::copy_recorded(from, to);
}

/// The same memory in another shape, with the codes 0, -1 ... of the operator Reshape.
NDArray reshaped(const NDArray& array, const Shape& shape, bool reverse) {
  static const Op& op = get_op("Reshape");
  const std::pair<const FieldInfo*, AttrValue> values[] = {
      {op.param_schema->find("shape"), shape.to_vector()},
      {op.param_schema->find("reverse"), reverse}};
  const Params params = Params::build(*op.param_schema, values, op.name);
  const TensorType in[] = {{array.shape(), array.dtype()}};
  return view_op(op, params, array, array.reshape(infer_output_types(op, params, in)[0].shape));
}

/// Arrays of mx.nd give NumPy's class of numbers, those of mx.np what NumPy's arrays give.
nb::object dtype_of(nb::handle self) {
  const nb::handle number = dtype_to_python(array_in(self.ptr()).dtype());
  if (interface_of(self.ptr()) == Interface::kLegacy) return nb::borrow(number);
  static PyObject* const dtype =
      nb::object(nb::module_::import_("numpy").attr("dtype")).release().ptr();
  return nb::handle(dtype)(number);
}

void bind_properties(nb::class_<NDArray>& cls) {
  cls.def_prop_ro(
         "shape", [](const NDArray& a) { return nb::steal(shape_to_tuple(a.shape())); },
         "Dimensions (tuple of int).")
      .def_prop_ro(
          "stype", [](const NDArray& a) { return std::string(storage_name(a.storage())); },
          "Storage kind: 'default' (dense), 'csr' or 'row_sparse'.")
      .def_prop_ro(
          "ndim", [](const NDArray& a) { return a.shape().ndim(); }, "Number of dimensions.")
      .def_prop_ro(
          "size", [](const NDArray& a) { return checked(a).size(); }, "Number of elements.")
      .def_prop_ro("dtype", dtype_of,
                   "NumPy type of the elements; a numpy.dtype of arrays of mx.np.")
      .def_prop_ro(
          "context", [](const NDArray& a) { return checked(a).device(); }, "Where the array lives.")
      .def_prop_ro(
          "ctx", [](const NDArray& a) { return checked(a).device(); }, "Where the array lives.");
}

void bind_waits(nb::class_<NDArray>& cls) {
  cls.def(
         "wait_to_read",
         [](const NDArray& a) {
           checked(a);
           const profile::Span span(profile::kApi, "MXNET_C_API", "MXNDArrayWaitToRead");
           const ReleaseGil release;
           a.wait_to_read();
         },
         "Waits until all writes to this array so far are done.")
      .def(
          "wait_to_write",
          [](const NDArray& a) {
            checked(a);
            const ReleaseGil release;
            a.wait_to_write();
          },
          "Waits until all reads and writes of this array so far are done.");
}

void bind_copies(nb::class_<NDArray>& cls) {
  cls.def(
         "_copy_to",
         [](const NDArray& a, NDArray& to) {
           checked(to);
           copy_into(checked(a), to);
         },
         nb::arg("to"))
      .def(
          "_copy_to_device",
          [](nb::handle self, nb::handle device) {
            return copy_of(self, device_from(device.ptr()));
          },
          nb::arg("device"))
      .def(
          "_reshape",
          [](nb::handle self, nb::handle shape, Truth reverse) {
            return nb::steal(wrap_array(reshaped(checked(array_in(self.ptr())),
                                                 shape_from(shape.ptr(), "reshape"), reverse),
                                        interface_of(self.ptr())));
          },
          nb::arg("shape"), nb::arg("reverse") = false)
      .def("_view",
           [](nb::handle self, nb::handle shape, int64_t offset) {
             return nb::steal(wrap_array(
                 checked(array_in(self.ptr())).view(shape_from(shape.ptr(), "view"), offset),
                 interface_of(self.ptr())));
           })
      .def(
          "_with_interface",
          [](const NDArray& a, Truth numpy) {
            return nb::steal(wrap_array(a, numpy ? Interface::kNumpy : Interface::kLegacy));
          },
          nb::arg("numpy"), "The same array as an object of mx.np or of mx.nd.")
      .def("_become", [](NDArray& a, const NDArray& other) { a = other; })
      .def(
          "_overlaps",
          [](const NDArray& a, const NDArray& b) {
            return checked(a).chunk() == checked(b).chunk() &&
                   a.byte_offset() < b.byte_offset() + b.bytes() &&
                   b.byte_offset() < a.byte_offset() + a.bytes();
          },
          nb::arg("other"), "Whether a write to one array shows in the other.")
      .def("_same_memory", [](const NDArray& a, const NDArray& b) { return a.same_memory(b); });
}

void bind_functions(nb::module_& m) {
  m.def(
      "set_numpy_types",
      [](nb::handle array, nb::handle symbol) {
        types.numpy_symbol = reinterpret_cast<PyTypeObject*>(symbol.inc_ref().ptr());
        types.numpy_array = reinterpret_cast<PyTypeObject*>(array.inc_ref().ptr());
      },
      nb::arg("array"), nb::arg("symbol"), "The classes of mx.np's arrays and symbols.");
  m.def(
      "is_numpy", [](nb::handle value) { return interface_of(value.ptr()) == Interface::kNumpy; },
      nb::arg("value"), "Whether an array or a symbol is one of mx.np.");
  m.def(
      "empty",
      [](nb::handle shape, nb::handle ctx, nb::handle dtype) {
        const DType type = dtype.is_none() ? DType::kFloat32 : dtype_from(dtype.ptr());
        return NDArray(shape_from(shape.ptr(), "empty"), type, device_from(ctx.ptr()));
      },
      nb::arg("shape"), nb::arg("ctx").none() = nb::none(), nb::arg("dtype").none() = nb::none(),
      "An array with undefined elements.");
}

}  // namespace

namespace {

/// Imports what makes a subclass known, unless it is.
void need(PyTypeObject* type, const char* module) {
  if (!type) nb::module_::import_(module);
}

PyTypeObject* type_of(const NDArray& array, Interface interface) {
  if (!array.is_dense()) {
    need(types.csr, "mxnet.ndarray.sparse");
    return array.storage() == StorageKind::kCsr ? types.csr : types.row_sparse;
  }
  if (interface == Interface::kLegacy) return types.ndarray;
  need(types.numpy_array, "mxnet.numpy");
  return types.numpy_array;
}

}  // namespace

PyObject* wrap_array(NDArray array, Interface interface) {
  PyObject* type = reinterpret_cast<PyObject*>(type_of(array, interface));
  PyObject* object = nb::inst_alloc(type).release().ptr();
  new (nb::inst_ptr<NDArray>(object)) NDArray(std::move(array));
  nb::inst_mark_ready(object);
  return object;
}

void bind_ndarray(nb::module_& m) {
  std::vector<PyType_Slot> slots(arithmetic_slots().begin(), arithmetic_slots().end());
  slots.insert(slots.end(), indexing_slots().begin(), indexing_slots().end());
  slots.push_back({0, nullptr});
  auto cls = nb::class_<NDArray>(m, "NDArray", nb::type_slots(slots.data()),
                                 "An array on a device; operations on it are asynchronous.");
  types.ndarray = reinterpret_cast<PyTypeObject*>(cls.ptr());
  cls.def(
      "__init__",
      [](NDArray* self, nb::handle handle, bool) {
        new (self) NDArray(is_array(handle.ptr()) ? array_in(handle.ptr()) : NDArray());
      },
      nb::arg("handle").none() = nb::none(), nb::arg("writable") = true,
      "Share the memory of another array; without one the array holds nothing.");
  bind_properties(cls);
  bind_waits(cls);
  bind_copies(cls);
  bind_functions(m);
}

}  // namespace mx::python

#include "binding.h"
#include "profile/profile.h"

namespace mx::python {
namespace {

/// A C-contiguous buffer of a Python object.
class BufferView {
 public:
  BufferView(PyObject* object, int flags) {
    if (PyObject_GetBuffer(object, &view_, flags)) throw nb::python_error();
  }
  ~BufferView() { PyBuffer_Release(&view_); }
  BufferView(const BufferView&) = delete;
  BufferView& operator=(const BufferView&) = delete;
  void* data() const { return view_.buf; }
  size_t bytes() const { return static_cast<size_t>(view_.len); }

 private:
  Py_buffer view_;
};

PyObject* numpy_empty() {
  static PyObject* const function =
      nb::object(nb::module_::import_("numpy").attr("empty")).release().ptr();
  return function;
}

PyObject* asnumpy(PyObject* self, PyObject*) noexcept {
  return guarded([&] {
    require(static_cast<bool>(array_in(self)),
            "asnumpy: the array holds nothing; expected elements");
    const profile::Span span(profile::kApi, "MXNET_C_API", "MXNDArraySyncCopyToCPU");
    const NDArray array = dense_form(array_in(self));
    const nb::object shape = owned(shape_to_tuple(array.shape()));
    PyObject* args[] = {shape.ptr(), dtype_to_python(array.dtype())};
    nb::object result = owned(PyObject_Vectorcall(numpy_empty(), args, 2, nullptr));
    if (array.size() == 0) {
      const ReleaseGil release;
      array.wait_to_read();
    } else {
      BufferView view(result.ptr(), PyBUF_WRITABLE | PyBUF_C_CONTIGUOUS);
      const ReleaseGil release;
      array.copy_to_host(view.data());
    }
    return result.release().ptr();
  });
}

/// Copies a C-contiguous NumPy array of this array's dtype and size into it.
void copy_from_numpy(const NDArray& array, nb::handle source) {
  if (array.size() == 0) return;
  BufferView view(source.ptr(), PyBUF_C_CONTIGUOUS);
  require(view.bytes() == array.bytes(), "NDArray: ", view.bytes(), " bytes were given; expected ",
          array.bytes(), " for the shape ", array.shape());
  const ReleaseGil release;
  array.copy_from_host(view.data());
}

NDArray array_from_numpy(nb::handle source, nb::handle ctx, nb::handle dtype) {
  NDArray array(shape_from(nb::object(source.attr("shape")).ptr(), "array"),
                dtype_from(dtype.ptr()), device_from(ctx.ptr()));
  copy_from_numpy(array, source);
  return array;
}

}  // namespace

void bind_numpy(nb::module_& m) {
  static PyMethodDef method = {"asnumpy", asnumpy, METH_NOARGS,
                               "A NumPy array with a copy of the elements; waits for them."};
  nb::handle cls(reinterpret_cast<PyObject*>(types.ndarray));
  cls.attr("asnumpy") = owned(PyDescr_NewMethod(types.ndarray, &method));
  m.def("_array_from_numpy", &array_from_numpy, nb::arg("source"), nb::arg("ctx").none(),
        nb::arg("dtype"));
  m.def("_copy_from_numpy", &copy_from_numpy);
}

}  // namespace mx::python

#include "autograd/autograd.h"
#include "binding.h"

namespace mx::python {

const NDArray& dense_array_in(PyObject* object, NDArray& holder) {
  const NDArray& array = array_in(object);
  if (array) [[likely]]
    return array;
  if (Py_TYPE(object) != types.ndarray) {
    const nb::object dense = nb::handle(object).attr("tostype")("default");
    if (is_array(dense.ptr())) holder = array_in(dense.ptr());
  }
  require(static_cast<bool>(holder),
          "NDArray: the array holds nothing; expected one with elements");
  return holder;
}

void run_op(const Op& op, const Params& params, std::span<const NDArray> in,
            std::vector<NDArray>& out, Device device) {
  autograd::invoke_recorded(op, params, in, out, device);
}

NDArray view_op(const Op& op, const Params& params, const NDArray& array, NDArray view) {
  if (autograd::is_recording())
    autograd::record(op, params, std::span(&array, 1), std::span(&view, 1));
  return view;
}

}  // namespace mx::python

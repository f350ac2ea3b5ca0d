#include "autograd/autograd.h"
#include "binding.h"

namespace mx::python {

const NDArray& given_array_in(PyObject* object) {
  const NDArray& array = array_in(object);
  require(static_cast<bool>(array), "NDArray: the array holds nothing; expected one with elements");
  return array;
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

#include "autograd/autograd.h"
#include "binding.h"

namespace mx::python {

void run_op(const Op& op, const Params& params, std::span<const NDArray> in,
            std::vector<NDArray>& out, Device device) {
  autograd::invoke_recorded(op, params, in, out, device);
}

NDArray view_op(const Op& op, const Params& params, const NDArray& array, NDArray view) {
  if (autograd::is_recording()) autograd::record(op, params, std::span(&array, 1), std::span(&view, 1));
  return view;
}

}  // namespace mx::python

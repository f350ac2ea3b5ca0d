#pragma once
#include <span>
#include <vector>

#include "ndarray/ndarray.h"

namespace mx {
class Op;
class Params;
}  // namespace mx

namespace mx::autograd {

/// Runs an operator whose data say which of its graphs run (trait "control_flow"): it waits for the
/// condition, and the operators of the graphs run one by one, on the tape while the thread records.
/// New arrays, one for each output. Thread safety: any. Throws: errors of the condition and of the
/// operators.
std::vector<NDArray> run_control_flow(const Op& op, const Params& params,
                                      std::span<const NDArray> in, Device device);

}  // namespace mx::autograd

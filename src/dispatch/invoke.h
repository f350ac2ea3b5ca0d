#pragma once
#include <functional>
#include <span>
#include <vector>

#include "dispatch/kernel_registry.h"
#include "ir/gradient.h"
#include "ndarray/ndarray.h"

namespace mx {

/// Types of the outputs of one operator application.
/// Throws: the operator's own errors; ValueError when a shape stays unknown.
std::vector<TensorType> infer_output_types(const Op& op, const Params& params,
                                           std::span<const TensorType> in,
                                           std::span<const TensorType> known_out = {});

/// How results are written; by default everything is overwritten.
struct InvokeOptions {
  bool is_train = false;
  std::span<const WriteMode> write_modes;
  Device device;  ///< for operators without inputs
};

/// Runs one operator eagerly. `out` is filled with new arrays where it holds none; arrays that are
/// given are written (their shapes must fit). Inputs and outputs are on one device.
/// Chooses a kernel, or runs the decomposition where there is none. Thread safety: any.
/// Throws: errors of the arguments at once; errors of the kernel at once when it runs inline, else
/// where the outputs are waited for.
void invoke(const Op& op, const Params& params, std::span<const NDArray> in,
            std::vector<NDArray>& out, const InvokeOptions& options = {});

/// Runs one part of a decomposition; fills the outputs.
using InvokePart = std::function<void(const Node& part, const std::vector<NDArray>& in,
                                      std::vector<NDArray>& out)>;

/// Runs an operator as its decomposition, part by part; returns its outputs. Thread safety: any.
/// Throws: whatever `invoke_part` throws.
std::vector<NDArray> invoke_parts(const Op& op, const Params& params, std::span<const NDArray> in,
                                  const InvokePart& invoke_part);

}  // namespace mx

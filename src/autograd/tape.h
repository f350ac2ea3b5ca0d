#pragma once
#include <memory>
#include <vector>

#include "autograd/autograd.h"

namespace mx {

/// One recorded operator application with what its gradient needs. Inputs keep their AutogradInfo,
/// which is the way up the tape; outputs are kept without it, so that nothing refers to itself.
struct TapeNode : std::enable_shared_from_this<TapeNode> {
  const Op* op = nullptr;
  Params params;
  bool is_train = false;
  uint64_t sequence = 0;  ///< grows with time: a node is recorded after its inputs' nodes
  std::vector<NDArray> in, out;
  autograd::CustomBackward custom;  ///< in place of the operator's gradient

  /// Does not recurse, so that a tape of any length can be dropped.
  ~TapeNode();
};

namespace autograd {

/// The arrays of a gradient computation step: evaluates the nodes that a GradContext built.
/// Returns the gradients of the inputs for which `wanted` is set; others are none.
std::vector<NDArray> input_gradients(TapeNode& node, std::span<const NDArray> d_out,
                                     const std::vector<bool>& wanted, bool create_graph);

}  // namespace autograd
}  // namespace mx

#pragma once
#include <atomic>
#include <memory>
#include <vector>

#include "autograd/autograd.h"

namespace mx {

struct TapeNode;

/// The parts of a composite operator: users see one operator, so that what frees a part frees all.
/// Parts are added before anybody else knows an output.
struct TapeGroup {
  std::vector<std::weak_ptr<TapeNode>> parts;
  std::atomic<bool> released{false};
  /// Releases all parts; once.
  void release();
};

/// One recorded operator application with what its gradient needs. Inputs keep their AutogradInfo,
/// which is the way up the tape; outputs are kept without it, so that nothing refers to itself.
/// The memory of both is held (see Holds) until the node is released or dropped.
/// Thread safety: arrays are read by those who entered.
struct TapeNode : std::enable_shared_from_this<TapeNode> {
  const Op* op = nullptr;
  Params params;
  bool is_train = false;
  uint64_t sequence = 0;        ///< grows with time: a node is recorded after its inputs' nodes
  uint64_t first_constant = 0;  ///< number of the first input that was not known, the rest follow
  std::vector<NDArray> in, out;
  std::shared_ptr<autograd::Computation> custom;  ///< in place of an operator
  std::string_view name() const { return custom_name.empty() ? op->name : custom_name; }
  std::string custom_name;           ///< stays when the computation is dropped
  std::string source;                ///< the user's line, where anomalies are looked for
  std::shared_ptr<TapeGroup> group;  ///< whose part it is, if any

  /// What arrays that are output i point to.
  AutogradInfo* result(uint32_t i) { return i == 0 ? &first_result_ : &other_results_[i - 1]; }
  void make_results(uint32_t count);

  /// Does not recurse, so that a tape of any length can be dropped.
  ~TapeNode();

  /// A walk that uses the arrays begins. Returns false when they were released.
  bool enter();
  /// It ends. With `release` the arrays are dropped as soon as no other walk uses them.
  void leave(bool release);
  /// Whether its outputs are constants by now.
  bool is_released() const { return released_.load(std::memory_order_acquire); }
  /// Whether its gradient does not depend on the gradients of its outputs, as that of a loss.
  bool starts_gradients() const {
    return custom ? custom->starts_gradients() : op->ignores_head_gradient;
  }

 private:
  void drop_arrays();

  AutogradInfo first_result_;  ///< mostly there is one
  std::vector<AutogradInfo> other_results_;
  std::atomic<bool> released_{false};
  std::atomic<int> walks_{0};  ///< how many use the arrays; negative when they are gone
};

namespace autograd {

/// Gradients of the inputs for which `wanted` is set; others, and those that are zero, are none.
/// Evaluates the small graph that the operator's gradient builds; with `create_graph` on the tape.
/// `d_out` holds a gradient for output 0. With `retain` the same may be asked again.
std::vector<NDArray> input_gradients(TapeNode& node, std::span<const NDArray> d_out,
                                     const std::vector<bool>& wanted, bool create_graph,
                                     bool retain);

/// The array in another dtype, on the tape where `record` is set; itself when it has that dtype.
NDArray cast_to(const NDArray& array, DType dtype, bool record);

/// An operator without parameters on some arrays, on the tape where `record` is set.
NDArray call(const char* op, std::span<const NDArray> in, bool record);

}  // namespace autograd
}  // namespace mx

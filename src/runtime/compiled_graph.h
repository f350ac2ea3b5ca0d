#pragma once
#include <functional>
#include <memory>
#include <mutex>

#include "dispatch/run_kernel.h"
#include "ndarray/ndarray.h"
#include "passes/lower.h"
#include "passes/plan_memory.h"

namespace mx {

/// How a lowered graph is made runnable.
struct CompileOptions {
  Device device;
  bool is_train = false;
  std::vector<WriteMode> modes;  ///< of the outputs; empty means write
  bool inplace = true, share = true;
};

/// Working memory of a run. Runs that share one are kept apart by its Var.
class Arena {
 public:
  /// At least `bytes`; grows when a larger graph joins. Call only while no run uses it.
  void reserve(size_t bytes, Device device);
  void* data() const { return buffer_ ? buffer_->data() : nullptr; }
  size_t bytes() const { return buffer_ ? buffer_->bytes() : 0; }
  Var& var() { return var_; }

 private:
  BufferPtr buffer_;
  Var var_;
};

/// THE graph runner: a flat list of steps with chosen kernels and planned memory. Immutable once
/// made; many threads may run it at the same time, each with an arena of its own.
class CompiledGraph {
 public:
  /// `inputs` are the variables in the order in which run() gets their arrays.
  CompiledGraph(LoweredGraph graph, std::vector<NodePtr> inputs, CompileOptions options);

  /// Called after each step with the node and its outputs.
  using Observer = std::function<void(const Node& node, std::span<const Tensor> outputs)>;

  /// Runs steps [first, last) at once, in the calling thread. Arrays must be ready.
  void run(size_t first, size_t last, std::span<const NDArray> inputs,
           std::span<const NDArray> outputs, const Arena& arena,
           const Observer& observer = {}) const;

  size_t num_steps() const { return steps_.size(); }
  /// First step of the backward part; num_steps() when there is none.
  size_t split() const { return graph_.split; }
  size_t arena_bytes() const { return plan_.arena_bytes; }
  size_t output_bytes() const;
  size_t unshared_bytes() const { return plan_.unshared_bytes; }
  const LoweredGraph& graph() const { return graph_; }
  const std::vector<NodePtr>& inputs() const { return inputs_; }
  /// Numbers of the inputs that steps [first, last) read, and of those that they update.
  std::vector<size_t> read_inputs(size_t first, size_t last) const;
  std::vector<size_t> mutated_inputs(size_t first, size_t last) const;
  /// The steps in words, one per line.
  std::string describe() const;

 private:
  struct Slot {
    Placement placement;
    TensorDesc desc;
  };
  struct Step {
    NodePtr node;
    ChosenKernel chosen;
    std::vector<Slot> in, out;
    std::vector<WriteMode> modes;
    bool is_view = false;  ///< output and input are the same memory: nothing to do
    std::vector<bool> mutates;
  };

  /// Results that are added to an output while other steps read them get a copy to be added.
  void copy_added_outputs();
  void plan();
  Step make_step(const NodePtr& node) const;
  Slot slot_of(const Value& value) const;

  LoweredGraph graph_;
  std::vector<NodePtr> inputs_;
  CompileOptions options_;
  MemoryPlan plan_;
  std::vector<Step> steps_;
};

}  // namespace mx

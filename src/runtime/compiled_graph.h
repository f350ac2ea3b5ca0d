#pragma once
#include <memory>
#include <string>
#include <vector>

#include "dispatch/run_kernel.h"
#include "ndarray/ndarray.h"
#include "passes/lower.h"
#include "passes/plan_memory.h"
#include "runtime/arena.h"
#include "runtime/finite_inputs.h"

namespace mx {

/// How a lowered graph is made runnable.
struct CompileOptions {
  Device device;
  bool is_train = false;
  std::vector<WriteMode> modes;  ///< of the outputs; empty means write
  bool inplace = true, share = true;
};

/// Steps that run as one operation, and what they touch.
struct StepRange {
  size_t first = 0, last = 0;
  std::vector<uint32_t> reads, mutates;         ///< numbers of inputs
  std::vector<uint32_t> writes, reads_outputs;  ///< of outputs; what is written may be read too
  bool is_random = false;                       ///< whether a step draws random numbers
};

/// THE graph runner: a flat list of steps with chosen kernels and planned memory. Immutable once
/// made; many threads may run it at the same time, each with an arena of its own.
class CompiledGraph {
 public:
  /// `inputs` are the variables in the order in which run() gets their arrays.
  CompiledGraph(LoweredGraph graph, std::vector<NodePtr> inputs, CompileOptions options);

  /// Runs steps [first, last) at once, in the calling thread. Arrays must be ready.
  void run(size_t first, size_t last, std::span<const NDArray> inputs,
           std::span<const NDArray> outputs, const Arena& arena) const;
  /// The elements of a value, wherever the plan has put it; valid while nothing overwrites it.
  Tensor tensor(const Value& value, std::span<const NDArray> inputs,
                std::span<const NDArray> outputs, const Arena& arena) const;

  const Placement& placement(const Value& value) const { return plan_.placement.at(value); }

  size_t num_steps() const { return steps_.size(); }
  /// First step of the backward part; num_steps() when there is none.
  size_t split() const { return graph_.split; }
  bool adds(size_t output) const {
    return output < options_.modes.size() && options_.modes[output] == WriteMode::kAdd;
  }
  size_t arena_bytes() const { return plan_.arena_bytes; }
  size_t output_bytes() const;
  size_t unshared_bytes() const { return plan_.unshared_bytes; }
  const LoweredGraph& graph() const { return graph_; }
  const std::vector<NodePtr>& inputs() const { return inputs_; }
  const StepRange& forward() const { return forward_; }
  /// The backward steps, cut behind steps that make a gradient final; each part but the last has
  /// enough work to be an operation of its own.
  const std::vector<StepRange>& backward() const { return backward_; }
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
  void find_finite_kernels();
  StepRange range_of(size_t first, size_t last) const;
  void cut_backward();
  Slot slot_of(const Value& value) const;

  LoweredGraph graph_;
  std::vector<NodePtr> inputs_;
  CompileOptions options_;
  MemoryPlan plan_;
  std::vector<Step> steps_;
  std::unique_ptr<FiniteInputs> finite_inputs_;  ///< nullptr where no step asks
  StepRange forward_;
  std::vector<StepRange> backward_;
};

}  // namespace mx

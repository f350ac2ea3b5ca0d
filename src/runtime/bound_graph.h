#pragma once
#include <memory>
#include <vector>

#include "runtime/compiled_graph.h"

namespace mx {

/// A compiled graph with the arrays that it works on. Not changed once it runs.
struct BoundGraph {
  struct Copy {
    NDArray from, to;
  };
  std::shared_ptr<const CompiledGraph> compiled;
  std::vector<NDArray> inputs, outputs;
  Device device;
  /// Little work: runs in the caller's thread when nothing is in its way.
  bool is_small = false;
  std::vector<Copy> before_forward;  ///< inputs that the forward steps change, and their values
};

/// Queue the forward steps, which write the first outputs, and the backward steps, which write the
/// gradients behind them: one operation, and one for each part. What they keep for each other lies
/// in the arena. Thread safety: any; those of one arena are to be pushed in order.
void push_forward(std::shared_ptr<const BoundGraph> graph, const std::shared_ptr<Arena>& arena);
void push_backward(std::shared_ptr<const BoundGraph> graph, const std::shared_ptr<Arena>& arena);

/// A new array with a value of the graph, as the steps that are queued leave it.
NDArray copy_of_value(const std::shared_ptr<const BoundGraph>& graph,
                      const std::shared_ptr<Arena>& arena, const Value& value);

/// Queues array[:] = 0.
void push_zeros(const NDArray& array);

}  // namespace mx

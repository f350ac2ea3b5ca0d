#pragma once
#include <memory>
#include <vector>

#include "runtime/compiled_graph.h"

namespace mx {

/// A compiled graph with the arrays that it works on.
struct BoundGraph {
  std::shared_ptr<const CompiledGraph> compiled;
  std::vector<NDArray> inputs, outputs;
  std::shared_ptr<Arena> arena;
  Device device;
  /// Little work: runs in the caller's thread when nothing is in its way.
  bool is_small = false;

  /// Queues steps [first, last), which write outputs [out_first, out_last) and may read the ones
  /// before. With an observer it runs at once and returns when it is done.
  void run(size_t first, size_t last, size_t out_first, size_t out_last,
           const CompiledGraph::Observer& observer = {});
};

/// Whether values of these types are so small together that waking another thread would cost more.
bool is_small_graph(std::span<const TensorType> types);

}  // namespace mx

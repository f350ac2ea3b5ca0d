#pragma once
#include <list>
#include <memory>
#include <mutex>

#include "passes/graph_key.h"
#include "runtime/inference_graph.h"

namespace mx {

/// All that a compiled inference graph depends on.
struct InferenceKey {
  GraphKey graph;
  Device device;
  std::vector<size_t> parameters;
  bool fuse = true, inplace = true, share = true;
  DType dtype = DType::kFloat32;
  int threads = 1;      ///< prepared kernels fix their number of threads
  uint64_t forced = 0;  ///< choices of kernels that tests make
  bool operator==(const InferenceKey&) const = default;
  size_t hash() const { return hash_combine(graph.hash(), fuse ? 1 : 0); }
};

/// The last compiled graphs of a model and their constants, so that going back to a shape costs
/// nothing. Executors that are made from each other (reshape) have one together. Holds at most
/// REMX_INFERENCE_CACHE graphs, the least recently used leave first. Thread safety: any.
class InferenceCache {
 public:
  InferenceCache();
  /// Most graphs that it holds.
  size_t capacity() const { return capacity_; }

  /// The graph for a request. Executors everywhere share equal graphs as long as one is held, also
  /// while it is being compiled; unrelated graphs are compiled at the same time.
  std::shared_ptr<const InferenceGraph> get(const InferenceRequest& request);

  /// What a parameter held when constants were computed from it.
  struct Contents {
    size_t parameter;  ///< its number among the inputs, the same for all graphs of the model
    uint64_t id;
  };
  /// Keeps the constants of a graph together with it; `contents` are those of the parameters that
  /// they come from. Other graphs' constants are let go where they come from other contents of one
  /// of these parameters.
  void keep(const InferenceGraph& graph, const std::vector<Contents>& contents,
            const std::vector<BufferPtr>& constants);

 private:
  struct Entry {
    InferenceKey key;
    std::shared_ptr<const InferenceGraph> graph;
    std::vector<Contents> contents;
    std::vector<BufferPtr> constants;
  };
  std::shared_ptr<const InferenceGraph> find(const InferenceKey& key);
  void insert(InferenceKey key, const std::shared_ptr<const InferenceGraph>& graph);

  std::mutex mutex_;
  std::list<Entry> entries_;  ///< last used first
  const size_t capacity_;
};

/// Compiled inference graphs that are alive, and how many have been compiled so far.
struct InferenceStatistics {
  size_t alive = 0, compiled = 0;
};
InferenceStatistics inference_statistics();

}  // namespace mx

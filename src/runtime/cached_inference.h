#pragma once
#include <memory>
#include <mutex>
#include <vector>

#include "runtime/bound_constants.h"
#include "runtime/cached_symbol.h"

namespace mx {

/// Inference of a cached operator for inputs of certain types. Shares compiled graphs and packed
/// parameters with executors. Thread safety: any.
class CachedInference {
 public:
  CachedInference(const CachedSymbol& symbol, const GraphTypes& types, Device device,
                  std::shared_ptr<InferenceCache> cache);

  /// Queues a run; `in` as CachedSymbol::for_graph gives it. The outputs are new arrays.
  std::vector<NDArray> run(std::vector<NDArray> in, const std::shared_ptr<Arena>& arena);

 private:
  /// Those for the parameters among `in`; queues their computation where these are new.
  std::shared_ptr<const BoundConstants> constants_for(const std::vector<NDArray>& in,
                                                      const std::shared_ptr<Arena>& arena);
  bool are_current(const std::vector<NDArray>& in) const;

  Device device_;
  bool is_small_;
  std::shared_ptr<InferenceCache> cache_;
  std::shared_ptr<const InferenceGraph> graph_;
  std::vector<TensorType> outputs_;
  std::vector<size_t> reads_;  ///< numbers of the parameters that constants come from

  std::mutex mutex_;  ///< guards what follows; its holder never waits
  std::shared_ptr<const BoundConstants> constants_;
  /// The parameters that they come from. Their memory is not kept.
  std::vector<std::pair<std::weak_ptr<Chunk>, size_t>> sources_;
};

}  // namespace mx

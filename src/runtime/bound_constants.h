#pragma once
#include <memory>
#include <optional>
#include <vector>

#include "runtime/inference_cache.h"

namespace mx {

/// The constants of an inference graph for the parameters of one executor.
class BoundConstants {
 public:
  /// `cache` is told what has been computed. Constants of a small graph (see BoundGraph) are
  /// computed in the caller's thread when nothing is in the way.
  BoundConstants(std::shared_ptr<const InferenceGraph> graph, std::shared_ptr<InferenceCache> cache,
                 Device device, bool is_small);

  /// One array for each constant, always the same.
  const std::vector<NDArray>& arrays() const { return constants_; }
  /// Whether nothing was written to a parameter since update(), which was given these inputs.
  bool is_current(const std::vector<NDArray>& inputs) const;
  /// Queues their computation when a parameter among `inputs` has been (or is about to be) written
  /// since the last call; `arena` holds what is between.
  void update(const std::vector<NDArray>& inputs, const std::shared_ptr<Arena>& arena);

 private:
  void queue(const std::vector<NDArray>& inputs, const std::shared_ptr<Arena>& arena);

  std::shared_ptr<const InferenceGraph> graph_;
  std::shared_ptr<InferenceCache> cache_;
  Device device_;
  bool is_small_;
  std::vector<size_t> reads_;
  /// Of the parameters, when the constants were queued; there may be constants without any.
  std::optional<std::vector<uint64_t>> writes_seen_;
  std::vector<NDArray> constants_;
};

}  // namespace mx

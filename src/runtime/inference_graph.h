#pragma once
#include <memory>
#include <mutex>
#include <vector>

#include "ir/symbol.h"
#include "runtime/compiled_graph.h"

namespace mx {

/// What the inference compiler makes of a symbol: a constant part (folded and packed parameters)
/// and a body. Immutable but for the cache of constants; many executors and threads may share it.
class InferenceGraph {
 public:
  /// `types` holds the types of the symbol's variables, `inputs` its variables in array order.
  InferenceGraph(const Symbol& symbol, const std::vector<NodePtr>& inputs,
                 ValueMap<TensorType> types, const CompileOptions& options, bool fuse);

  const CompiledGraph& body() const { return *body_; }
  std::shared_ptr<const CompiledGraph> shared_body() const { return body_; }
  /// The results of the constant part for these arrays, computed again when an array that it reads
  /// has been (or is about to be) written since. The body's inputs are `arrays` and then these.
  std::vector<NDArray> constants(const std::vector<NDArray>& arrays);
  size_t constant_bytes() const;

 private:
  struct CachedConstants {
    std::vector<std::shared_ptr<Chunk>> chunks;  ///< of the arrays they were computed from
    std::vector<uint64_t> versions;
    std::vector<NDArray> values;
  };
  std::vector<NDArray> compute(const std::vector<NDArray>& arrays) const;

  std::shared_ptr<CompiledGraph> constants_, body_;
  std::vector<size_t> constant_reads_;
  Device device_;
  std::mutex mutex_;
  CachedConstants cached_;
};

}  // namespace mx

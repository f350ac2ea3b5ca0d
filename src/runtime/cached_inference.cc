#include "runtime/cached_inference.h"

#include <optional>

#include "runtime/bound_graph.h"
#include "runtime/compile_requests.h"
#include "runtime/small_graph.h"

namespace mx {
namespace {

/// Whether they are the same object, alive or not.
bool same_owner(const std::weak_ptr<Chunk>& a, const std::shared_ptr<Chunk>& b) {
  return !a.owner_before(b) && !b.owner_before(a);
}

}  // namespace

CachedInference::CachedInference(const CachedSymbol& symbol, const GraphTypes& types, Device device,
                                 std::shared_ptr<InferenceCache> cache)
    : device_(device), is_small_(is_small_graph(types)), cache_(std::move(cache)) {
  std::optional<ScopedSerial> serial;  // prepared kernels fix their number of threads
  if (is_small_) serial.emplace();
  InferenceRequest request = inference_request(symbol.symbol, symbol.inputs, types, device, true);
  if (!symbol.parameters.empty()) request.parameters = symbol.parameters;
  graph_ = cache_->get(request);
  reads_ = constant_reads(graph_->constants());
  for (const Value& value : symbol.symbol.outputs()) outputs_.push_back(types[value]);
}

std::vector<NDArray> CachedInference::run(std::vector<NDArray> in,
                                          const std::shared_ptr<Arena>& arena) {
  const std::shared_ptr<const BoundConstants> constants = constants_for(in, arena);
  auto bound = std::make_shared<BoundGraph>();
  bound->compiled = graph_->shared_body();
  bound->device = device_;
  bound->is_small = is_small_;
  bound->inputs = std::move(in);
  bound->inputs.insert(bound->inputs.end(), constants->arrays().begin(), constants->arrays().end());
  bound->outputs.reserve(outputs_.size());
  for (const TensorType& type : outputs_)
    bound->outputs.emplace_back(type.shape, type.dtype, device_);
  push_forward(bound, arena);
  return bound->outputs;
}

bool CachedInference::are_current(const std::vector<NDArray>& in) const {
  for (size_t k = 0; k < reads_.size(); ++k) {
    const NDArray& array = in[reads_[k]];
    if (!same_owner(sources_[k].first, array.chunk()) || sources_[k].second != array.byte_offset())
      return false;
  }
  return constants_->is_current(in);
}

std::shared_ptr<const BoundConstants> CachedInference::constants_for(
    const std::vector<NDArray>& in, const std::shared_ptr<Arena>& arena) {
  std::lock_guard lock(mutex_);
  if (constants_ && are_current(in)) return constants_;
  // New arrays each time: runs that are queued, or about to be, still need the old ones.
  auto constants = std::make_shared<BoundConstants>(graph_, cache_, device_, is_small_);
  constants->update(in, arena);
  sources_.clear();
  for (size_t i : reads_) sources_.emplace_back(in[i].chunk(), in[i].byte_offset());
  return constants_ = std::move(constants);
}

}  // namespace mx

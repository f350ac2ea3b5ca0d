#include "runtime/bound_executor.h"

#include <algorithm>

#include "ndarray/sparse_array.h"
#include "runtime/bound_graph.h"

namespace mx {

BoundExecutor::BoundExecutor(const Symbol& symbol, BindArrays arrays, Device device)
    : symbol_(symbol),
      arrays_(std::move(arrays)),
      device_(device),
      inputs_(graph_inputs(symbol_.outputs())),
      types_(symbol_.outputs()) {
  check_and_infer(inputs_, arrays_, types_);
}

std::vector<NDArray> BoundExecutor::answers() {
  std::lock_guard lock(mutex_);
  return answers_.get(outputs_);
}

bool BoundExecutor::wants_gradients() const {
  return std::any_of(arrays_.modes.begin(), arrays_.modes.end(),
                     [](WriteMode mode) { return mode != WriteMode::kNull; });
}

void BoundExecutor::add_output(size_t i, Device device) {
  const TensorType& type = types_[symbol_.outputs()[i]];
  if (type.storage != StorageKind::kDefault) {
    outputs_.push_back(zero_sparse(type.storage, type.shape, type.dtype, device));
    return;
  }
  outputs_.emplace_back(type.shape, type.dtype, device);
  push_zeros(outputs_.back());
}

}  // namespace mx

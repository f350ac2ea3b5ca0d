#pragma once
#include "dispatch/kernel.h"
#include "ir/graph.h"
#include "ir/infer_graph.h"

namespace mx {

/// A list of operators in the order in which they run, ready for memory planning: every node has a
/// kernel on the device, outputs are distinct values of operators.
struct LoweredGraph {
  std::vector<NodePtr> steps;
  std::vector<Value> outputs;
  std::vector<Value> kept;  ///< plain values of forward steps that stay until backward begins
  ValueMap<TensorType> types;
  ValueMap<Layout> layouts;  ///< of values that are not plain
  ValueMap<Value> replaced;  ///< what stands for values of the original graph that changed
  size_t split = 0;          ///< first step of the backward part
  const TensorType& type(const Value& value) const { return types.at(value); }
  Layout layout(const Value& value) const {
    const auto found = layouts.find(value);
    return found == layouts.end() ? Layout::kPlain : found->second;
  }
  /// What stands for a value of the original graph.
  const Value& lowered(const Value& value) const {
    const auto found = replaced.find(value);
    return found == replaced.end() ? value : found->second;
  }
  TensorDesc desc(const Value& value) const {
    const TensorType& t = type(value);
    return {t.shape, t.dtype, layout(value)};
  }
};

/// Replaces nodes without a kernel by their decomposition, and outputs that are variables or repeat
/// another output by copies. `steps` are in running order, the first `split` of them forward, as
/// are the first `forward_outputs` outputs. `types` must know the variables, and
/// operators without inputs whose shape their users tell; the rest is inferred.
LoweredGraph lower(const std::vector<NodePtr>& steps, size_t split, std::vector<Value> outputs,
                   size_t forward_outputs, ValueMap<TensorType> types, DeviceType device,
                   bool is_train);

}  // namespace mx

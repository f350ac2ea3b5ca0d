#include "runtime/inference_graph.h"

#include "passes/assign_layouts.h"
#include "passes/expand_quantized.h"
#include "passes/fold_batch_norm.h"
#include "passes/fuse_attention.h"
#include "passes/fuse_gelu.h"
#include "passes/fuse_layers.h"
#include "passes/fuse_pointwise.h"
#include "passes/lower_precision.h"
#include "passes/quantize_layers.h"
#include "passes/simplify_inference.h"
#include "passes/split_constants.h"

namespace mx {
namespace {

std::vector<NodePtr> operators_of(const std::vector<Value>& outputs) {
  std::vector<NodePtr> nodes;
  for (Node* node : topological_order(outputs))
    if (!node->is_variable()) nodes.push_back(node->shared_from_this());
  return nodes;
}

std::vector<NodePtr> operator+(std::vector<NodePtr> a, const std::vector<NodePtr>& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

}  // namespace

InferenceGraph::InferenceGraph(const InferenceRequest& request) {
  const CompileOptions& options = request.options;
  const DeviceType device = options.device.compute().type;
  std::unordered_set<const Node*> parameters;
  for (size_t i : request.parameters) parameters.insert(request.inputs[i].get());
  std::vector<Value> outputs = simplify_inference(request.symbol.outputs());
  if (request.fuse) {
    outputs = fold_batch_norm(expand_quantized(outputs), request.types);
    outputs = fuse_gelu(fuse_attention(outputs, request.types));
    outputs = quantize_layers(fuse_layers(outputs, request.types), request.types);
  }
  if (request.fuse && request.dtype != DType::kFloat32)
    outputs = lower_precision(outputs, request.types, request.dtype, device);
  const std::vector<NodePtr> nodes = operators_of(outputs);
  LoweredGraph lowered =
      lower(nodes, nodes.size(), outputs, outputs.size(), request.types, device, false);
  if (request.fuse) lowered = assign_layouts(std::move(lowered), device, false);
  SplitGraph split =
      request.fuse ? split_constants(lowered, parameters) : SplitGraph{{}, {}, std::move(lowered)};
  constants_ = constant_recipes(split, request.inputs);
  if (request.fuse && options.device.is_host()) split.body = fuse_pointwise(std::move(split.body));
  body_ = std::make_shared<CompiledGraph>(std::move(split.body), request.inputs + split.inputs,
                                          options);
}

}  // namespace mx

#include "runtime/inference_graph.h"

#include "passes/assign_layouts.h"
#include "passes/fold_batch_norm.h"
#include "passes/fuse_layers.h"
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

InferenceGraph::InferenceGraph(const Symbol& symbol, const std::vector<NodePtr>& inputs,
                               ValueMap<TensorType> types, const CompileOptions& options, bool fuse)
    : device_(options.device) {
  const DeviceType device = options.device.compute().type;
  const auto parameters = parameter_variables(symbol.outputs());
  std::vector<Value> outputs = simplify_inference(symbol.outputs());
  if (fuse) outputs = fuse_layers(fold_batch_norm(outputs), types);
  const std::vector<NodePtr> nodes = operators_of(outputs);
  LoweredGraph lowered =
      lower(nodes, nodes.size(), outputs, outputs.size(), std::move(types), device, false);
  if (fuse) lowered = assign_layouts(std::move(lowered), device, false);
  SplitGraph split =
      fuse ? split_constants(lowered, parameters) : SplitGraph{{}, {}, std::move(lowered)};
  if (!split.inputs.empty()) {
    constants_ = std::make_shared<CompiledGraph>(std::move(split.constants), inputs, options);
    constant_reads_ = constants_->read_inputs(0, constants_->num_steps());
  }
  body_ = std::make_shared<CompiledGraph>(std::move(split.body), inputs + split.inputs, options);
}

size_t InferenceGraph::constant_bytes() const {
  return constants_ ? constants_->output_bytes() : 0;
}

std::vector<NDArray> InferenceGraph::compute(const std::vector<NDArray>& arrays) const {
  std::vector<NDArray> values;
  const LoweredGraph& graph = constants_->graph();
  for (const Value& value : graph.outputs) {
    const TensorDesc desc = graph.desc(value);
    const auto bytes = static_cast<int64_t>(layout_bytes(desc.shape, desc.dtype, desc.layout));
    values.emplace_back(Shape{bytes}, DType::kUint8, device_);
  }
  auto arena = std::make_shared<Arena>();
  arena->reserve(constants_->arena_bytes(), device_);
  std::vector<Var*> reads, writes;
  for (size_t i : constant_reads_) reads.push_back(&arrays[i].var());
  for (const NDArray& value : values) writes.push_back(&value.var());
  Engine::get().push([graph = constants_, arrays, values,
                      arena] { graph->run(0, graph->num_steps(), arrays, values, *arena); },
                     reads, writes, false, "fold parameters");
  return values;
}

std::vector<NDArray> InferenceGraph::constants(const std::vector<NDArray>& arrays) {
  if (!constants_) return {};
  std::vector<std::shared_ptr<Chunk>> chunks;
  std::vector<uint64_t> versions;
  for (size_t i : constant_reads_) {
    chunks.push_back(arrays[i].chunk());
    versions.push_back(arrays[i].var().scheduled_writes());
  }
  std::lock_guard lock(mutex_);
  if (chunks != cached_.chunks || versions != cached_.versions)
    cached_ = {std::move(chunks), std::move(versions), compute(arrays)};
  return cached_.values;
}

}  // namespace mx

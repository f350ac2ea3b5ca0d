#include "runtime/compiled_graph.h"

#include <algorithm>
#include <set>

#include "dispatch/random_state.h"

namespace mx {
namespace {

Tensor tensor_at(const Placement& placement, const TensorDesc& desc,
                 std::span<const NDArray> inputs, std::span<const NDArray> outputs,
                 const Arena& arena) {
  Tensor tensor{nullptr, desc.shape, desc.dtype, desc.layout};
  switch (placement.kind) {
    case Placement::Kind::kInput:
      tensor.data = inputs[placement.index].data();
      break;
    case Placement::Kind::kOutput:
      tensor.data = outputs[placement.index].data();
      break;
    case Placement::Kind::kArena:
      tensor.data = static_cast<char*>(arena.data()) + placement.offset;
      break;
  }
  return tensor;
}

bool same_place(const Placement& a, const Placement& b) {
  return a.kind == b.kind && a.index == b.index && a.offset == b.offset;
}

}  // namespace

void Arena::reserve(size_t bytes, Device device) {
  if (!buffer_ || buffer_->bytes() < bytes) buffer_ = allocate_buffer(bytes, device);
}

CompiledGraph::CompiledGraph(LoweredGraph graph, std::vector<NodePtr> inputs,
                             CompileOptions options)
    : graph_(std::move(graph)), inputs_(std::move(inputs)), options_(std::move(options)) {
  copy_added_outputs();
  plan();
  for (const NodePtr& node : graph_.steps) steps_.push_back(make_step(node));
}

void CompiledGraph::copy_added_outputs() {
  ValueMap<bool> is_read;
  for (const NodePtr& node : graph_.steps)
    for (const Value& value : node->inputs) is_read[value] = true;
  const Op& copy = get_op("_copy");
  for (size_t i = 0; i < graph_.outputs.size() && i < options_.modes.size(); ++i) {
    Value& output = graph_.outputs[i];
    if (options_.modes[i] != WriteMode::kAdd || !is_read.count(output)) continue;
    const NodePtr node = make_node(copy, copy.default_params(), {output});
    graph_.types[{node, 0}] = graph_.types.at(output);
    graph_.steps.push_back(node);
    output = {node, 0};
  }
}

void CompiledGraph::plan() {
  std::vector<Node*> order, variables;
  for (const NodePtr& node : graph_.steps) order.push_back(node.get());
  for (const NodePtr& node : inputs_) variables.push_back(node.get());
  PlanRequest request{order, variables, graph_.outputs,   options_.modes,
                      {},    {},        options_.inplace, options_.share};
  request.bytes_of = [this](const Value& value) {
    const TensorDesc desc = graph_.desc(value);
    return layout_bytes(desc.shape, desc.dtype, desc.layout);
  };
  request.same_layout = [this](const Value& a, const Value& b) {
    return graph_.layout(a) == graph_.layout(b);
  };
  plan_ = plan_memory(request);
}

CompiledGraph::Slot CompiledGraph::slot_of(const Value& value) const {
  return {plan_.placement.at(value), graph_.desc(value)};
}

CompiledGraph::Step CompiledGraph::make_step(const NodePtr& node) const {
  Step step;
  step.node = node;
  std::vector<TensorDesc> in, out;
  for (const Value& value : node->inputs) {
    step.in.push_back(slot_of(value));
    in.push_back(step.in.back().desc);
  }
  for (uint32_t i = 0; i < node->num_outputs(); ++i) {
    step.out.push_back(slot_of({node, i}));
    out.push_back(step.out.back().desc);
    const Placement& place = step.out.back().placement;
    const bool has_mode = place.kind == Placement::Kind::kOutput && !options_.modes.empty() &&
                          graph_.outputs[place.index] == Value{node, i};
    step.modes.push_back(has_mode ? options_.modes[place.index] : WriteMode::kWrite);
  }
  for (uint32_t i = 0; i < step.in.size(); ++i)
    step.mutates.push_back(node->op->mutates_inputs() &&
                           node->op->input_kind(node->params, i) == InputKind::kAuxiliary);
  step.is_view =
      node->op->has_trait("view") && same_place(step.in[0].placement, step.out[0].placement);
  if (step.is_view) return step;
  std::string refusals;
  step.chosen = choose_and_prepare({*node->op, node->params, in, out, options_.is_train},
                                   options_.device.compute().type, false, &refusals);
  if (!step.chosen)
    fail(ErrorKind::kNotImplemented, node->op->name, ": no kernel on ", options_.device,
         refusals.empty() ? "" : " (" + refusals + ")", " (in node ", node->name, ")");
  return step;
}

void CompiledGraph::run(size_t first, size_t last, std::span<const NDArray> inputs,
                        std::span<const NDArray> outputs, const Arena& arena,
                        const Observer& observer) const {
  KernelContext context{options_.device, nullptr, options_.is_train, nullptr, {}, nullptr};
  if (!options_.device.is_host())
    context.stream = device_interface(options_.device.type).stream(options_.device.id);
  std::vector<Tensor> in, out;
  for (size_t s = first; s < last; ++s) {
    const Step& step = steps_[s];
    in.clear();
    out.clear();
    for (const Slot& slot : step.in)
      in.push_back(tensor_at(slot.placement, slot.desc, inputs, outputs, arena));
    for (const Slot& slot : step.out)
      out.push_back(tensor_at(slot.placement, slot.desc, inputs, outputs, arena));
    if (!step.is_view) {
      Workspace scratch(options_.device);
      context.scratch = &scratch;
      context.write_modes = step.modes;
      if (step.node->op->is_random) context.random = &random_state(options_.device);
      run_kernel(step.chosen, step.node->params, context, in, out);
    }
    if (observer) observer(*step.node, out);
  }
}

size_t CompiledGraph::output_bytes() const {
  size_t bytes = 0;
  for (const Value& value : graph_.outputs) {
    const TensorDesc desc = graph_.desc(value);
    bytes += layout_bytes(desc.shape, desc.dtype, desc.layout);
  }
  return bytes;
}

std::vector<size_t> CompiledGraph::read_inputs(size_t first, size_t last) const {
  std::set<size_t> numbers;
  for (size_t s = first; s < last; ++s)
    for (const Slot& slot : steps_[s].in)
      if (slot.placement.kind == Placement::Kind::kInput) numbers.insert(slot.placement.index);
  return {numbers.begin(), numbers.end()};
}

std::vector<size_t> CompiledGraph::mutated_inputs(size_t first, size_t last) const {
  std::set<size_t> numbers;
  for (size_t s = first; s < last; ++s)
    for (size_t i = 0; i < steps_[s].in.size(); ++i)
      if (steps_[s].mutates[i] && steps_[s].in[i].placement.kind == Placement::Kind::kInput)
        numbers.insert(steps_[s].in[i].placement.index);
  return {numbers.begin(), numbers.end()};
}

std::string CompiledGraph::describe() const {
  std::string text;
  for (const Step& step : steps_) {
    const std::string kernel = step.is_view ? "view" : step.chosen.kernel->name;
    text +=
        concat("Op:", step.node->op->name, ", Name=", step.node->name, ", kernel=", kernel, '\n');
    for (const Slot& slot : step.out)
      text += concat(
          "  out ", dtype_name(slot.desc.dtype), slot.desc.shape,
          slot.placement.kind == Placement::Kind::kArena
              ? concat(" at ", slot.placement.offset)
              : concat(slot.placement.kind == Placement::Kind::kOutput ? " output " : " input ",
                       slot.placement.index),
          '\n');
  }
  return text;
}

}  // namespace mx

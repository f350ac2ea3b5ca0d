#include "runtime/compiled_graph.h"

#include <algorithm>
#include <set>

#include "dispatch/random_state.h"
#include "profile/profile.h"

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

CompiledGraph::CompiledGraph(LoweredGraph graph, std::vector<NodePtr> inputs,
                             CompileOptions options)
    : graph_(std::move(graph)), inputs_(std::move(inputs)), options_(std::move(options)) {
  copy_added_outputs();
  plan();
  for (const NodePtr& node : graph_.steps) steps_.push_back(make_step(node));
  forward_ = range_of(0, split());
  cut_backward();
  find_finite_kernels();
}

void CompiledGraph::copy_added_outputs() {
  ValueMap<size_t> added;
  for (size_t i = 0; i < graph_.outputs.size() && i < options_.modes.size(); ++i)
    if (options_.modes[i] == WriteMode::kAdd) added[graph_.outputs[i]] = i;
  if (added.empty()) return;
  ValueMap<bool> is_read;
  for (const NodePtr& node : graph_.steps)
    for (const Value& value : node->inputs) is_read[value] = true;
  const Op& copy = get_op("_copy");
  std::vector<NodePtr> steps;
  size_t copies_before_split = 0;
  for (size_t s = 0; s < graph_.steps.size(); ++s) {
    const NodePtr node = graph_.steps[s];
    steps.push_back(node);
    for (uint32_t o = 0; o < node->num_outputs(); ++o) {
      const Value value{node, o};
      const auto found = added.find(value);
      if (found == added.end() || !is_read.count(value)) continue;
      steps.push_back(make_node(copy, copy.default_params(), {value}));
      graph_.types[{steps.back(), 0}] = graph_.types.at(value);
      graph_.outputs[found->second] = {steps.back(), 0};
      if (s < graph_.split) ++copies_before_split;
    }
  }
  graph_.steps = std::move(steps);
  graph_.split += copies_before_split;
}

void CompiledGraph::plan() {
  std::vector<Node*> order, variables;
  for (const NodePtr& node : graph_.steps) order.push_back(node.get());
  for (const NodePtr& node : inputs_) variables.push_back(node.get());
  PlanRequest request{order, variables,    graph_.outputs, options_.modes,   {},
                      {},    graph_.split, graph_.kept,    options_.inplace, options_.share};
  request.bytes_of = [this](const Value& value) {
    const TensorDesc desc = graph_.desc(value);
    return layout_bytes(desc.shape, desc.dtype, desc.layout);
  };
  request.same_layout = [this](const Value& a, const Value& b) {
    // Elements of one size: else a broadcast mask of bytes could replace floats of as many bytes.
    const auto size_of = [this](const Value& value) {
      return dtype_size(graph_.desc(value).dtype);
    };
    return graph_.layout(a) == graph_.layout(b) && size_of(a) == size_of(b);
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

void CompiledGraph::find_finite_kernels() {
  if (split() != num_steps()) return;  // backward steps read what is not looked at
  bool any = false;
  for (Step& step : steps_) {
    auto* kernel = dynamic_cast<FiniteKernel*>(step.chosen.prepared.get());
    const bool writes =
        std::ranges::all_of(step.modes, [](WriteMode mode) { return mode == WriteMode::kWrite; });
    if (kernel && kernel->has_finite_way() && writes) {
      step.chosen.finite = kernel;
      any = true;
    }
  }
  if (!any) return;
  std::vector<FiniteInputs::Input> read;
  for (uint32_t i : forward_.reads) read.push_back({i, graph_.desc({inputs_[i], 0})});
  finite_inputs_ = std::make_unique<FiniteInputs>(std::move(read));
}

void CompiledGraph::run(size_t first, size_t last, std::span<const NDArray> inputs,
                        std::span<const NDArray> outputs, const Arena& arena) const {
  KernelContext context{options_.device, nullptr, options_.is_train, nullptr, {}, nullptr};
  if (!options_.device.is_host())
    context.stream = device_interface(options_.device.type).stream(options_.device.id);
  context.is_finite = finite_inputs_ && finite_inputs_->are_finite(inputs);
  std::vector<Tensor> in, out;
  for (size_t s = first; s < last; ++s) {
    const Step& step = steps_[s];
    if (step.is_view) continue;
    in.clear();
    out.clear();
    for (const Slot& slot : step.in)
      in.push_back(tensor_at(slot.placement, slot.desc, inputs, outputs, arena));
    for (const Slot& slot : step.out)
      out.push_back(tensor_at(slot.placement, slot.desc, inputs, outputs, arena));
    Workspace scratch(options_.device);
    context.scratch = &scratch;
    context.write_modes = step.modes;
    if (step.node->op->is_random) context.random = &random_state(options_.device);
    const profile::NodeScope node(step.node->name);
    run_kernel(step.chosen, step.node->params, context, in, out);
  }
}

Tensor CompiledGraph::tensor(const Value& value, std::span<const NDArray> inputs,
                             std::span<const NDArray> outputs, const Arena& arena) const {
  const Slot slot = slot_of(value);
  return tensor_at(slot.placement, slot.desc, inputs, outputs, arena);
}

size_t CompiledGraph::output_bytes() const {
  size_t bytes = 0;
  for (const Value& value : graph_.outputs) {
    const TensorDesc desc = graph_.desc(value);
    bytes += layout_bytes(desc.shape, desc.dtype, desc.layout);
  }
  return bytes;
}

StepRange CompiledGraph::range_of(size_t first, size_t last) const {
  using Kind = Placement::Kind;
  std::set<uint32_t> reads, mutates, writes, reads_outputs;
  bool is_random = false;
  for (size_t s = first; s < last; ++s) {
    const Step& step = steps_[s];
    is_random |= step.node->op->is_random;
    for (size_t i = 0; i < step.in.size(); ++i) {
      const Placement& place = step.in[i].placement;
      if (place.kind == Kind::kInput) (step.mutates[i] ? mutates : reads).insert(place.index);
      if (place.kind == Kind::kOutput) reads_outputs.insert(place.index);
    }
    for (const Slot& slot : step.out)
      if (!step.is_view && slot.placement.kind == Kind::kOutput)
        writes.insert(slot.placement.index);
  }
  for (uint32_t i : mutates) reads.erase(i);
  for (uint32_t i : writes) reads_outputs.erase(i);
  const auto list = [](const std::set<uint32_t>& set) {
    return std::vector<uint32_t>(set.begin(), set.end());
  };
  return {first, last, list(reads), list(mutates), list(writes), list(reads_outputs), is_random};
}

void CompiledGraph::cut_backward() {
  // Some hundred microseconds of work: much more than an operation of the engine costs.
  constexpr int64_t kPartElements = int64_t{1} << 20;
  std::vector<size_t> last_write(graph_.outputs.size(), 0);
  for (size_t s = split(); s < steps_.size(); ++s)
    for (const Slot& slot : steps_[s].out)
      if (!steps_[s].is_view && slot.placement.kind == Placement::Kind::kOutput)
        last_write[slot.placement.index] = s;
  std::vector<bool> makes_final(steps_.size() + 1, false);
  for (size_t s : last_write) makes_final[s] = true;
  size_t first = split();
  int64_t elements = 0;
  for (size_t s = split(); s < steps_.size(); ++s) {
    for (const auto* slots : {&steps_[s].in, &steps_[s].out})
      for (const Slot& slot : *slots) elements += slot.desc.shape.size();
    const bool is_last = s + 1 == steps_.size();
    if (!is_last && (!makes_final[s] || elements < kPartElements)) continue;
    backward_.push_back(range_of(first, s + 1));
    first = s + 1;
    elements = 0;
  }
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

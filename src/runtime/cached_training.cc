#include "runtime/cached_training.h"

#include <algorithm>
#include <optional>
#include <unordered_map>

#include "dispatch/anomaly.h"
#include "dispatch/invoke.h"
#include "ir/common_params.h"
#include "ir/draws.h"
#include "ndarray/sparse_array.h"
#include "runtime/compile_requests.h"

namespace mx {
namespace {

/// A number among the parameters of a node; nothing where there is no such field.
std::optional<double> number_of(const Node& node, std::string_view field) {
  const FieldInfo* info = node.params.schema()->find(field);
  if (!info || !info->codec->number) return std::nullopt;
  return info->codec->number(static_cast<const char*>(node.params.data()) + info->offset);
}

bool flag_of(const Node& node, std::string_view field) {
  const FieldInfo* info = node.params.schema()->find(field);
  return info && info->print(node.params.data()) == "True";
}

NDArray zeros_like(const NDArray& array) {
  const NDArray zeros(array.shape(), array.dtype(), array.device());
  push_zeros(zeros);
  return zeros;
}

}  // namespace

CachedTraining::CachedTraining(std::shared_ptr<const CachedSymbol> symbol, const GraphTypes& types,
                               Device device, bool is_train, const std::vector<bool>& wanted)
    : symbol_(std::move(symbol)), device_(device) {
  const GraphInputs& inputs = symbol_->inputs;
  std::vector<WriteMode> modes(inputs.arguments.size(), WriteMode::kNull);
  std::vector<size_t> number_of_place(wanted.size());
  for (size_t i = 0; i < wanted.size(); ++i) {
    const size_t place = symbol_->places[i];
    number_of_place[place] = i;
    if (wanted[i] && place < modes.size()) modes[place] = WriteMode::kWrite;
  }
  TrainingRequest request{symbol_->symbol, inputs, types, std::move(modes),
                          compile_options(device, is_train)};
  request.fuse = !anomaly::is_on() && device.is_host();
  request.recompute = wants_recomputation(types);
  request.keep_draws = true;
  program_ = compile_training(std::move(request));
  for (size_t place : program_->gradients) gradient_of_.push_back(number_of_place[place]);
  for (const Value& value : symbol_->symbol.outputs()) {
    needs_head_grad_.push_back(program_->needs_head_grad(outputs_.size()));
    outputs_.push_back(types[value]);
  }
  find_averages(types, is_train);
}

void CachedTraining::find_averages(const GraphTypes& types, bool is_train) {
  std::unordered_map<const Node*, double> keep;
  for (const Node* node : types.order()) {
    if (!is_train || node->is_variable() || !node->op->mutates_inputs()) continue;
    const std::optional<double> momentum = number_of(*node, "momentum");
    if (!node->op->uses_train_mode || !momentum || flag_of(*node, "use_global_stats")) continue;
    for (const Value& input : node->inputs) {
      const auto [entry, is_new] = keep.emplace(input.node.get(), *momentum);
      if (!is_new) entry->second *= *momentum;
    }
  }
  const size_t arguments = symbol_->inputs.arguments.size();
  for (size_t i : program_->averages) {
    Node* node = symbol_->inputs.auxiliary[i];
    const auto found = keep.find(node);
    if (found == keep.end()) {
      fixed_averages_.push_back(arguments + i);
      continue;
    }
    const TensorType& type = types.at(node, 0);
    const std::vector<size_t>& moved = program_->moved_averages;
    averages_.push_back({arguments + i, found->second,
                         zeros_like(NDArray(type.shape, type.dtype, device_)),
                         std::binary_search(moved.begin(), moved.end(), i)});
  }
}

std::vector<NDArray> CachedTraining::new_outputs() const {
  std::vector<NDArray> arrays;
  for (const TensorType& type : outputs_) arrays.emplace_back(type.shape, type.dtype, device_);
  return arrays;
}

std::shared_ptr<BoundGraph> CachedTraining::bind(std::vector<NDArray> in) const {
  auto bound = std::make_shared<BoundGraph>();
  bound->compiled = program_->graph;
  bound->device = device_;
  bound->is_small = program_->is_small;
  const auto work_on_copy = [&](size_t input, const NDArray& from) {
    const NDArray own(from.shape(), from.dtype(), device_);
    bound->before_forward.push_back({from, own});
    in[input] = own;
  };
  for (const Average& average : averages_) work_on_copy(average.input, average.zeros);
  for (size_t input : fixed_averages_) work_on_copy(input, NDArray(in[input]));
  bound->inputs = std::move(in);
  bound->inputs.resize(program_->graph->inputs().size());
  bound->outputs = new_outputs();
  return bound;
}

std::shared_ptr<BoundGraph> CachedTraining::bind_again(const BoundGraph& bound) const {
  auto again = std::make_shared<BoundGraph>(bound);
  again->outputs = new_outputs();
  return again;
}

std::shared_ptr<BoundGraph> CachedTraining::bind_backward(const BoundGraph& bound,
                                                          std::span<const NDArray> d_out) const {
  auto result = std::make_shared<BoundGraph>(bound);
  const size_t first_head = result->inputs.size() - outputs_.size();
  for (size_t i = 0; i < outputs_.size(); ++i)
    if (needs_head_grad_[i])
      result->inputs[first_head + i] = d_out[i] ? d_out[i] : zeros_like(bound.outputs[i]);
  for (size_t place : program_->gradients) {
    const NDArray& array = bound.inputs[place];
    result->outputs.emplace_back(array.shape(), array.dtype(), device_);
  }
  return result;
}

std::vector<NDArray> CachedTraining::gradients(const BoundGraph& bound) const {
  std::vector<NDArray> list(symbol_->places.size());
  for (size_t i = 0; i < gradient_of_.size(); ++i)
    list[gradient_of_[i]] = bound.outputs[outputs_.size() + i];
  return list;
}

std::vector<NDArray> CachedTraining::moving_states(const std::vector<NDArray>& in) const {
  std::vector<NDArray> states;
  for (const Average& average : averages_)
    if (average.moves) states.push_back(in[average.input]);
  return states;
}

void CachedTraining::move_states(const BoundGraph& bound,
                                 const std::vector<NDArray>& states) const {
  static const Op &scale = get_op("_mul_scalar"), &add = get_op("elemwise_add");
  auto state = states.begin();
  for (const Average& average : averages_) {
    if (!average.moves) continue;
    std::vector<NDArray> kept, out{*state++};
    invoke(scale, Params::of(ScalarParam{average.keep, false}), out, kept);
    const NDArray both[] = {kept[0], bound.inputs[average.input]};
    invoke(add, add.default_params(), both, out);
  }
}

CachedRun::CachedRun(std::shared_ptr<const CachedTraining> training, std::vector<NDArray> in,
                     std::shared_ptr<ArenaPool> arenas)
    : training_(std::move(training)),
      arenas_(std::move(arenas)),
      states_(training_->moving_states(in)) {
  pass_ = {training_->bind(std::move(in)), arenas_->lend()};
  push_forward(pass_.bound, pass_.arena.get());
}

std::vector<NDArray> CachedRun::gradients(const autograd::GradientRequest& request) {
  const Pass pass = pass_for_backward(request.retain);
  const auto bound = training_->bind_backward(*pass.bound, request.d_out);
  push_backward(bound, pass.arena.get());
  training_->move_states(*bound, states_);
  return training_->gradients(*bound);
}

CachedRun::Pass CachedRun::pass_for_backward(bool retain) {
  std::lock_guard lock(mutex_);
  if (!pass_.arena.get()) return run_again();
  if (retain) return copy_of(pass_);
  return {pass_.bound, std::move(pass_.arena)};
}

/// Backward overwrites working memory; who has failed behind it may still try again.
CachedRun::Pass CachedRun::run_again() const {
  require(!training_->program().is_random,
          "CachedOp: an earlier backward failed behind it, and its random numbers cannot be drawn "
          "again; expected a new forward pass");
  Pass pass{training_->bind_again(*pass_.bound), arenas_->lend()};
  push_forward(pass.bound, pass.arena.get());
  return pass;
}

CachedRun::Pass CachedRun::copy_of(const Pass& pass) const {
  Pass copy{pass.bound, arenas_->lend()};
  const std::shared_ptr<Arena> from = pass.arena.get(), to = copy.arena.get();
  auto work = [from, to, bound = pass.bound] {
    const size_t bytes = bound->compiled->arena_bytes();
    to->reserve(bytes, bound->device);
    copy_bytes(to->data(), bound->device, from->data(), bound->device, bytes);
  };
  Var *const reads[] = {&from->var()}, *const writes[] = {&to->var()};
  PushOptions options{"keep activations"};
  options.bytes = pass.bound->compiled->arena_bytes();
  Engine::get().push(std::move(work), reads, writes, pass.bound->is_small, options);
  return copy;
}

std::vector<NDArray> CachedRun::unfold(std::span<const NDArray> in, bool is_train) {
  const CachedSymbol& symbol = training_->symbol();
  ValueMap<NDArray> values;
  for (size_t i = 0; i < in.size(); ++i) {
    NDArray& array = values[{symbol.inputs.all[i]->shared_from_this(), 0}];
    array = in[i];
    if (symbol.places[i] < symbol.inputs.arguments.size()) continue;
    array = empty_like(in[i]);  // averages have moved already
    copy_array(in[i], array, true);
  }
  const std::vector<NDArray> drawn_before = drawn();
  const autograd::ScopedMode mode(autograd::is_recording(), is_train);
  const std::vector<Value>& outputs = training_->program().parts.outputs();
  run_node_by_node(
      topological_order(outputs), values, training_->device(), {}, nullptr,
      [&](const NodePtr& node, std::span<const NDArray> node_in, std::vector<NDArray>& out) {
        return repeat_draws(drawn_before, node, node_in, out);
      });
  std::vector<NDArray> results;
  for (const Value& value : outputs) results.push_back(values.at(value));
  return results;
}

std::vector<NDArray> CachedRun::drawn() {
  const TrainingProgram& program = training_->program();
  if (program.draws.empty()) return {};
  std::shared_ptr<Arena> arena;
  {
    const std::lock_guard lock(mutex_);
    arena = pass_.arena.get();
  }
  require(static_cast<bool>(arena),
          "CachedOp: an earlier backward failed behind it, and its random numbers are gone; "
          "expected a new forward pass");
  std::vector<NDArray> copies;
  for (const Value& value : program.graph->graph().kept)
    copies.push_back(copy_of_value(pass_.bound, arena, value));
  return copies;
}

bool CachedRun::repeat_draws(std::span<const NDArray> drawn, const NodePtr& node,
                             std::span<const NDArray> in, std::vector<NDArray>& out) const {
  const std::vector<Value>& draws = training_->program().draws;
  const auto found = std::ranges::find(draws, node, &Value::node);
  if (found == draws.end()) return false;
  const auto first = static_cast<size_t>(found - draws.begin());
  if (drawn_factor(*node)) {
    static const Op& multiply = get_op("broadcast_mul");
    const NDArray both[] = {in[0], drawn[first]};
    autograd::invoke_recorded(multiply, multiply.default_params(), both, out);
    return true;
  }
  const auto own = drawn.subspan(first, node->num_outputs());
  out.assign(own.begin(), own.end());
  autograd::record(*node->op, node->params, in, out);
  return true;
}

std::vector<Value> CachedRun::outputs_from(std::span<const Value> in) const {
  const CachedSymbol& symbol = training_->symbol();
  std::vector<std::pair<std::string, Symbol>> inputs;
  for (size_t i = 0; i < in.size(); ++i)
    inputs.emplace_back(symbol.inputs.all[i]->name, Symbol({in[i]}));
  return symbol.symbol.compose({}, inputs, "").outputs();
}

}  // namespace mx

#include "runtime/training_program.h"

#include <algorithm>
#include <optional>
#include <unordered_map>
#include <unordered_set>

#include "ir/draws.h"
#include "passes/assign_layouts.h"
#include "passes/expand_composites.h"
#include "passes/fuse_attention.h"
#include "passes/fuse_pointwise.h"
#include "passes/gradient.h"
#include "passes/recompute.h"
#include "runtime/bound_graph.h"
#include "runtime/small_graph.h"

namespace mx {
namespace {

class TrainingCompiler {
 public:
  explicit TrainingCompiler(TrainingRequest request)
      : request_(std::move(request)), symbol_(request_.symbol), types_(request_.types) {
    expand_composites(symbol_, types_);
    if (request_.fuse && !request_.watch) undo_concat(symbol_, types_);
  }

  std::shared_ptr<const TrainingProgram> run() {
    std::vector<Node*> wanted;
    std::vector<size_t> numbers;
    for (size_t i = 0; i < request_.modes.size(); ++i)
      if (request_.modes[i] != WriteMode::kNull)
        wanted.push_back(request_.inputs.arguments[i]), numbers.push_back(i);
    const bool is_train = request_.options.is_train;
    program_.parts = symbol_;
    std::unordered_map<const Node*, NodePtr> originals;
    if (request_.fuse && !request_.watch && request_.options.device.is_host())
      originals = fuse_attention_in_training(symbol_, types_, wanted);
    graph_ = gradient_graph(outputs(), wanted, types_, is_train, request_.watch);
    if (!request_.watch)
      graph_.backward = recompute(graph_.backward, types_, graph_.gradients, request_.recompute);
    find_averages();
    LoweredGraph lowered = lower_all(numbers);
    if (request_.watch) {
      program_.forward_watch = watched_results(types_.order(), lowered, request_.watch_inputs);
      program_.backward_watch =
          watched_gradients(graph_.operators, types_, lowered, request_.watch_inputs);
      request_.options.inplace = request_.options.share = false;
    } else if (request_.fuse) {
      const DeviceType device = request_.options.device.compute().type;
      lowered = fuse_pointwise(assign_layouts(std::move(lowered), device, is_train));
    }
    compile(std::move(lowered));
    for (Value& draw : program_.draws)
      if (const auto found = originals.find(draw.node.get()); found != originals.end())
        draw.node = found->second;
    return std::make_shared<const TrainingProgram>(std::move(program_));
  }

 private:
  const std::vector<Value>& outputs() const { return symbol_.outputs(); }

  void find_averages() {
    std::unordered_set<const Node*> passed, moving, moved;
    for (const OperatorGradients& op : graph_.operators) passed.insert(op.node.get());
    for (Node* node : types_.order()) {
      if (node->is_variable()) continue;
      const bool trains = request_.options.is_train && node->op->uses_train_mode;
      if (draws(*node, request_.options.is_train)) add_draws(node->shared_from_this());
      if (!node->op->mutates_inputs() || !node->op->uses_train_mode) continue;
      for (uint32_t i = 0; i < node->inputs.size(); ++i) {
        if (node->op->input_kind(node->params, i) != InputKind::kAuxiliary) continue;
        moving.insert(node->inputs[i].node.get());
        if (trains && passed.count(node)) moved.insert(node->inputs[i].node.get());
      }
    }
    for (size_t i = 0; i < request_.inputs.auxiliary.size(); ++i) {
      if (moving.count(request_.inputs.auxiliary[i])) program_.averages.push_back(i);
      if (moved.count(request_.inputs.auxiliary[i])) program_.moved_averages.push_back(i);
    }
  }

  void add_draws(const NodePtr& node) {
    program_.is_random = true;
    if (!request_.keep_draws) return;
    if (const std::optional<uint32_t> factor = drawn_factor(*node)) {
      program_.draws.push_back({node, *factor});
      return;
    }
    for (uint32_t i = 0; i < node->num_outputs(); ++i) program_.draws.push_back({node, i});
  }

  /// Forward and backward steps; sorts the arguments into those with and without a gradient.
  LoweredGraph lower_all(const std::vector<size_t>& numbers) {
    std::vector<NodePtr> steps;
    for (Node* node : types_.order())
      if (!node->is_variable()) steps.push_back(node->shared_from_this());
    const size_t split = steps.size();
    steps.insert(steps.end(), graph_.backward.begin(), graph_.backward.end());
    ValueMap<TensorType> types = source_types(types_);
    for (size_t i = 0; i < graph_.head_grads.size(); ++i)
      types[{graph_.head_grads[i], 0}] = types_[outputs()[i]];
    std::vector<Value> all = outputs();
    request_.options.modes.assign(all.size(), WriteMode::kWrite);
    for (size_t i = 0; i < numbers.size(); ++i) {
      if (!graph_.gradients[i]) {
        program_.zeros.push_back(numbers[i]);
        continue;
      }
      all.push_back(graph_.gradients[i]);
      request_.options.modes.push_back(request_.modes[numbers[i]]);
      program_.gradients.push_back(numbers[i]);
    }
    LoweredGraph lowered = lower(steps, split, std::move(all), outputs().size(), std::move(types),
                                 request_.options.device.compute().type, request_.options.is_train);
    for (const Value& value : program_.draws) lowered.kept.push_back(lowered.lowered(value));
    return lowered;
  }

  void compile(LoweredGraph lowered) {
    program_.is_small = is_small_graph(types_, !program_.gradients.empty());
    std::optional<ScopedSerial> serial;  // prepared kernels fix their number of threads
    if (program_.is_small) serial.emplace();
    std::vector<NodePtr> inputs = variables_of(request_.inputs);
    inputs.insert(inputs.end(), graph_.head_grads.begin(), graph_.head_grads.end());
    program_.graph = std::make_shared<CompiledGraph>(std::move(lowered), std::move(inputs),
                                                     std::move(request_.options));
  }

  TrainingRequest request_;
  Symbol symbol_;  ///< the request's with its types, composite operators replaced by their parts
  GraphTypes types_;
  TrainingGraph graph_;
  TrainingProgram program_;
};

}  // namespace

bool TrainingProgram::needs_head_grad(size_t i) const {
  const size_t outputs = graph->graph().outputs.size() - gradients.size();
  const auto number = static_cast<uint32_t>(graph->inputs().size() - outputs + i);
  return std::any_of(graph->backward().begin(), graph->backward().end(),
                     [&](const StepRange& part) {
                       return std::binary_search(part.reads.begin(), part.reads.end(), number);
                     });
}

std::shared_ptr<const TrainingProgram> compile_training(TrainingRequest request) {
  return TrainingCompiler(std::move(request)).run();
}

ValueMap<TensorType> source_types(const GraphTypes& types) {
  ValueMap<TensorType> map;
  for (Node* node : types.order())
    for (uint32_t i = 0; node->inputs.empty() && i < node->num_outputs(); ++i)
      map[{node->shared_from_this(), i}] = types.at(node, i);
  return map;
}

std::vector<NodePtr> variables_of(const GraphInputs& inputs) {
  std::vector<NodePtr> nodes;
  for (const auto* list : {&inputs.arguments, &inputs.auxiliary})
    for (Node* node : *list) nodes.push_back(node->shared_from_this());
  return nodes;
}

}  // namespace mx

#include "autograd/gradient_plan.h"

#include <array>
#include <unordered_map>

#include "dispatch/eager_plan.h"
#include "dispatch/invoke.h"
#include "ir/differentiate.h"
#include "passes/fuse_pointwise.h"

namespace mx::autograd {
namespace {

/// The small graph that an operator's gradient builds, with stand-ins for the arrays.
class GradientGraph {
 public:
  explicit GradientGraph(const GradientQuery& query) : query_(query) {
    const TapeNode& node = query.node;
    const std::vector<Value> in = stand_ins(node.in), out = stand_ins(node.out);
    const std::vector<Value> d_out = stand_ins(query.d_out);
    const std::vector<TensorType> in_types = types_of(node.in), out_types = types_of(node.out);
    GradContext context(*node.op, node.params, node.is_train, in, out, d_out, in_types, out_types);
    differentiate_op(context);
    graph_.steps = context.nodes();
    graph_.outputs = context.d_in();
    for (size_t i = 0; i < graph_.outputs.size(); ++i)
      if (!query.wanted[i]) graph_.outputs[i] = {};
    drop_unneeded();
    if (is_worth_joining() && infer_types()) join();
  }

  GradientPlan plan() {
    GradientPlan plan;
    const uint32_t first_result = next_number_;
    for (const NodePtr& node : graph_.steps) {
      GradientPlan::Step step{node->op, node->params, {}, {}};
      for (const Value& value : node->inputs) step.in.push_back(number_of(value));
      plan.steps.push_back(std::move(step));
      numbers_[node.get()] = next_number_;
      next_number_ += node->num_outputs();
    }
    for (const Value& value : graph_.outputs)
      plan.d_in.push_back(value ? static_cast<int32_t>(number_of(value)) : GradientPlan::kZero);
    note_last_reads(plan, first_result);
    return plan;
  }

 private:
  std::vector<Value> stand_ins(std::span<const NDArray> arrays) {
    const std::vector<TensorType> types = types_of(arrays);
    std::vector<Value> values;
    for (size_t i = 0; i < arrays.size(); ++i) {
      values.push_back(arrays[i] ? Value{make_variable(""), 0} : Value{});
      if (arrays[i]) {
        numbers_[values.back().node.get()] = next_number_;
        graph_.types[values.back()] = types[i];
      }
      ++next_number_;
    }
    return values;
  }

  /// Keeps the steps that the wanted gradients depend on.
  void drop_unneeded() {
    const std::vector<bool> needed = needed_nodes();
    std::vector<NodePtr> kept;
    for (size_t k = 0; k < needed.size(); ++k)
      if (needed[k]) kept.push_back(graph_.steps[k]);
    graph_.steps = std::move(kept);
  }

  /// Whether going through memory once is worth making another operator, for shapes that may not
  /// come again: from so many elements on they leave the second-level cache.
  bool is_worth_joining() const {
    constexpr int64_t kLarge = 1 << 18;
    bool is_large = false, is_dense = true;
    for (const auto& [value, type] : graph_.types) {
      is_large |= type.shape.size() >= kLarge;
      is_dense &= type.storage == StorageKind::kDefault;
    }
    return query_.may_join && graph_.steps.size() > 1 && is_large && is_dense;
  }

  /// False where a shape follows from data.
  bool infer_types() {
    for (const NodePtr& node : graph_.steps) {
      if (node->op->has_trait("shape_from_data")) return false;
      std::vector<TensorType> in;
      for (const Value& value : node->inputs) in.push_back(graph_.type(value));
      const std::vector<TensorType> out = infer_output_types(*node->op, node->params, in);
      for (uint32_t i = 0; i < out.size(); ++i) graph_.types[{node, i}] = out[i];
    }
    return true;
  }

  void join() {
    std::vector<Value> wanted;
    for (const Value& value : graph_.outputs)
      if (value) wanted.push_back(value);
    LoweredGraph graph = std::move(graph_);
    graph_.outputs = graph.outputs;
    graph.outputs = std::move(wanted);
    graph = fuse_pointwise(std::move(graph));
    graph_.steps = std::move(graph.steps);
    auto joined = graph.outputs.begin();
    for (Value& value : graph_.outputs)
      if (value) value = *joined++;
  }

  void note_last_reads(GradientPlan& plan, uint32_t first_result) const {
    std::vector<bool> is_read(next_number_);
    for (const int32_t number : plan.d_in)
      if (number != GradientPlan::kZero) is_read[static_cast<size_t>(number)] = true;
    for (size_t k = plan.steps.size(); k-- > 0;)
      for (const uint32_t number : plan.steps[k].in) {
        if (number >= first_result && !is_read[number]) plan.steps[k].done.push_back(number);
        is_read[number] = true;
      }
  }

  /// Marks the nodes that the wanted gradients depend on.
  std::vector<bool> needed_nodes() const {
    const std::vector<NodePtr>& nodes = graph_.steps;
    std::unordered_map<const Node*, size_t> place;
    for (size_t k = 0; k < nodes.size(); ++k) place[nodes[k].get()] = k;
    std::vector<bool> needed(nodes.size());
    const auto mark = [&](const Value& value) {
      const auto found = place.find(value.node.get());
      if (found != place.end()) needed[found->second] = true;
    };
    for (const Value& value : graph_.outputs)
      if (value) mark(value);
    for (size_t k = nodes.size(); k-- > 0;)
      if (needed[k])
        for (const Value& input : nodes[k]->inputs) mark(input);
    return needed;
  }

  uint32_t number_of(const Value& value) const {
    const auto found = numbers_.find(value.node.get());
    internal_check(found != numbers_.end(), query_.node.op->name,
                   ": the gradient uses a value that is not computed");
    return found->second + value.index;
  }

  const GradientQuery& query_;
  LoweredGraph graph_;  ///< the outputs are the gradients of the inputs; none is zero
  std::unordered_map<const Node*, uint32_t> numbers_;
  uint32_t next_number_ = 0;
};

/// A plan with everything that it depends on.
struct Entry {
  const Op* op = nullptr;
  Params params;
  std::vector<TensorType> in, out, d_out;
  std::vector<bool> wanted;
  bool is_train = false, may_join = false;
  std::shared_ptr<const GradientPlan> plan;

  Entry() = default;
  Entry(const GradientQuery& query, GradientPlan made)
      : op(query.node.op),
        params(query.node.params),
        in(types_of(query.node.in)),
        out(types_of(query.node.out)),
        d_out(types_of(query.d_out)),
        wanted(query.wanted),
        is_train(query.node.is_train),
        may_join(query.may_join),
        plan(std::make_shared<GradientPlan>(std::move(made))) {}

  bool fits(const GradientQuery& query) const {
    const TapeNode& node = query.node;
    return op == node.op && is_train == node.is_train && may_join == query.may_join &&
           wanted == query.wanted && same_types(in, node.in) && same_types(out, node.out) &&
           same_types(d_out, query.d_out) && params == node.params;
  }
};

constexpr size_t kEntries = 256;

size_t slot_of(const TapeNode& node) {
  size_t seed = hash_combine(reinterpret_cast<size_t>(node.op) >> 4, node.params.hash());
  for (const NDArray& array : node.in)
    for (int64_t dim : array.shape()) seed = hash_combine(seed, static_cast<size_t>(dim));
  return seed % kEntries;
}

}  // namespace

std::shared_ptr<const GradientPlan> gradient_plan(const GradientQuery& query) {
  thread_local std::array<Entry, kEntries> entries;
  Entry& entry = entries[slot_of(query.node)];
  if (!entry.fits(query)) entry = Entry(query, GradientGraph(query).plan());
  return entry.plan;
}

}  // namespace mx::autograd

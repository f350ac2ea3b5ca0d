#include "autograd/gradient_plan.h"

#include <array>
#include <unordered_map>

#include "dispatch/eager_plan.h"
#include "ir/differentiate.h"

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
    nodes_ = context.nodes();
    d_in_ = context.d_in();
  }

  GradientPlan plan() {
    GradientPlan plan;
    const std::vector<bool> needed = needed_nodes();
    for (size_t k = 0; k < nodes_.size(); ++k) {
      if (!needed[k]) continue;
      const Node& node = *nodes_[k];
      GradientPlan::Step step{node.op, node.params, {}};
      for (const Value& value : node.inputs) step.in.push_back(number_of(value));
      plan.steps.push_back(std::move(step));
      numbers_[&node] = next_number_;
      next_number_ += node.num_outputs();
    }
    for (size_t i = 0; i < d_in_.size(); ++i)
      plan.d_in.push_back(query_.wanted[i] && d_in_[i] ? static_cast<int32_t>(number_of(d_in_[i]))
                                                       : GradientPlan::kZero);
    return plan;
  }

 private:
  std::vector<Value> stand_ins(std::span<const NDArray> arrays) {
    std::vector<Value> values;
    for (const NDArray& array : arrays) {
      values.push_back(array ? Value{make_variable(""), 0} : Value{});
      if (array) numbers_[values.back().node.get()] = next_number_;
      ++next_number_;
    }
    return values;
  }

  /// Marks the nodes that the wanted gradients depend on.
  std::vector<bool> needed_nodes() const {
    std::unordered_map<const Node*, size_t> place;
    for (size_t k = 0; k < nodes_.size(); ++k) place[nodes_[k].get()] = k;
    std::vector<bool> needed(nodes_.size());
    const auto mark = [&](const Value& value) {
      const auto found = place.find(value.node.get());
      if (found != place.end()) needed[found->second] = true;
    };
    for (size_t i = 0; i < d_in_.size(); ++i)
      if (query_.wanted[i] && d_in_[i]) mark(d_in_[i]);
    for (size_t k = nodes_.size(); k-- > 0;)
      if (needed[k])
        for (const Value& input : nodes_[k]->inputs) mark(input);
    return needed;
  }

  uint32_t number_of(const Value& value) const {
    const auto found = numbers_.find(value.node.get());
    internal_check(found != numbers_.end(), query_.node.op->name,
                   ": the gradient uses a value that is not computed");
    return found->second + value.index;
  }

  const GradientQuery& query_;
  std::vector<NodePtr> nodes_;
  std::vector<Value> d_in_;
  std::unordered_map<const Node*, uint32_t> numbers_;
  uint32_t next_number_ = 0;
};

/// A plan with everything that it depends on.
struct Entry {
  const Op* op = nullptr;
  Params params;
  std::vector<TensorType> in, out;
  std::vector<bool> wanted, has_d_out;
  bool is_train = false;
  std::shared_ptr<const GradientPlan> plan;

  Entry() = default;
  Entry(const GradientQuery& query, GradientPlan made)
      : op(query.node.op),
        params(query.node.params),
        in(types_of(query.node.in)),
        out(types_of(query.node.out)),
        wanted(query.wanted),
        is_train(query.node.is_train),
        plan(std::make_shared<GradientPlan>(std::move(made))) {
    for (const NDArray& array : query.d_out) has_d_out.push_back(static_cast<bool>(array));
  }

  bool fits(const GradientQuery& query) const {
    const TapeNode& node = query.node;
    if (op != node.op || is_train != node.is_train || wanted != query.wanted ||
        !same_types(in, node.in) || !same_types(out, node.out) || !(params == node.params))
      return false;
    for (size_t i = 0; i < has_d_out.size(); ++i)
      if (has_d_out[i] != static_cast<bool>(query.d_out[i])) return false;
    return true;
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

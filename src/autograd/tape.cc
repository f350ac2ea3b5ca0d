#include "autograd/tape.h"

#include <algorithm>

#include "ir/differentiate.h"

namespace mx {

TapeNode::~TapeNode() {
  thread_local std::vector<std::vector<NDArray>>* pending = nullptr;
  for (const auto* arrays : {&in, &out})
    for (const NDArray& array : *arrays) array.release();
  if (pending) {
    pending->push_back(std::move(in));
    return;
  }
  std::vector<std::vector<NDArray>> list;
  pending = &list;
  list.push_back(std::move(in));
  while (!list.empty()) {
    const std::vector<NDArray> arrays = std::move(list.back());
    list.pop_back();
  }
  pending = nullptr;
}

bool TapeNode::enter() {
  int walks = walks_.load(std::memory_order_relaxed);
  while (walks >= 0)
    if (walks_.compare_exchange_weak(walks, walks + 1, std::memory_order_acquire)) return true;
  return false;
}

void TapeNode::leave(bool release) {
  if (release) released_.store(true, std::memory_order_release);
  int none = 0;
  const bool last = walks_.fetch_sub(1, std::memory_order_acq_rel) == 1;
  if (last && is_released() && walks_.compare_exchange_strong(none, -1)) drop_arrays();
}

void TapeNode::drop_arrays() {
  for (const auto* arrays : {&in, &out})
    for (const NDArray& array : *arrays) array.release();
  in.clear();
  out.clear();
  custom = nullptr;
}

}  // namespace mx

namespace mx::autograd {
namespace {

/// Stand-ins for arrays in the small graphs that gradient functions build; reused by every call.
Value stand_in(size_t i) {
  thread_local std::vector<NodePtr> nodes;
  while (nodes.size() <= i) nodes.push_back(make_variable(""));
  return {nodes[i], 0};
}

/// Arrays by value. Gradient graphs are tiny, where a scan beats a hash table, except those of
/// operators with many inputs.
class ArrayTable {
 public:
  void add(const Value& value, NDArray array) {
    if (rows_.size() < kScanned)
      rows_.emplace_back(value, std::move(array));
    else
      others_.emplace(value, std::move(array));
  }
  const NDArray& at(const Value& value) const {
    for (const auto& [key, array] : rows_)
      if (key == value) return array;
    const auto found = others_.find(value);
    internal_check(found != others_.end(),
                   "autograd: a gradient uses a value that was not computed");
    return found->second;
  }

 private:
  static constexpr size_t kScanned = 16;
  std::vector<std::pair<Value, NDArray>> rows_;
  ValueMap<NDArray> others_;
};

TensorType type_of(const NDArray& array) { return {array.shape(), array.dtype()}; }

/// Marks the new nodes that the wanted gradients depend on.
std::vector<bool> needed_nodes(const GradContext& g, const std::vector<bool>& wanted) {
  const auto& nodes = g.nodes();
  std::vector<bool> needed(nodes.size());
  std::vector<std::pair<const Node*, size_t>> numbers;
  for (size_t k = 0; k < nodes.size(); ++k) numbers.emplace_back(nodes[k].get(), k);
  std::sort(numbers.begin(), numbers.end());
  const auto mark = [&](const Value& value) {
    const auto found =
        std::lower_bound(numbers.begin(), numbers.end(), value.node.get(),
                         [](const auto& row, const Node* node) { return row.first < node; });
    if (found != numbers.end() && found->first == value.node.get()) needed[found->second] = true;
  };
  for (size_t i = 0; i < wanted.size(); ++i)
    if (wanted[i] && g.d_in()[i]) mark(g.d_in()[i]);
  for (size_t k = nodes.size(); k-- > 0;)
    if (needed[k])
      for (const Value& input : nodes[k]->inputs) mark(input);
  return needed;
}

void evaluate(const NodePtr& node, ArrayTable& arrays, bool is_train, bool record, Device device) {
  std::vector<NDArray> in, out;
  for (const Value& value : node->inputs) in.push_back(arrays.at(value));
  if (record) {
    invoke_recorded(*node->op, node->params, in, out, device);
  } else {
    InvokeOptions options;
    options.is_train = is_train;
    options.device = device;
    invoke(*node->op, node->params, in, out, options);
  }
  for (uint32_t i = 0; i < out.size(); ++i) arrays.add({node, i}, std::move(out[i]));
}

/// An output as the user got it, so that a gradient that depends on it can be differentiated.
NDArray output_on_tape(TapeNode& node, uint32_t i) {
  NDArray array = node.out[i];
  if (!array) return array;
  array.autograd = std::shared_ptr<AutogradInfo>(node.shared_from_this(), &node.results[i]);
  return array;
}

std::vector<NDArray> custom_gradients(TapeNode& node, std::span<const NDArray> d_out,
                                      bool create_graph) {
  std::vector<NDArray> all(d_out.begin(), d_out.end());
  for (size_t i = 0; i < all.size(); ++i)
    if (!all[i]) all[i] = call("zeros_like", {&node.out[i], 1}, false);
  std::vector<NDArray> d_in = node.custom(all);
  require(d_in.size() == node.in.size(), node.name(), ".backward: ", d_in.size(),
          " gradients were returned; expected ", node.in.size(), ", one for each input");
  for (size_t i = 0; i < d_in.size(); ++i) {
    if (!d_in[i]) continue;
    require(d_in[i].shape() == node.in[i].shape(), node.name(), ".backward: gradient ", i,
            " has the shape ", d_in[i].shape(), "; expected ", node.in[i].shape());
    d_in[i] = cast_to(d_in[i], node.in[i].dtype(), create_graph);
  }
  return d_in;
}

}  // namespace

std::vector<NDArray> input_gradients(TapeNode& node, std::span<const NDArray> d_out,
                                     const std::vector<bool>& wanted, bool create_graph) {
  if (node.custom) {
    std::vector<NDArray> d_in = custom_gradients(node, d_out, create_graph);
    for (size_t i = 0; i < d_in.size(); ++i)
      if (!wanted[i]) d_in[i] = NDArray();
    return d_in;
  }
  size_t next = 0;
  ArrayTable arrays;
  std::vector<Value> in, out, d_out_values;
  std::vector<TensorType> in_types, out_types;
  const auto add = [&](std::vector<Value>& list, const NDArray& array) {
    list.push_back(array ? stand_in(next++) : Value{});
    if (array) arrays.add(list.back(), array);
  };
  for (const NDArray& array : node.in) add(in, array), in_types.push_back(type_of(array));
  for (uint32_t i = 0; i < node.out.size(); ++i) {
    add(out, create_graph ? output_on_tape(node, i) : node.out[i]);
    out_types.push_back(type_of(node.out[i]));
  }
  for (const NDArray& array : d_out) add(d_out_values, array);
  GradContext g(*node.op, node.params, node.is_train, in, out, d_out_values, in_types, out_types);
  differentiate_op(g);
  const std::vector<bool> needed = needed_nodes(g, wanted);
  const Device device = node.out[0].device();
  for (size_t k = 0; k < needed.size(); ++k)
    if (needed[k]) evaluate(g.nodes()[k], arrays, node.is_train, create_graph, device);
  std::vector<NDArray> d_in(node.in.size());
  for (size_t i = 0; i < d_in.size(); ++i)
    if (wanted[i] && g.d_in()[i]) d_in[i] = arrays.at(g.d_in()[i]);
  return d_in;
}

}  // namespace mx::autograd

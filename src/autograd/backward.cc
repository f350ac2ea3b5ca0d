// Walks the tape from heads to variables.
#include <algorithm>
#include <queue>
#include <unordered_map>

#include "autograd/autograd.h"
#include "autograd/tape.h"
#include "dispatch/anomaly.h"
#include "dispatch/sparse_invoke.h"
#include "ops/init/fill.h"

namespace mx::autograd {
namespace {

NDArray on_device_of(const NDArray& array, const NDArray& like) {
  if (array.device() == like.device()) return array;
  NDArray moved(array.shape(), array.dtype(), like.device());
  copy_recorded(array, moved);
  return moved;
}

/// Values by pointers, in the order in which they came. Few are found faster by a scan than by a
/// hash.
template <typename Key, typename T>
class PointerMap {
 public:
  T* find(const Key* key) {
    if (index_.empty()) {
      for (auto& [other, value] : rows_)
        if (other == key) return &value;
      return nullptr;
    }
    const auto found = index_.find(key);
    return found == index_.end() ? nullptr : &rows_[found->second].second;
  }
  /// The key must not be there.
  T& add(Key* key, T value) {
    rows_.emplace_back(key, std::move(value));
    if (!index_.empty())
      index_.emplace(key, rows_.size() - 1);
    else if (rows_.size() > kScanned)
      for (size_t i = 0; i < rows_.size(); ++i) index_.emplace(rows_[i].first, i);
    return rows_.back().second;
  }
  const std::vector<std::pair<Key*, T>>& rows() const { return rows_; }

 private:
  static constexpr size_t kScanned = 16;
  std::vector<std::pair<Key*, T>> rows_;
  std::unordered_map<const Key*, size_t> index_;
};

/// Collects gradients, latest application first.
class BackwardWalk {
 public:
  /// With `retain` the tape stays.
  BackwardWalk(bool create_graph, bool retain) : create_graph_(create_graph), retain_(retain) {}
  ~BackwardWalk() {
    for (const auto& row : reached_.rows()) {
      row.first->leave(releases_);
      if (releases_ && row.first->group) row.first->group->release();
    }
  }
  BackwardWalk(const BackwardWalk&) = delete;
  BackwardWalk& operator=(const BackwardWalk&) = delete;

  void add_head(size_t index, const NDArray& head, const NDArray& head_grad) {
    require(static_cast<bool>(head), "backward: head ", index, " is none; expected an array");
    require(is_known(head), "backward: head ", index,
            " was not recorded, or its tape was freed by an earlier backward; expected an array "
            "computed inside autograd.record() from one with attach_grad(), and retain_graph=True "
            "for a second backward");
    NDArray gradient = head_grad;
    if (!gradient) gradient = call("ones_like", {&head, 1}, create_graph_);
    require(gradient.size() == head.size(), "backward: head gradient=", gradient.shape(),
            " has the wrong shape; expected ", head.shape());
    if (gradient.shape() != head.shape()) gradient = gradient.reshape(head.shape());
    gradient = cast_to(on_device_of(gradient, head), head.dtype(), create_graph_);
    heads_.push_back(head.autograd);
    add(head.autograd, gradient);
  }

  void run() {
    while (!queue_.empty()) {
      TapeNode* node = queue_.top().second;
      queue_.pop();
      step(*node);
    }
  }

  /// Whether the heads depend on a variable, and the gradient; none where it is zero.
  std::pair<bool, NDArray> gradient_of(const Variable* variable) {
    const NDArray* found = variables_.find(variable);
    return found ? std::pair(true, *found) : std::pair(false, NDArray());
  }
  /// Those that the heads depend on, with their gradients; none where it is zero.
  const std::vector<std::pair<Variable*, NDArray>>& variables() const { return variables_.rows(); }

  /// Says that the walk has succeeded: unless it is retained, what the visited nodes keep is freed.
  void succeed() { releases_ = !retain_; }

 private:
  struct Reached {
    std::shared_ptr<TapeNode> node;
    std::vector<NDArray> d_out;
  };

  /// None stands for zero.
  void sum_into(NDArray& total, const NDArray& addend) {
    if (!addend) return;
    if (!total) {
      total = addend;
      return;
    }
    const NDArray both[] = {total, addend};
    total = call("_grad_add", both, create_graph_);
  }

  void add(const std::shared_ptr<AutogradInfo>& info, const NDArray& gradient) {
    if (info->is_variable()) {
      auto* variable = static_cast<Variable*>(info.get());
      NDArray* sum = variables_.find(variable);
      return sum_into(sum ? *sum : variables_.add(variable, {}), gradient);
    }
    TapeNode* node = info->node;
    Reached* reached = reached_.find(node);
    if (!reached) {
      require(node->enter(), node->name(),
              ": the tape was freed by an earlier backward; expected retain_graph=True there");
      reached =
          &reached_.add(node, {node->shared_from_this(), std::vector<NDArray>(node->out.size())});
      queue_.emplace(node->sequence, node);
    }
    sum_into(reached->d_out[info->index], gradient);
  }

  void step(TapeNode& node) {
    const anomaly::SourceScope scope(node.source);
    std::vector<NDArray> d_out = std::move(reached_.find(&node)->d_out);
    std::vector<bool> wanted(node.in.size());
    for (size_t i = 0; i < wanted.size(); ++i) wanted[i] = node.in[i].autograd != nullptr;
    std::vector<NDArray> d_in(node.in.size());
    const bool reached = std::any_of(d_out.begin(), d_out.end(),
                                     [](const NDArray& array) { return static_cast<bool>(array); });
    if (reached || node.starts_gradients()) {
      if (create_graph_ && node.custom && go_on_unfolded(node, d_out)) return;
      if (!d_out[0] && !node.custom) d_out[0] = call("zeros_like", {&node.out[0], 1}, false);
      d_in = input_gradients(node, d_out, wanted, create_graph_, retain_);
    }
    for (size_t i = 0; i < d_in.size(); ++i)
      if (wanted[i])
        add(node.in[i].autograd, d_in[i] ? on_device_of(d_in[i], node.in[i]) : NDArray());
  }

  /// Puts operators in the place of a computation; whether it consists of some.
  bool go_on_unfolded(TapeNode& node, const std::vector<NDArray>& d_out) {
    const std::vector<NDArray> out = node.custom->unfold(node.in, node.is_train);
    for (size_t i = 0; i < out.size(); ++i)
      if (is_known(out[i])) add(out[i].autograd, d_out[i]);
    return !out.empty();
  }

  bool create_graph_, retain_, releases_ = false;
  std::priority_queue<std::pair<uint64_t, TapeNode*>> queue_;
  PointerMap<TapeNode, Reached> reached_;
  PointerMap<Variable, NDArray> variables_;
  std::vector<std::shared_ptr<AutogradInfo>> heads_;
};

void add_heads(BackwardWalk& walk, std::span<const NDArray> heads,
               std::span<const NDArray> head_grads) {
  require(!heads.empty(), "backward: heads is empty; expected at least one array");
  require(head_grads.empty() || head_grads.size() == heads.size(), "backward: ", head_grads.size(),
          " head gradients were given; expected ", heads.size());
  for (size_t i = 0; i < heads.size(); ++i)
    walk.add_head(i, heads[i], head_grads.empty() ? NDArray() : head_grads[i]);
}

/// Zeros over whatever is there, an error included.
void fill_zeros(const NDArray& array) {
  static const Op& op = get_op("_zeros");
  std::vector<NDArray> out{array};
  invoke(op, Params::of(InitParam{array.shape(), "", array.dtype()}), {}, out);
}

void write_gradient(const Variable& variable, const NDArray& gradient) {
  if (variable.grad_mode == WriteMode::kNull || !variable.grad) return;
  if (variable.grad_mode == WriteMode::kWrite) {
    if (!gradient) return fill_zeros(variable.grad);
    return convert_array(gradient, variable.grad);
  }
  if (!gradient) return;
  const NDArray both[] = {variable.grad, cast_to(gradient, variable.grad.dtype(), false)};
  std::vector<NDArray> out{variable.grad};
  const Op& op = get_op("_grad_add");
  invoke(op, op.default_params(), both, out);
}

}  // namespace

void backward(std::span<const NDArray> heads, std::span<const NDArray> head_grads,
              bool retain_graph, bool is_train) {
  const ScopedMode mode(false, is_train);
  BackwardWalk walk(false, retain_graph);
  add_heads(walk, heads, head_grads);
  walk.run();
  for (const auto& [variable, gradient] : walk.variables()) {
    write_gradient(*variable, gradient);
    variable->grad_is_fresh = true;
  }
  walk.succeed();
}

std::vector<NDArray> grad(std::span<const NDArray> heads, std::span<const NDArray> variables,
                          std::span<const NDArray> head_grads, bool retain_graph, bool create_graph,
                          bool is_train) {
  for (size_t i = 0; i < variables.size(); ++i)
    require(variable_of(variables[i]) != nullptr, "grad: variable ", i,
            " is not one; expected an array with attach_grad()");
  const ScopedMode mode(create_graph, is_train);
  BackwardWalk walk(create_graph, retain_graph || create_graph);
  add_heads(walk, heads, head_grads);
  walk.run();
  std::vector<NDArray> result;
  for (size_t i = 0; i < variables.size(); ++i) {
    auto [reached, gradient] = walk.gradient_of(variable_of(variables[i]));
    require(reached, "grad: the heads do not depend on variable ", i);
    result.push_back(gradient ? std::move(gradient)
                              : call("zeros_like", {&variables[i], 1}, false));
  }
  walk.succeed();
  return result;
}

}  // namespace mx::autograd

#include "runtime/eager_executor.h"

#include <algorithm>
#include <mutex>
#include <optional>
#include <utility>

#include "autograd/autograd.h"
#include "autograd/node_by_node.h"
#include "dispatch/sparse_invoke.h"
#include "ir/draws.h"
#include "ndarray/sparse_array.h"
#include "runtime/bound_executor.h"
#include "runtime/bound_graph.h"
#include "runtime/graph_pieces.h"
#include "runtime/placement.h"

namespace mx {
namespace {

bool any_sparse(const std::vector<NDArray>& arrays) {
  return std::any_of(arrays.begin(), arrays.end(),
                     [](const NDArray& array) { return array && !array.is_dense(); });
}

/// Results of nodes by name, for a monitor.
using Shown = std::vector<std::pair<std::string, NDArray>>;

class EagerExecutor final : public BoundExecutor {
 public:
  EagerExecutor(const Symbol& symbol, BindArrays arrays, const BindOptions& options)
      : BoundExecutor(symbol, std::move(arrays), options.device),
        devices_(place_groups(symbol_, options.groups, options.device)) {
    infer_kinds();
    for (const Node* node : types_.order())
      if (node->op) {
        is_random_ |= draws(*node, true);
        if (node->op->runs_user_code) states_[node];
      }
    if (!needs_node_by_node(types_.order()) && !any_sparse(arrays_.args) &&
        !any_sparse(arrays_.grads) && !any_sparse(arrays_.aux))
      pieces_.emplace(symbol_, devices_);
    for (size_t i = 0; i < symbol_.outputs().size(); ++i) {
      follows_data_.push_back(!types_[symbol_.outputs()[i]].shape.is_known());
      if (follows_data_.back())
        outputs_.emplace_back();
      else
        add_output(i, device_of(*symbol_.outputs()[i].node));
    }
  }

  void forward(bool is_train, std::span<const Feed> feeds) override {
    Shown shown;
    Monitor monitor;
    ValueMap<NDArray> values;
    {
      std::lock_guard lock(mutex_);
      values = variables(feeds);
      monitor = monitor_;
    }
    // Without the lock: custom operators run the user's code, which may ask for anything.
    run(is_train, values, monitor ? &shown : nullptr);
    {
      std::lock_guard lock(mutex_);
      was_train_ = is_train;
      was_run_ = true;
      publish(values);
    }
    for (const auto& [name, array] : shown) monitor(name, array);
  }

  void backward(std::span<const NDArray> head_grads) override {
    std::vector<NDArray> results = last_results(), heads, given;
    bool was_train = false;
    {
      std::lock_guard lock(mutex_);
      if (!wants_gradients()) return;
      choose_heads(results, head_grads, heads, given);
      for (size_t i = 0; i < arrays_.grads.size(); ++i)
        if (arrays_.modes[i] == WriteMode::kWrite) push_zeros(arrays_.grads[i]);
      was_train = was_train_;
    }
    // A tape that is kept is copied where it is compiled: then a second backward computes anew.
    autograd::backward(heads, given, !pieces_, was_train);
  }

  void set_monitor(Monitor monitor, bool) override {
    std::lock_guard lock(mutex_);
    monitor_.swap(monitor);
  }

  std::string debug_str() override {
    std::string text;
    for (Node* node : types_.order())
      if (!node->is_variable()) text += concat("Op:", node->op->name, ", Name=", node->name, "\n");
    return text + "Runs node by node\nTotal 0 MB allocated\nTotal 0 TempSpace resource requested\n";
  }

  Symbol optimized_symbol() override { return symbol_; }

 private:
  template <typename Visit>
  void for_inputs(const Visit& visit) const {
    for (size_t i = 0; i < arrays_.args.size(); ++i) visit(inputs_.arguments[i], arrays_.args[i]);
    for (size_t i = 0; i < arrays_.aux.size(); ++i) visit(inputs_.auxiliary[i], arrays_.aux[i]);
  }

  Device device_of(const Node& node) const {
    const auto found = devices_.find(&node);
    return found == devices_.end() ? device_ : found->second;
  }

  void infer_kinds() {
    for_inputs(
        [&](Node* node, const NDArray& array) { types_.at(node, 0).storage = array.storage(); });
    for (Node* node : types_.order()) {
      if (node->is_variable()) continue;
      std::vector<StorageKind> kinds;
      for (const Value& value : node->inputs) kinds.push_back(types_[value].storage);
      const std::vector<StorageKind> out = infer_storage(*node->op, node->params, kinds);
      for (uint32_t i = 0; i < out.size(); ++i) types_.at(node, i).storage = out[i];
    }
  }

  /// The arrays of the variables for one run; those with a gradient are known to the tape. What is
  /// fed has arrays of the run's own, so that threads that feed one executor see their own values.
  ValueMap<NDArray> variables(std::span<const Feed> feeds) const {
    ValueMap<NDArray> values;
    for_inputs([&](Node* node, const NDArray& array) {
      values[{node->shared_from_this(), 0}] = autograd::detach(array);
    });
    for (const Feed& feed : feeds) {
      const NDArray& array = arrays_.args[feed.argument];
      convert_array(feed.value, array);
      NDArray own = empty_like(array);
      copy_array(array, own, true);
      values[{inputs_.arguments[feed.argument]->shared_from_this(), 0}] = std::move(own);
    }
    for (size_t i = 0; i < arrays_.args.size(); ++i)
      if (arrays_.modes[i] != WriteMode::kNull)
        autograd::mark_variable(values.at({inputs_.arguments[i]->shared_from_this(), 0}),
                                arrays_.grads[i], arrays_.modes[i]);
    return values;
  }

  void run(bool is_train, ValueMap<NDArray>& values, Shown* shown) {
    const autograd::ScopedMode mode(wants_gradients(), is_train);
    NodeVisit visit;
    if (!shown && pieces_) return pieces_->run(values, device_, &states_);
    if (shown) visit = [&](const NodePtr& node, auto, auto out) { show(node, out, *shown); };
    run_node_by_node(types_.order(), values, device_, visit, &states_, {}, devices_);
  }

  /// Makes the results of a run those of the executor.
  void publish(const ValueMap<NDArray>& values) {
    answers_.begin_forward(outputs_);
    heads_.clear();
    for (const Value& value : symbol_.outputs()) heads_.push_back(values.at(value));
    for (size_t i = 0; i < outputs_.size(); ++i) {
      const NDArray result = autograd::detach(heads_[i]);
      if (follows_data_[i]) outputs_[i] = empty_like(result);
      convert_array(result, outputs_[i]);
    }
  }

  /// The outputs at which backward starts, and their gradients.
  void choose_heads(std::span<const NDArray> results, std::span<const NDArray> head_grads,
                    std::vector<NDArray>& heads, std::vector<NDArray>& given) const {
    for (size_t i = 0; i < results.size(); ++i) {
      const bool is_given = i < head_grads.size() && head_grads[i];
      require(!is_given || head_grads[i].shape() == results[i].shape(), "backward: out_grads[", i,
              "]=", is_given ? head_grads[i].shape() : Shape(), " has the wrong shape; expected ",
              results[i].shape());
      const bool is_loss = autograd::starts_gradients(*symbol_.outputs()[i].node);
      if (!autograd::is_known(results[i]) || !(is_given || is_loss)) continue;
      heads.push_back(results[i]);
      given.push_back(is_given ? head_grads[i] : NDArray());
    }
    require(!heads.empty(), "backward: no output is a loss; expected out_grads");
  }

  /// The outputs as the tape knows them: of the last forward, or computed once more where its tape
  /// is used up.
  std::vector<NDArray> last_results() {
    ValueMap<NDArray> values;
    bool was_train = false;
    {
      std::lock_guard lock(mutex_);
      if (!wants_gradients()) return {};
      require(was_run_, "backward: no forward came before it; expected forward(is_train=True)");
      if (!heads_.empty()) return pieces_ ? std::exchange(heads_, {}) : heads_;
      require(!is_random_,
              "backward: it ran once after this forward already, whose random numbers cannot be "
              "drawn again; expected forward(is_train=True) before it");
      values = variables({});
      was_train = was_train_;
    }
    run(was_train, values, nullptr);
    std::vector<NDArray> results;
    for (const Value& value : symbol_.outputs()) results.push_back(values.at(value));
    return results;
  }

  static void show(const NodePtr& node, std::span<const NDArray> out, Shown& shown) {
    for (uint32_t i = 0; i < out.size(); ++i)
      shown.emplace_back(output_name({node, i}), autograd::detach(out[i]));
  }

  const NodeDevices devices_;          ///< of operators in context groups
  bool is_random_ = false;             ///< whether some operator draws random numbers
  std::optional<GraphPieces> pieces_;  ///< where some of the graph can be compiled
  CustomStates states_;                ///< with all that there will be: threads only look them up
  // Guarded by mutex_.
  std::vector<bool> follows_data_;  ///< outputs whose shapes do: each forward makes new arrays
  std::vector<NDArray> heads_;      ///< results of the last forward, known to the tape
  bool was_train_ = false, was_run_ = false;
};

}  // namespace

bool needs_eager_executor(const Symbol& symbol, const BindArrays& arrays) {
  if (any_sparse(arrays.args) || any_sparse(arrays.grads) || any_sparse(arrays.aux)) return true;
  const std::vector<Node*> order = topological_order(symbol.outputs());
  return needs_node_by_node(order) || has_user_code(order);
}

std::shared_ptr<Executor> make_eager_executor(const Symbol& symbol, BindArrays arrays,
                                              const BindOptions& options) {
  return std::make_shared<EagerExecutor>(symbol, std::move(arrays), options);
}

}  // namespace mx

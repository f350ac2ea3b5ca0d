#include "autograd/autograd.h"

#include <algorithm>
#include <atomic>
#include <queue>
#include <unordered_map>
#include <unordered_set>

#include "autograd/tape.h"

namespace mx::autograd {
namespace {

thread_local bool recording = false;
thread_local bool training = false;

const Op& plain_op(const char* name) { return get_op(name); }

NDArray call(const char* name, std::span<const NDArray> in, bool record) {
  const Op& op = plain_op(name);
  std::vector<NDArray> out;
  if (record)
    invoke_recorded(op, op.default_params(), in, out);
  else
    invoke(op, op.default_params(), in, out);
  return out[0];
}

/// Sets the thread's recording flag for a while.
class ScopedRecording {
 public:
  ScopedRecording(bool record, bool train)
      : recording_(set_recording(record)), training_(set_training(train)) {}
  ~ScopedRecording() {
    set_recording(recording_);
    set_training(training_);
  }

 private:
  bool recording_, training_;
};

/// Walks the tape from the heads, latest application first, and collects gradients.
class BackwardWalk {
 public:
  explicit BackwardWalk(bool create_graph) : create_graph_(create_graph) {}

  void add_head(const NDArray& head, const NDArray& head_grad) {
    require(
        head.autograd != nullptr,
        "backward: the array was not computed while recording, nor has it a gradient; expected an "
        "array computed inside autograd.record() from one with attach_grad()");
    NDArray gradient = head_grad;
    if (!gradient) gradient = call("ones_like", {&head, 1}, false);
    require(gradient.shape() == head.shape(), "backward: head gradient=", gradient.shape(),
            " has the wrong shape; expected ", head.shape());
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

  /// Gradient of a variable, or none.
  NDArray gradient_of(const AutogradInfo* info) const {
    const auto found = variables_.find(info);
    return found == variables_.end() ? NDArray() : found->second;
  }
  const std::vector<const AutogradInfo*>& variables() const { return variable_order_; }

  /// Frees what the visited nodes keep.
  void release_tape() {
    for (const std::shared_ptr<TapeNode>& node : visited_) {
      node->in.clear();
      node->out.clear();
    }
  }

 private:
  void sum_into(NDArray& total, const NDArray& addend) {
    if (!total) {
      total = addend;
      return;
    }
    const NDArray both[] = {total, addend};
    total = call("_grad_add", both, create_graph_);
  }

  void add(const std::shared_ptr<AutogradInfo>& info, const NDArray& gradient) {
    if (info->is_variable()) {
      const auto [found, is_new] = variables_.try_emplace(info.get());
      if (is_new) variable_order_.push_back(info.get());
      return sum_into(found->second, gradient);
    }
    TapeNode* node = info->node.get();
    auto [found, is_new] = d_out_.try_emplace(node);
    if (is_new) {
      require(!node->out.empty(), node->op->name,
              ": the tape was freed by an earlier backward; expected retain_graph=True there");
      found->second.resize(node->out.size());
      queue_.emplace(node->sequence, node);
      visited_.push_back(info->node);
    }
    sum_into(found->second[info->index], gradient);
  }

  void step(TapeNode& node) {
    std::vector<NDArray> d_out = std::move(d_out_[&node]);
    if (!d_out[0] && !node.op->ignores_head_gradient)
      d_out[0] = call("zeros_like", {&node.out[0], 1}, false);
    std::vector<bool> wanted(node.in.size());
    for (size_t i = 0; i < wanted.size(); ++i) wanted[i] = node.in[i].autograd != nullptr;
    const std::vector<NDArray> d_in = input_gradients(node, d_out, wanted, create_graph_);
    for (size_t i = 0; i < d_in.size(); ++i)
      if (d_in[i]) add(node.in[i].autograd, d_in[i]);
  }

  bool create_graph_;
  std::priority_queue<std::pair<uint64_t, TapeNode*>> queue_;
  std::unordered_map<TapeNode*, std::vector<NDArray>> d_out_;
  std::unordered_map<const AutogradInfo*, NDArray> variables_;
  std::vector<const AutogradInfo*> variable_order_;
  std::vector<std::shared_ptr<TapeNode>> visited_;
  std::vector<std::shared_ptr<AutogradInfo>> heads_;
};

void check_heads(std::span<const NDArray> heads, std::span<const NDArray> head_grads) {
  require(head_grads.empty() || head_grads.size() == heads.size(), "backward: ", head_grads.size(),
          " head gradients were given; expected ", heads.size());
}

void write_gradient(const AutogradInfo& variable, const NDArray& gradient) {
  if (variable.grad_mode == WriteMode::kNull || !variable.grad) return;
  if (variable.grad_mode == WriteMode::kAdd) {
    const NDArray both[] = {variable.grad, gradient};
    std::vector<NDArray> out{variable.grad};
    const Op& op = plain_op("_grad_add");
    return invoke(op, op.default_params(), both, out);
  }
  if (gradient.dtype() == variable.grad.dtype()) return copy_array(gradient, variable.grad, true);
  std::vector<NDArray> out{variable.grad};
  const NDArray in[] = {gradient};
  const Op& cast = plain_op("Cast");
  invoke(cast, cast.parse_params({{"dtype", std::string(dtype_name(variable.grad.dtype()))}}), in,
         out);
}

}  // namespace

bool is_recording() { return recording; }
bool set_recording(bool on) { return std::exchange(recording, on); }
bool is_training() { return training; }
bool set_training(bool on) { return std::exchange(training, on); }

void mark_variable(NDArray& array, NDArray grad, WriteMode mode) {
  require(!grad || grad.shape() == array.shape(),
          "mark_variables: gradient=", grad ? grad.shape() : Shape(),
          " has the wrong shape; expected ", array.shape());
  array.autograd = std::make_shared<AutogradInfo>();
  array.autograd->grad = std::move(grad);
  array.autograd->grad_mode = mode;
}

NDArray detach(const NDArray& array) {
  NDArray result = array;
  result.autograd = nullptr;
  return result;
}

namespace {

/// A node for a computation, known to its outputs; nullptr when no input is known to the tape.
std::shared_ptr<TapeNode> record_node(const Op& op, std::span<const NDArray> in,
                                      std::span<NDArray> out) {
  const bool known =
      std::any_of(in.begin(), in.end(), [](const NDArray& a) { return a.autograd != nullptr; });
  if (!known) return nullptr;
  static std::atomic<uint64_t> clock{0};
  auto node = std::make_shared<TapeNode>();
  node->op = &op;
  node->is_train = training;
  node->sequence = ++clock;
  node->in.assign(in.begin(), in.end());
  for (uint32_t i = 0; i < out.size(); ++i) {
    node->out.push_back(detach(out[i]));
    out[i].autograd = std::make_shared<AutogradInfo>();
    out[i].autograd->node = node;
    out[i].autograd->index = i;
  }
  return node;
}

/// What stands for a computation that is no operator.
const Op& custom_op() {
  static Op op;
  op.name = "Function";
  return op;
}

}  // namespace

void record(const Op& op, const Params& params, std::span<const NDArray> in,
            std::span<NDArray> out) {
  if (const auto node = record_node(op, in, out)) node->params = params;
}

void record_custom(std::span<const NDArray> in, std::span<NDArray> out, CustomBackward backward) {
  if (const auto node = record_node(custom_op(), in, out)) node->custom = std::move(backward);
}

void invoke_recorded(const Op& op, const Params& params, std::span<const NDArray> in,
                     std::vector<NDArray>& out, Device device) {
  InvokeOptions options;
  options.is_train = training;
  options.device = device;
  if (recording)
    for (const NDArray& array : out)
      require(!array || !array.autograd || !array.autograd->is_variable() || !array.autograd->grad,
              op.name, ": out is an array with a gradient; expected another array while recording");
  invoke(op, params, in, out, options);
  if (recording && op.not_differentiable.empty()) record(op, params, in, out);
}

void backward(std::span<const NDArray> heads, std::span<const NDArray> head_grads,
              bool retain_graph, bool is_train) {
  check_heads(heads, head_grads);
  const ScopedRecording scope(false, is_train);
  BackwardWalk walk(false);
  for (size_t i = 0; i < heads.size(); ++i)
    walk.add_head(heads[i], head_grads.empty() ? NDArray() : head_grads[i]);
  walk.run();
  for (const AutogradInfo* variable : walk.variables())
    write_gradient(*variable, walk.gradient_of(variable));
  if (!retain_graph) walk.release_tape();
}

std::vector<NDArray> grad(std::span<const NDArray> heads, std::span<const NDArray> variables,
                          std::span<const NDArray> head_grads, bool retain_graph, bool create_graph,
                          bool is_train) {
  check_heads(heads, head_grads);
  const ScopedRecording scope(create_graph, is_train);
  BackwardWalk walk(create_graph);
  for (size_t i = 0; i < heads.size(); ++i)
    walk.add_head(heads[i], head_grads.empty() ? NDArray() : head_grads[i]);
  walk.run();
  std::vector<NDArray> result;
  for (size_t i = 0; i < variables.size(); ++i) {
    require(variables[i].autograd && variables[i].autograd->is_variable(), "grad: variable ", i,
            " is not one; expected an array with attach_grad()");
    NDArray gradient = walk.gradient_of(variables[i].autograd.get());
    require(static_cast<bool>(gradient), "grad: the heads do not depend on variable ", i);
    result.push_back(std::move(gradient));
  }
  if (!retain_graph && !create_graph) walk.release_tape();
  return result;
}

}  // namespace mx::autograd

// The state of recording, and how computations come onto the tape.
#include <algorithm>
#include <atomic>

#include "autograd/autograd.h"
#include "autograd/control_flow.h"
#include "autograd/custom_operator.h"
#include "autograd/tape.h"
#include "dispatch/anomaly.h"
#include "dispatch/sparse_invoke.h"
#include "ir/common_params.h"
#include "ir/subgraph.h"

namespace mx::autograd {
namespace {

thread_local bool recording = false;
thread_local bool training = false;

/// What is recorded now are parts of it.
thread_local std::shared_ptr<TapeGroup> current_group;

/// How many variables and constants there were.
std::atomic<uint64_t> sources{0};

bool any_known(std::span<const NDArray> arrays) {
  return std::any_of(arrays.begin(), arrays.end(), is_known);
}

/// A node for a computation, known to its outputs; nullptr when no input is known to the tape.
std::shared_ptr<TapeNode> record_node(const Op& op, std::span<const NDArray> in,
                                      std::span<NDArray> out) {
  if (!any_known(in)) return nullptr;
  static std::atomic<uint64_t> clock{0};
  auto node = std::make_shared<TapeNode>();
  node->op = &op;
  node->is_train = training;
  if (anomaly::is_on()) node->source = anomaly::current_source();
  node->sequence = ++clock;
  if (current_group) {
    node->group = current_group;
    current_group->parts.push_back(node);
  }
  node->in.assign(in.begin(), in.end());
  uint64_t constants = 0;
  for (NDArray& array : node->in) {
    if (!is_known(array)) array.autograd = nullptr, ++constants;
    array.hold();
  }
  if (constants) node->first_constant = sources.fetch_add(constants);
  node->make_results(static_cast<uint32_t>(out.size()));
  node->out.reserve(out.size());
  for (uint32_t i = 0; i < out.size(); ++i) {
    node->out.push_back(detach(out[i]));
    out[i].hold();
    out[i].autograd = std::shared_ptr<AutogradInfo>(node, node->result(i));
  }
  return node;
}

/// What stands for a computation that is no operator.
const Op& custom_op() {
  static const Op* op = [] {
    auto* made = new Op;
    made->name = "Function";
    return made;
  }();
  return *op;
}

/// A function as a computation: it gets zeros where no gradient arrives.
class CustomFunction final : public Computation {
 public:
  CustomFunction(std::string name, CustomBackward backward)
      : name_(std::move(name)), backward_(std::move(backward)) {}
  std::string_view name() const override { return name_; }
  std::vector<NDArray> gradients(const GradientRequest& request) override {
    std::vector<NDArray> all(request.d_out.begin(), request.d_out.end());
    for (size_t i = 0; i < all.size(); ++i)
      if (!all[i]) all[i] = call("zeros_like", {&request.out[i], 1}, false);
    return backward_(all);
  }

 private:
  std::string name_;
  CustomBackward backward_;
};

/// An operator that reads what it writes cannot be recorded: its gradient may need the old values.
void check_not_in_place(const Op& op, std::span<const NDArray> in, const NDArray& out) {
  for (const NDArray& array : in)
    require(!array.overlaps(out), op.name,
            ": out is one of the inputs, which cannot be recorded; expected another array, or x = "
            "x + y in place of x += y");
}

/// Puts results into the arrays that wait for them.
void deliver(std::vector<NDArray>& results, std::vector<NDArray>& out) {
  out.resize(results.size());
  for (size_t i = 0; i < out.size(); ++i)
    if (out[i])
      copy_recorded(results[i], out[i]);
    else
      out[i] = std::move(results[i]);
}

/// Makes one group of what is recorded in its time, be it parts of parts.
class GroupScope {
 public:
  GroupScope() : is_outer_(!current_group) {
    if (is_outer_) current_group = std::make_shared<TapeGroup>();
  }
  ~GroupScope() {
    if (is_outer_) current_group = nullptr;
  }
  GroupScope(const GroupScope&) = delete;
  GroupScope& operator=(const GroupScope&) = delete;

 private:
  bool is_outer_;
};

/// Its parts come onto the tape: what they draw and what they keep is what gradients have to see.
void invoke_composite(const Op& op, const Params& params, std::span<const NDArray> in,
                      std::vector<NDArray>& out, Device device) {
  const GroupScope group;
  std::vector<NDArray> results =
      invoke_parts(op, params, in, [&](const Node& node, const auto& node_in, auto& node_out) {
        invoke_recorded(*node.op, node.params, node_in, node_out, device);
      });
  deliver(results, out);
}

}  // namespace

bool is_recording() { return recording; }
bool set_recording(bool on) { return std::exchange(recording, on); }
bool is_training() { return training; }
bool set_training(bool on) { return std::exchange(training, on); }

void mark_variable(NDArray& array, NDArray grad, WriteMode mode) {
  require(static_cast<bool>(array), "mark_variables: a variable holds nothing; expected elements");
  require(!grad || grad.shape() == array.shape(),
          "mark_variables: gradient=", grad ? grad.shape() : Shape(),
          " has the wrong shape; expected ", array.shape());
  require(!grad || !grad.overlaps(array),
          "mark_variables: a gradient shares its memory with its variable; expected another array");
  auto variable = std::make_shared<Variable>();
  variable->grad = std::move(grad);
  variable->grad_mode = mode;
  variable->number = sources.fetch_add(1);
  array.autograd = std::move(variable);
}

Variable* variable_of(const NDArray& array) {
  AutogradInfo* info = array.autograd.get();
  return info && info->is_variable() ? static_cast<Variable*>(info) : nullptr;
}

bool is_known(const NDArray& array) {
  const AutogradInfo* info = array.autograd.get();
  return info && (info->is_variable() || !info->node->is_released());
}

NDArray detach(const NDArray& array) {
  NDArray result = array;
  result.autograd = nullptr;
  return result;
}

void check_writable(std::string_view who, const NDArray& target) {
  if (!recording || !(is_known(target) || target.is_held())) return;
  fail(ErrorKind::kValue, who,
       ": an array that is part of a recorded computation is written; expected a new array (x = x "
       "+ y in place of x += y), or autograd.pause() around the write");
}

void record(const Op& op, const Params& params, std::span<const NDArray> in,
            std::span<NDArray> out) {
  if (const auto node = record_node(op, in, out)) node->params = params;
}

void record_computation(std::shared_ptr<Computation> computation, std::span<const NDArray> in,
                        std::span<NDArray> out) {
  const auto node = record_node(custom_op(), in, out);
  if (!node) return;
  node->custom_name = computation->name();
  node->custom = std::move(computation);
}

void record_custom(std::string name, std::span<const NDArray> in, std::span<NDArray> out,
                   CustomBackward backward) {
  record_computation(std::make_shared<CustomFunction>(std::move(name), std::move(backward)), in,
                     out);
}

namespace {

/// Outputs that users do not see are there for gradients: without a tape nobody wants them. Empty
/// when there are none.
std::vector<WriteMode> modes_without_tape(const Op& op, const Params& params,
                                          const std::vector<NDArray>& out) {
  const size_t count = op.num_outputs(params), visible = op.num_visible_outputs(params);
  std::vector<WriteMode> modes;
  if (visible >= count) return modes;
  modes.resize(count, WriteMode::kWrite);
  for (size_t i = visible; i < count; ++i)
    if (i >= out.size() || !out[i]) modes[i] = WriteMode::kNull;
  return modes;
}

}  // namespace

void invoke_recorded(const Op& op, const Params& params, std::span<const NDArray> in,
                     std::vector<NDArray>& out, Device device) {
  if (op.runs_user_code) return invoke_custom(op, params, in, out, device);
  if (op.has_trait("control_flow")) {
    std::vector<NDArray> results = run_control_flow(op, params, in, device);
    return deliver(results, out);
  }
  if (op.has_trait("composite") && any_has_trait(op, params, "control_flow"))
    return invoke_composite(op, params, in, out, device);
  const bool is_composite = op.decomposition && op.has_trait("composite");
  InvokeOptions options;
  options.is_train = training;
  options.device = device;
  if (!recording) {
    if (is_composite && runs_user_code(op, params))
      return invoke_composite(op, params, in, out, device);
    const std::vector<WriteMode> modes = modes_without_tape(op, params, out);
    options.write_modes = modes;
    return invoke(op, params, in, out, options);
  }
  const bool known = any_known(in);
  for (const NDArray& array : out) {
    if (!array) continue;
    check_writable(op.name, array);
    if (known) check_not_in_place(op, in, array);
  }
  if (is_composite && (known || runs_user_code(op, params)))
    return invoke_composite(op, params, in, out, device);
  invoke(op, params, in, out, options);
  record(op, params, in, out);
}

NDArray call(const char* name, std::span<const NDArray> in, bool record) {
  const Op& op = get_op(name);
  std::vector<NDArray> out;
  if (record)
    invoke_recorded(op, op.default_params(), in, out);
  else
    invoke(op, op.default_params(), in, out);
  return out[0];
}

NDArray cast_to(const NDArray& array, DType dtype, bool record) {
  if (array.dtype() == dtype) return array;
  static const Op& op = get_op("Cast");
  const Params params = Params::of(CastParam{dtype});
  std::vector<NDArray> out;
  if (record)
    invoke_recorded(op, params, {&array, 1}, out);
  else
    invoke(op, params, {&array, 1}, out);
  return out[0];
}

void copy_recorded(const NDArray& from, NDArray& to) {
  check_writable("copyto", to);
  const NDArray source = cast_to(from, to.dtype(), recording);
  convert_array(source, to);
  static const Op& op = get_op("_copy");
  if (recording) record(op, op.default_params(), {&source, 1}, {&to, 1});
}

}  // namespace mx::autograd

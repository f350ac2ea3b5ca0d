#include "autograd/tape.h"

#include "autograd/gradient_plan.h"

namespace mx {

void TapeGroup::release() {
  if (released.exchange(true)) return;
  for (const std::weak_ptr<TapeNode>& part : parts)
    if (const std::shared_ptr<TapeNode> node = part.lock(); node && node->enter())
      node->leave(true);
}

TapeNode::~TapeNode() {
  thread_local std::vector<std::vector<NDArray>>* pending = nullptr;
  for (const auto* arrays : {&in, &out})
    for (const NDArray& array : *arrays) array.release();
  if (in.empty()) return;
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

void TapeNode::make_results(uint32_t count) {
  if (count > 1) other_results_.resize(count - 1);
  for (uint32_t i = 0; i < count; ++i) *result(i) = {this, i};
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

/// Runs a step of a plan, appends its results to the arrays and drops those that are done with.
void evaluate(const GradientPlan::Step& step, std::vector<NDArray>& arrays, bool is_train,
              bool record, Device device) {
  std::vector<NDArray> in, out;
  in.reserve(step.in.size());
  for (const uint32_t number : step.in) in.push_back(arrays[number]);
  if (record) {
    invoke_recorded(*step.op, step.params, in, out, device);
  } else {
    InvokeOptions options;
    options.is_train = is_train;
    options.device = device;
    invoke(*step.op, step.params, in, out, options);
  }
  for (NDArray& array : out) arrays.push_back(std::move(array));
  for (const uint32_t number : step.done) arrays[number] = {};
}

/// An output as the user got it, so that a gradient that depends on it can be differentiated.
NDArray output_on_tape(TapeNode& node, uint32_t i) {
  NDArray array = node.out[i];
  if (!array) return array;
  array.autograd = std::shared_ptr<AutogradInfo>(node.shared_from_this(), node.result(i));
  return array;
}

std::vector<NDArray> custom_gradients(TapeNode& node, const GradientRequest& request,
                                      bool create_graph) {
  std::vector<NDArray> d_in = node.custom->gradients(request);
  require(d_in.size() == node.in.size(), node.name(), ".backward: ", d_in.size(),
          " gradients were returned; expected ", node.in.size(), ", one for each input");
  for (size_t i = 0; i < d_in.size(); ++i) {
    if (!d_in[i]) continue;
    require(d_in[i].shape() == node.in[i].shape(), node.name(), ".backward: gradient ", i,
            " has the shape ", d_in[i].shape(), "; expected ", node.in[i].shape());
    d_in[i] = request.wanted[i] ? cast_to(d_in[i], node.in[i].dtype(), create_graph) : NDArray();
  }
  return d_in;
}

}  // namespace

std::vector<NDArray> input_gradients(TapeNode& node, std::span<const NDArray> d_out,
                                     const std::vector<bool>& wanted, bool create_graph,
                                     bool retain) {
  if (node.custom) return custom_gradients(node, {node.out, d_out, wanted, retain}, create_graph);
  const Device device = node.out[0].device();
  const std::shared_ptr<const GradientPlan> plan =
      gradient_plan({node, d_out, wanted, !create_graph && device.is_host()});
  std::vector<NDArray> arrays;
  arrays.reserve(node.in.size() + 2 * node.out.size() + plan->steps.size());
  arrays.insert(arrays.end(), node.in.begin(), node.in.end());
  for (uint32_t i = 0; i < node.out.size(); ++i)
    arrays.push_back(create_graph ? output_on_tape(node, i) : node.out[i]);
  arrays.insert(arrays.end(), d_out.begin(), d_out.end());
  for (const GradientPlan::Step& step : plan->steps)
    evaluate(step, arrays, node.is_train, create_graph, device);
  std::vector<NDArray> d_in(node.in.size());
  for (size_t i = 0; i < d_in.size(); ++i)
    if (plan->d_in[i] != GradientPlan::kZero) d_in[i] = arrays[static_cast<size_t>(plan->d_in[i])];
  return d_in;
}

}  // namespace mx::autograd

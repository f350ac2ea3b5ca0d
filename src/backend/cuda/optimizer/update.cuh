#pragma once
// The kernel that all update operators share: one pass over the arrays with a rule of
// update_rules.h. Compiled without fused multiply-adds.
#include "backend/common/update_rules.h"
#include "backend/cuda/common/strided_copy.h"
#include "backend/cuda/device_loops.cuh"
#include "backend/cuda/gpu_kernel.h"
#include "backend/cuda/launch.h"

namespace mx::cuda {

/// The arrays of one update. The weight is updated in place; with a float32 weight beside the
/// result in half precision, `copy` is the result.
struct UpdateArrays {
  void* weight;
  const void* grad;
  void* states[2];
  void* copy;
  DType dtype, grad_dtype, copy_dtype;  ///< states have the weight's
  int64_t size;
};

template <typename Rule, typename C>
__global__ void update_loop(Rule rule, const __grid_constant__ UpdateArrays a) {
  for (int64_t i = thread_number(); i < a.size; i += thread_count()) {
    const C w = load_as<C>(a.weight, a.dtype, i), g = load_as<C>(a.grad, a.grad_dtype, i);
    C next, first, second;
    if constexpr (Rule::kStates > 0) first = load_as<C>(a.states[0], a.dtype, i);
    if constexpr (Rule::kStates > 1) second = load_as<C>(a.states[1], a.dtype, i);
    if constexpr (Rule::kStates == 0)
      next = rule(w, g);
    else if constexpr (Rule::kStates == 1)
      next = rule(w, g, first);
    else
      next = rule(w, g, first, second);
    if constexpr (Rule::kStates > 0) store_as<C>(a.states[0], a.dtype, i, first);
    if constexpr (Rule::kStates > 1) store_as<C>(a.states[1], a.dtype, i, second);
    store_as<C>(a.weight, a.dtype, i, next);
    if (a.copy) store_as<C>(a.copy, a.copy_dtype, i, load_as<C>(a.weight, a.dtype, i));
  }
}

/// Updates with the rule that make_rule(TypeTag<C>{}) returns. `states` are the inputs behind
/// weight and gradient; with `mixed` the last of them is the weight in float32.
template <typename Make>
void update(const KernelContext& context, Inputs in, const Tensor& out, bool mixed,
            const Make& make_rule) {
  if (out.size() == 0) return;
  const Tensor& weight = mixed ? in.back() : out;
  if (!mixed) copy_tensor(context, in[0], out);
  const Inputs states = in.subspan(2, in.size() - 2 - (mixed ? 1 : 0));
  UpdateArrays a{weight.data,  in[1].data,  {nullptr, nullptr}, mixed ? out.data : nullptr,
                 weight.dtype, in[1].dtype, out.dtype,          out.size()};
  for (size_t i = 0; i < states.size(); ++i) a.states[i] = states[i].data;
  const auto run = [&]<typename C>(TypeTag<C> tag) {
    const auto rule = make_rule(tag);
    launch(context, update_loop<std::remove_const_t<decltype(rule)>, C>, blocks_for(a.size),
           kBlockThreads, rule, a);
  };
  if (weight.dtype == DType::kFloat64)
    run(TypeTag<double>{});
  else
    run(TypeTag<float>{});
}

}  // namespace mx::cuda

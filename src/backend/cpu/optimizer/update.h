#pragma once
#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include "backend/common/update_rules.h"
#include "dispatch/kernel.h"

/// Loops that the update kernels share. Every update is one pass over the arrays, bound by memory.
/// The order of operations in the bodies is that of MXNet 1.9.1, so that results agree bit for bit.
namespace mx::optimizer {

/// Elements that are worth a thread.
inline constexpr int64_t kGrain = 16384;

/// Calls body(i) for i in [0, count), in parallel when that pays.
template <typename Body>
void for_each_element(int64_t count, const Body& body) {
  parallel_for(count, kGrain, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) body(i);
  });
}

template <typename C>
C sign_of(C value) {
  return static_cast<C>((value > 0) - (value < 0));
}

/// The weight as the update sees it: read and written through one pointer of type Master. With a
/// float32 master the half-precision result is a copy of it.
template <typename T, typename Master>
struct WeightArray {
  using Compute = ComputeType<Master>;
  Master* master;
  T* copy;  ///< only where Master is not T
  Compute get(int64_t i) const { return static_cast<Compute>(master[i]); }
  void set(int64_t i, Compute value) const {
    master[i] = static_cast<Master>(value);
    if constexpr (!std::is_same_v<T, Master>) copy[i] = static_cast<T>(master[i]);
  }
};

/// Applies a rule of update_rules.h to every element; the states are read and written in place.
template <typename Rule, typename W, typename G, typename... S>
void apply_rule(const Rule& rule, int64_t size, const W& weight, const G* grad, S*... states) {
  using C = typename W::Compute;
  for_each_element(size, [&](int64_t i) {
    const C w = weight.get(i), g = static_cast<C>(grad[i]);
    [&](auto... state) {
      const C next = rule(w, g, state...);
      ((states[i] = static_cast<S>(state)), ...);
      weight.set(i, next);
    }(static_cast<C>(states[i])...);
  });
}

/// Weight that is updated in place in the output.
template <typename T>
WeightArray<T, T> plain_weight(const Tensor& weight, const Tensor& out) {
  if (weight.data != out.data)
    std::memcpy(out.data, weight.data, static_cast<size_t>(weight.size()) * sizeof(T));
  return {out.as<T>(), nullptr};
}

/// Calls use(weight array, gradient, TypeTag<state type>) for a plain update, where states have the
/// weight's dtype, or a mixed one, where they and a copy of the weight are float32.
template <typename Use>
void visit_weight(const Tensor& weight, const Tensor& grad, const Tensor* weight32,
                  const Tensor& out, const char* op, const Use& use) {
  visit_floating(out.dtype, op, [&]<typename T>(TypeTag<T>) {
    if (!weight32) return use(plain_weight<T>(weight, out), grad.as<T>(), TypeTag<T>{});
    // A float32 weight has a float32 copy too; a distinct type keeps both written.
    if constexpr (std::is_same_v<T, float>) {
      use(plain_weight<float>(*weight32, *weight32), grad.as<T>(), TypeTag<float>{});
      std::memcpy(out.data, weight32->data, static_cast<size_t>(out.size()) * sizeof(float));
    } else {
      use(WeightArray<T, float>{weight32->as<float>(), out.as<T>()}, grad.as<T>(),
          TypeTag<float>{});
    }
  });
}

}  // namespace mx::optimizer

#pragma once
#include <algorithm>
#include <cmath>
#include <limits>
#include <type_traits>

#include "backend/common/update_rules.h"
#include "dispatch/kernel.h"

/// Loops that the update kernels share. Every update is one pass over the arrays, bound by memory.
/// The order of operations in the bodies is that of MXNet 1.9.1, so that results agree bit for bit.
namespace mx::optimizer {

/// Elements that are worth a thread.
inline constexpr int64_t kGrain = 16384;

/// Calls body(i) for i in [0, count), in parallel when that pays. Arrays of an update are one and
/// the same or do not overlap, so that calls for different i do not depend on each other.
template <typename Body>
void for_each_element(int64_t count, const Body& body) {
  parallel_for(count, kGrain, [&](int64_t begin, int64_t end) {
#pragma GCC ivdep
    for (int64_t i = begin; i < end; ++i) body(i);
  });
}

template <typename C>
C sign_of(C value) {
  return static_cast<C>((value > 0) - (value < 0));
}

/// The weight as the update sees it: read from one place and written to another, which may be the
/// same. A mixed update reads and writes a float32 master; the result, of type Copy, is a copy of
/// it.
template <typename Master, typename Copy = void>
struct WeightArray {
  using Compute = ComputeType<Master>;
  const Master* from;
  Master* to;
  Copy* copy = nullptr;
  Compute get(int64_t i) const { return static_cast<Compute>(from[i]); }
  void set(int64_t i, Compute value) const {
    const Master stored = static_cast<Master>(value);
    to[i] = stored;
    if constexpr (!std::is_void_v<Copy>) copy[i] = static_cast<Copy>(stored);
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

/// Calls use(weight array, gradient, TypeTag<state type>) for a plain update, where states have the
/// weight's dtype, or a mixed one, where they and a copy of the weight are float32.
template <typename Use>
void visit_weight(const Tensor& weight, const Tensor& grad, const Tensor* weight32,
                  const Tensor& out, const char* op, const Use& use) {
  visit_floating(out.dtype, op, [&]<typename T>(TypeTag<T>) {
    if (!weight32)
      return use(WeightArray<T>{weight.as<T>(), out.as<T>()}, grad.as<T>(), TypeTag<T>{});
    float* master = weight32->as<float>();
    use(WeightArray<float, T>{master, master, out.as<T>()}, grad.as<T>(), TypeTag<float>{});
  });
}

}  // namespace mx::optimizer

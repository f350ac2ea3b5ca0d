#pragma once
// Element-wise kernels over the functors of backend/common/elemwise/. A functor is instantiated for
// float and double, and for the integers when it has a meaning of its own there; every other dtype
// is computed in float, a block at a time on the stack. Memory-bound: each array is read or written
// once.
#include <algorithm>
#include <type_traits>

#include "backend/common/elemwise/function.h"
#include "dispatch/kernel.h"
#include "ir/common_params.h"

namespace mx::cpu {

/// The inner loops of one function, one for each dtype in which it is computed.
/// nullptr: there is no integer version.
template <typename Loop>
struct LoopTable {
  Loop f32, f64, i32, i64, i8, u8;

  Loop of(DType dtype) const {
    switch (dtype) {
      case DType::kFloat64:
        return f64;
      case DType::kInt32:
        return i32;
      case DType::kInt64:
        return i64;
      case DType::kInt8:
        return i8;
      case DType::kUint8:
        return u8;
      default:
        return f32;
    }
  }
  /// `dtype` where there is a loop for it, else float32.
  DType computed_in(DType dtype) const {
    const bool native = dtype == DType::kFloat64 || (i32 && is_integer(dtype));
    return native ? dtype : DType::kFloat32;
  }
};

using UnaryLoop = void (*)(const void* functor, const void* x, void* y, int64_t n);
/// Steps are 1, or 0 for an operand that is one number.
using BinaryLoop = void (*)(const void* functor, const void* a, int64_t a_step, const void* b,
                            int64_t b_step, void* y, int64_t n);

/// Elements that fill whole vectors of every instruction set.
inline constexpr int64_t kVector = 16;

/// One operand of a loop that is the same for every element.
template <typename T>
struct Number {
  T value;
  T operator[](int64_t) const { return value; }
  Number padded(int64_t, int64_t) const { return *this; }
};

/// Elements of an array, filled up with the first one.
template <typename T>
struct PaddedVector {
  T values[kVector];
  PaddedVector(const T* x, int64_t count) {
    std::fill_n(values, kVector, x[0]);
    std::copy_n(x, count, values);
  }
  T operator[](int64_t i) const { return values[i]; }
};

/// One operand of a loop that is an array.
template <typename T>
struct Elements {
  const T* x;
  T operator[](int64_t i) const { return x[i]; }
  PaddedVector<T> padded(int64_t first, int64_t count) const { return {x + first, count}; }
};

/// y[i] = f(operands[i] ...). Functors that want whole vectors get the rest in padded ones, so that
/// every element is computed by the same code. The functor is a copy, whose numbers no element of y
/// can change.
template <typename F, typename T, typename... Operand>
void fill_loop(const F f, T* y, int64_t n, Operand... x) {
  constexpr bool whole_vectors = F::kWholeVectors && std::is_floating_point_v<T>;
  const int64_t whole = whole_vectors ? n & -kVector : n;
#pragma GCC ivdep
  for (int64_t i = 0; i < whole; ++i) y[i] = f(x[i]...);
  if (whole == n) return;
  T rest[kVector];
  [&](const auto&... last) {
#pragma GCC ivdep
    for (int64_t i = 0; i < kVector; ++i) rest[i] = f(last[i]...);
  }(x.padded(whole, n - whole)...);
  std::copy_n(rest, n - whole, y + whole);
}

template <typename F, typename T>
void unary_loop(const void* functor, const void* x, void* y, int64_t n) {
  const F f = *static_cast<const F*>(functor);
  fill_loop(f, static_cast<T*>(y), n, Elements<T>{static_cast<const T*>(x)});
}

template <typename F, typename T>
void binary_loop(const void* functor, const void* a, int64_t a_step, const void* b, int64_t b_step,
                 void* y, int64_t n) {
  const F f = *static_cast<const F*>(functor);
  const T *p = static_cast<const T*>(a), *q = static_cast<const T*>(b);
  T* out = static_cast<T*>(y);
  if (a_step && b_step)
    fill_loop(f, out, n, Elements<T>{p}, Elements<T>{q});
  else if (a_step)
    fill_loop(f, out, n, Elements<T>{p}, Number<T>{*q});
  else if (b_step)
    fill_loop(f, out, n, Number<T>{*p}, Elements<T>{q});
  else if (n > 0) {
    fill_loop(f, out, 1, Elements<T>{p}, Elements<T>{q});
    std::fill_n(out + 1, n - 1, out[0]);
  }
}

template <typename F>
constexpr LoopTable<UnaryLoop> unary_loops() {
  if constexpr (F::kInteger)
    return {unary_loop<F, float>,   unary_loop<F, double>, unary_loop<F, int32_t>,
            unary_loop<F, int64_t>, unary_loop<F, int8_t>, unary_loop<F, uint8_t>};
  else
    return {unary_loop<F, float>, unary_loop<F, double>, nullptr, nullptr, nullptr, nullptr};
}

template <typename F>
constexpr LoopTable<BinaryLoop> binary_loops() {
  if constexpr (F::kInteger)
    return {binary_loop<F, float>,   binary_loop<F, double>, binary_loop<F, int32_t>,
            binary_loop<F, int64_t>, binary_loop<F, int8_t>, binary_loop<F, uint8_t>};
  else
    return {binary_loop<F, float>, binary_loop<F, double>, nullptr, nullptr, nullptr, nullptr};
}

/// y = f(x), elementwise; x and y may be one array, of different dtypes too. `cost` is nanoseconds
/// per element.
void map_unary(const LoopTable<UnaryLoop>& loops, const void* functor, const Tensor& x,
               const Tensor& y, double cost);
/// y = f(a, b) with broadcasting, computed in the dtype of y, or in that of a where y is bool.
void map_binary(const LoopTable<BinaryLoop>& loops, const void* functor, const Tensor& a,
                const Tensor& b, const Tensor& y, double cost);
/// y = f(x, scalar), or f(scalar, x) when reversed, computed as map_binary does.
void map_scalar(const LoopTable<BinaryLoop>& loops, const void* functor, const Tensor& x,
                double scalar, bool reversed, const Tensor& y, double cost);

/// Kernel of a unary operator without parameters.
template <typename F, int cost_in_tenths = 3>
void unary_kernel(const Params&, KernelContext&, Inputs in, Outputs out) {
  static constexpr LoopTable<UnaryLoop> loops = unary_loops<F>();
  const F f{};
  map_unary(loops, &f, in[0], out[0], cost_in_tenths / 10.0);
}

/// Kernel of a binary operator without parameters, with or without broadcasting.
template <typename F, int cost_in_tenths = 3>
void binary_kernel(const Params&, KernelContext&, Inputs in, Outputs out) {
  static constexpr LoopTable<BinaryLoop> loops = binary_loops<F>();
  const F f{};
  map_binary(loops, &f, in[0], in[1], out[0], cost_in_tenths / 10.0);
}

/// Kernel of an operator on an array and a number (ScalarParam).
template <typename F, bool reversed = false, int cost_in_tenths = 3>
void scalar_kernel(const Params& params, KernelContext&, Inputs in, Outputs out) {
  static constexpr LoopTable<BinaryLoop> loops = binary_loops<F>();
  const F f{};
  map_scalar(loops, &f, in[0], params.as<ScalarParam>().scalar, reversed, out[0],
             cost_in_tenths / 10.0);
}

/// A kernel for plain tensors.
KernelBuilder plain_kernel(const char* op, KernelFn kernel);
/// A kernel that maps zeros to zero, and so works on the flat buffer of any layout that all tensors
/// have in common: the zero padding of blocked layouts stays zero.
KernelBuilder flat_kernel(const char* op, KernelFn kernel);
/// The same for a function that maps zero to zero with some parameters only.
using KeepsZero = bool (*)(const Params& params);
template <KeepsZero keeps_zero>
KernelBuilder sometimes_flat_kernel(const char* op, KernelFn kernel);

/// The layout that all inputs have, else plain.
LayoutChoice common_layout(const KernelQuery& query);
LayoutChoice plain_layout(const KernelQuery& query);
/// nullptr when all tensors have one layout, else the reason for refusing them.
const char* refuse_mixed_layouts(const KernelQuery& query);

template <KeepsZero keeps_zero>
KernelBuilder sometimes_flat_kernel(const char* op, KernelFn kernel) {
  return plain_kernel(op, kernel)
      .refuse([](const KernelQuery& query) {
        if (query.in[0].layout != Layout::kPlain && !keeps_zero(query.params))
          return "would change the padding of a blocked layout";
        return refuse_mixed_layouts(query);
      })
      .choose_layouts([](const KernelQuery& query) {
        return keeps_zero(query.params) ? common_layout(query) : plain_layout(query);
      });
}

}  // namespace mx::cpu

#pragma once
// Element-wise kernels over the functors of backend/common/elemwise/. A functor is compiled for
// float and double, and for int64 when it has a meaning of its own for integers: results of
// narrower integers are those of int64 with the upper bits cut off. Elements are converted as they
// are read and written. Memory-bound: each array is read or written once.
#include <cmath>

#include "backend/common/broadcast_plan.h"
#include "backend/common/elemwise/function.h"
#include "backend/cuda/device_loops.cuh"
#include "backend/cuda/gpu_kernel.h"
#include "backend/cuda/launch.h"
#include "ir/common_params.h"

namespace mx::cuda {

/// Elements of one thread: several loads have to be under way to fill the memory bus.
inline constexpr int kPerThread = 4;

template <typename F, typename C>
__global__ void unary_loop(F f, const void* x, DType x_dtype, void* y, DType y_dtype, int64_t n) {
  const int64_t step = blockDim.x, stride = step * kPerThread;
  for (int64_t base = blockIdx.x * stride + threadIdx.x; base < n; base += gridDim.x * stride) {
    C values[kPerThread];
#pragma unroll
    for (int k = 0; k < kPerThread; ++k)
      if (base + k * step < n) values[k] = load_as<C>(x, x_dtype, base + k * step);
#pragma unroll
    for (int k = 0; k < kPerThread; ++k)
      if (base + k * step < n) store_as<C>(y, y_dtype, base + k * step, f(values[k]));
  }
}

/// An array, or with data == nullptr one number.
template <typename C>
struct Operand {
  const void* data;
  DType dtype;
  C number;
  __device__ C at(int64_t i) const { return data ? load_as<C>(data, dtype, i) : number; }
};

template <typename F, typename C>
__global__ void binary_loop(F f, Operand<C> a, Operand<C> b,
                            const __grid_constant__ BroadcastPlan<2> plan, void* y, DType y_dtype,
                            int64_t n) {
  const int64_t step = blockDim.x, stride = step * kPerThread;
  for (int64_t base = blockIdx.x * stride + threadIdx.x; base < n; base += gridDim.x * stride) {
    C left[kPerThread], right[kPerThread];
#pragma unroll
    for (int k = 0; k < kPerThread; ++k) {
      if (base + k * step >= n) continue;
      const auto at = plan.at(base + k * step);
      left[k] = a.at(at[0]);
      right[k] = b.at(at[1]);
    }
#pragma unroll
    for (int k = 0; k < kPerThread; ++k)
      if (base + k * step < n) store_as<C>(y, y_dtype, base + k * step, f(left[k], right[k]));
  }
}

/// Calls g(TypeTag<C>{}) with the type in which F is computed for that dtype.
template <typename F, typename G>
void visit_compute(DType dtype, const G& g) {
  if (dtype == DType::kFloat64) return g(TypeTag<double>{});
  if constexpr (F::kInteger) {
    if (is_integer(dtype)) return g(TypeTag<int64_t>{});
  }
  g(TypeTag<float>{});
}

/// The dtype that decides in which type a function is computed: truth values (`out` is bool) are
/// about the inputs, other results may be of a wider dtype than those.
inline DType compute_dtype(DType in, DType out) { return out == DType::kBool ? in : out; }

inline unsigned map_blocks(int64_t n) { return blocks_for((n + kPerThread - 1) / kPerThread); }

/// y = f(x), elementwise; x and y may be one array.
template <typename F>
void map_unary(const KernelContext& context, const F& f, const Tensor& x, const Tensor& y) {
  const int64_t n = x.size();
  if (n == 0) return;
  visit_compute<F>(compute_dtype(x.dtype, y.dtype), [&]<typename C>(TypeTag<C>) {
    launch(context, unary_loop<F, C>, map_blocks(n), kBlockThreads, f, x.data, x.dtype, y.data,
           y.dtype, n);
  });
}

/// y = f(a, b) with broadcasting, computed in the dtype of y, or in that of a where y is bool.
template <typename F>
void map_binary(const KernelContext& context, const F& f, const Tensor& a, const Tensor& b,
                const Tensor& y) {
  const int64_t n = y.size();
  if (n == 0) return;
  const BroadcastPlan<2> plan(y.shape, {&a.shape, &b.shape});
  visit_compute<F>(compute_dtype(a.dtype, y.dtype), [&]<typename C>(TypeTag<C>) {
    launch(context, binary_loop<F, C>, map_blocks(n), kBlockThreads, f,
           Operand<C>{a.data, a.dtype, C(0)}, Operand<C>{b.data, b.dtype, C(0)}, plan, y.data,
           y.dtype, n);
  });
}

/// A number in the type C of a computation whose result has that dtype.
template <typename C>
C number_for(double number, DType dtype) {
  if constexpr (std::is_integral_v<C>)
    return visit_dtype(dtype, "scalar", [&]<typename T>(TypeTag<T>) {
      return convert_to<C>(convert_to<T>(number));
    });
  else
    return static_cast<C>(number);
}

/// y = f(x, scalar), or f(scalar, x) when reversed.
template <typename F>
void map_scalar(const KernelContext& context, const F& f, const Tensor& x, double scalar,
                bool reversed, const Tensor& y) {
  const int64_t n = y.size();
  if (n == 0) return;
  const Shape flat{n};
  const BroadcastPlan<2> plan(flat, {&flat, &flat});
  const bool fraction = y.dtype == DType::kBool && scalar != std::trunc(scalar);
  const DType compute =
      fraction && !is_floating(x.dtype) ? DType::kFloat64 : compute_dtype(x.dtype, y.dtype);
  visit_compute<F>(compute, [&]<typename C>(TypeTag<C>) {
    const Operand<C> array{x.data, x.dtype, C(0)};
    const Operand<C> number{nullptr, compute, number_for<C>(scalar, compute)};
    launch(context, binary_loop<F, C>, map_blocks(n), kBlockThreads, f, reversed ? number : array,
           reversed ? array : number, plan, y.data, y.dtype, n);
  });
}

/// Kernel of a unary operator without parameters.
template <typename F>
void unary_kernel(const Params&, KernelContext& context, Inputs in, Outputs out) {
  map_unary(context, F{}, in[0], out[0]);
}

/// Kernel of a binary operator without parameters, with or without broadcasting.
template <typename F>
void binary_kernel(const Params&, KernelContext& context, Inputs in, Outputs out) {
  map_binary(context, F{}, in[0], in[1], out[0]);
}

/// Kernel of an operator on an array and a number (ScalarParam).
template <typename F, bool reversed = false>
void scalar_kernel(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  map_scalar(context, F{}, in[0], params.as<ScalarParam>().scalar, reversed, out[0]);
}

inline GpuKernel native(const char* op, KernelFn kernel) {
  return GpuKernel(op, "native").run(kernel);
}

}  // namespace mx::cuda

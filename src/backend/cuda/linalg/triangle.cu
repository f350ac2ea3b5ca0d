// A thread for each element of a matrix, which knows its place in the vector.
#include "backend/cuda/device_loops.cuh"
#include "backend/cuda/gpu_kernel.h"
#include "backend/cuda/launch.h"
#include "ops/linalg/triangle.h"

namespace mx::cuda {
namespace {

struct Triangle {
  int64_t n, distance;
  bool lower;
  Triangle(const linalg::TriangleParam& p, int64_t n)
      : n(n), distance(p.distance()), lower(p.is_lower()) {}

  __device__ int64_t length() const { return (n - distance) * (n - distance + 1) / 2; }
  /// Where element i of n x n matrices is among the vectors; -1 outside of the triangle.
  __device__ int64_t place(int64_t i) const {
    const int64_t row = divide(i, n), matrix = divide(row, n);
    const int64_t r = row - matrix * n, c = i - row * n;
    const int64_t line = (lower ? r : c) - distance, at = lower ? c : r;
    return at > line ? -1 : matrix * length() + line * (line + 1) / 2 + at;
  }
};

template <typename C>
__global__ void extract_loop(Triangle t, const void* matrices, void* vectors, DType dtype,
                             int64_t n) {
  for (int64_t i = thread_number(); i < n; i += thread_count()) {
    const int64_t place = t.place(i);
    if (place >= 0) store_as<C>(vectors, dtype, place, load_as<C>(matrices, dtype, i));
  }
}

template <typename C>
__global__ void make_loop(Triangle t, const void* vectors, void* matrices, DType dtype, int64_t n) {
  for (int64_t i = thread_number(); i < n; i += thread_count()) {
    const int64_t place = t.place(i);
    store_as<C>(matrices, dtype, i, place < 0 ? C(0) : load_as<C>(vectors, dtype, place));
  }
}

void extract(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const int64_t n = in[0].size();
  if (n == 0) return;
  const Triangle triangle(params.as<linalg::TriangleParam>(), in[0].shape.back());
  const auto loop = in[0].dtype == DType::kFloat64 ? extract_loop<double> : extract_loop<float>;
  launch(context, loop, blocks_for(n), kBlockThreads, triangle, in[0].data, out[0].data,
         in[0].dtype, n);
}

void make(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const int64_t n = out[0].size();
  if (n == 0) return;
  const Triangle triangle(params.as<linalg::TriangleParam>(), out[0].shape.back());
  const auto loop = in[0].dtype == DType::kFloat64 ? make_loop<double> : make_loop<float>;
  launch(context, loop, blocks_for(n), kBlockThreads, triangle, in[0].data, out[0].data,
         in[0].dtype, n);
}

const GpuKernel k1 = GpuKernel("_linalg_extracttrian", "native").run(extract);
const GpuKernel k2 = GpuKernel("_linalg_maketrian", "native").run(make);

}  // namespace
}  // namespace mx::cuda

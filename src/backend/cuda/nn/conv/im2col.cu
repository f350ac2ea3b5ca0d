// im2col and col2im: a thread for each element of a column, and for each element of data, which
// gathers from the windows that hold it.
#include "backend/common/window_grid.h"
#include "backend/cuda/device_loops.cuh"
#include "backend/cuda/gpu_kernel.h"
#include "backend/cuda/launch.h"
#include "ops/nn/conv/im2col.h"

namespace mx::cuda {
namespace {

/// Three numbers from one: i = (a[0] * size[1] + a[1]) * size[2] + a[2].
struct Triple {
  int64_t a[3];
  __device__ Triple(int64_t i, const int64_t* size) {
    a[2] = i % size[2];
    a[1] = i / size[2] % size[1];
    a[0] = i / size[2] / size[1];
  }
};

template <typename C>
__global__ void gather(const __grid_constant__ WindowGrid g, const void* data, void* columns,
                       DType dtype, int64_t n) {
  for (int64_t i = thread_number(); i < n; i += thread_count()) {
    const int64_t row = divide(i, g.out_size()), plane = divide(row, g.kernel_size());
    const Triple o(i - row * g.out_size(), g.out), k(row - plane * g.kernel_size(), g.kernel);
    int64_t at = plane;
    bool inside = true;
    for (int axis = 0; axis < 3; ++axis) {
      const int64_t place = g.place(axis, o.a[axis], k.a[axis]);
      inside = inside && place >= 0 && place < g.in[axis];
      at = at * g.in[axis] + place;
    }
    store_as<C>(columns, dtype, i, inside ? load_as<C>(data, dtype, at) : C(0));
  }
}

template <typename C>
__global__ void gather_back(const __grid_constant__ WindowGrid g, const void* columns, void* data,
                            DType dtype, int64_t n) {
  for (int64_t i = thread_number(); i < n; i += thread_count()) {
    const int64_t plane = divide(i, g.in_size());
    const Triple place(i - plane * g.in_size(), g.in);
    C sum = 0;
    for (int64_t k = 0; k < g.kernel_size(); ++k) {
      const Triple element(k, g.kernel);
      int64_t at = plane * g.kernel_size() + k;
      bool inside = true;
      for (int axis = 0; axis < 3; ++axis) {
        const int64_t o = g.window(axis, place.a[axis], element.a[axis]);
        inside = inside && o >= 0;
        at = at * g.out[axis] + o;
      }
      if (inside) sum += load_as<C>(columns, dtype, at);
    }
    store_as<C>(data, dtype, i, sum);
  }
}

void im2col(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const WindowGrid grid(params.as<Im2ColParam>(), in[0].shape.data() + 2);
  const int64_t n = out[0].size();
  if (n == 0) return;
  const auto loop = in[0].dtype == DType::kFloat64 ? gather<double> : gather<float>;
  launch(context, loop, blocks_for(n), kBlockThreads, grid, in[0].data, out[0].data, in[0].dtype,
         n);
}

void col2im(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const WindowGrid grid(params.as<Col2ImParam>(), out[0].shape.data() + 2);
  const int64_t n = out[0].size();
  if (n == 0) return;
  const auto loop = in[0].dtype == DType::kFloat64 ? gather_back<double> : gather_back<float>;
  launch(context, loop, blocks_for(n), kBlockThreads, grid, in[0].data, out[0].data, in[0].dtype,
         n);
}

const GpuKernel k1 = GpuKernel("im2col", "native").run(im2col);
const GpuKernel k2 = GpuKernel("col2im", "native").run(col2im);

}  // namespace
}  // namespace mx::cuda

// A thread for each output, and backward for each element of data, which gathers from the outputs
// that it has a share in (no two threads write the same place).
#include "backend/cuda/common/resample.h"
#include "backend/cuda/device_loops.cuh"
#include "backend/cuda/launch.h"

namespace mx::cuda {
namespace {

/// Plane, row and column of element i of planes of rows x columns.
struct Pixel {
  int64_t plane, row, column;
  __device__ Pixel(int64_t i, int64_t rows, int64_t columns) {
    const int64_t line = divide(i, columns);
    plane = divide(line, rows);
    row = line - plane * rows;
    column = i - line * columns;
  }
};

template <typename C>
__global__ void resample_loop(AxisMap rows, AxisMap columns, const void* data, void* out,
                              DType dtype, int64_t n) {
  for (int64_t i = thread_number(); i < n; i += thread_count()) {
    const Pixel at(i, rows.out, columns.out);
    const Taps row = rows.taps(at.row), column = columns.taps(at.column);
    C sum = 0;
    for (int64_t r = row.first; r < row.last; ++r) {
      const int64_t line = (at.plane * rows.in + r) * columns.in;
      for (int64_t c = column.first; c < column.last; ++c)
        sum += load_as<C>(data, dtype, line + c) * static_cast<C>(row.weight(r)) *
               static_cast<C>(column.weight(c));
    }
    store_as<C>(out, dtype, i, sum);
  }
}

template <typename C>
__global__ void resample_gradient(AxisMap rows, AxisMap columns, const void* d_out, void* d_data,
                                  DType dtype, int64_t n) {
  for (int64_t i = thread_number(); i < n; i += thread_count()) {
    const Pixel at(i, rows.in, columns.in);
    C sum = 0;
    for (int64_t r = rows.first_covering(at.row); r < rows.out; ++r) {
      const Taps row = rows.taps(r);
      if (row.first > at.row) break;
      const int64_t line = (at.plane * rows.out + r) * columns.out;
      for (int64_t c = columns.first_covering(at.column); c < columns.out; ++c) {
        const Taps column = columns.taps(c);
        if (column.first > at.column) break;
        sum += load_as<C>(d_out, dtype, line + c) * static_cast<C>(row.weight(at.row)) *
               static_cast<C>(column.weight(at.column));
      }
    }
    store_as<C>(d_data, dtype, i, sum);
  }
}

}  // namespace

void resample(const KernelContext& context, const AxisMap& rows, const AxisMap& columns,
              const Tensor& data, const Tensor& out) {
  const int64_t n = out.size();
  if (n == 0) return;
  const auto loop = out.dtype == DType::kFloat64 ? resample_loop<double> : resample_loop<float>;
  launch(context, loop, blocks_for(n), kBlockThreads, rows, columns, data.data, out.data, out.dtype,
         n);
}

void resample_backward(const KernelContext& context, const AxisMap& rows, const AxisMap& columns,
                       const Tensor& d_out, const Tensor& d_data) {
  const int64_t n = d_data.size();
  if (n == 0) return;
  const bool wide = d_data.dtype == DType::kFloat64;
  const auto loop = wide ? resample_gradient<double> : resample_gradient<float>;
  launch(context, loop, blocks_for(n), kBlockThreads, rows, columns, d_out.data, d_data.data,
         d_data.dtype, n);
}

}  // namespace mx::cuda

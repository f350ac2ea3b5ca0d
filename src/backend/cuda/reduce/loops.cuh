#pragma once
// Reductions along any axes, over the functors of reduce_functions.h. Elements are taken in as
// float, double or int64, and totals kept in double or int64 as on the CPU. Each output is made by
// the threads of a block; where there are few outputs, parts of each are reduced by a block each
// and put together by a second kernel.
#include <cmath>

#include "backend/common/reduce_functions.h"
#include "backend/common/reduce_plan.h"
#include "backend/cuda/common/fill.h"
#include "backend/cuda/device_loops.cuh"
#include "backend/cuda/gpu_kernel.h"
#include "backend/cuda/launch.h"
#include "ir/common_params.h"
#include "ops/reduce/axes.h"

namespace mx::cuda {

/// What is done to each total before it is stored.
enum class Finish { kNothing, kMean, kSquareRoot };

/// Elements that a thread takes in before their total goes to the wide number.
inline constexpr int kLaneRun = 32;
/// Columns of a block, and how many rows it reads at a time.
inline constexpr int kColumns = 32, kColumnRows = 8;

/// The input, what becomes of the totals, and into how many parts each output is split.
struct Reduction {
  const void* x;
  void* y;
  void* partial;  ///< of type W, [output][part]; nullptr when there is one part
  DType x_dtype, y_dtype;
  Finish finish;
  int64_t count;  ///< elements that make one output
  int64_t inner, parts;
  Odometer<1> kept, rows;
};

template <typename W>
__device__ void finish_total(const Reduction& r, int64_t output, W total) {
  if (r.finish == Finish::kMean) total = total / static_cast<W>(r.count);
  if (r.finish == Finish::kSquareRoot)
    total = static_cast<W>(std::sqrt(static_cast<double>(total)));
  store_as<W>(r.y, r.y_dtype, output, total);
}

template <typename W>
__device__ void keep_total(const Reduction& r, int64_t output, int64_t part, W total) {
  if (r.parts == 1)
    finish_total(r, output, total);
  else
    static_cast<W*>(r.partial)[output * r.parts + part] = total;
}

template <typename R>
struct MergeOf {
  template <typename W>
  __device__ W operator()(W a, W b) const {
    return R::merge(a, b);
  }
};

/// Innermost run reduced: a block for each part of each output.
template <typename R, typename T, typename W>
__global__ void reduce_rows(const __grid_constant__ Reduction r, int64_t outputs) {
  for (int64_t job = blockIdx.x; job < outputs * r.parts; job += gridDim.x) {
    const int64_t output = divide(job, r.parts), part = job - output * r.parts;
    const int64_t base = r.kept.at(output)[0];
    const int64_t end = r.count * (part + 1) / r.parts;
    W total = R::template start<W>();
    for (int64_t i = r.count * part / r.parts + threadIdx.x; i < end;) {
      T lane = R::template start<T>();
      for (int k = 0; k < kLaneRun && i < end; ++k, i += blockDim.x) {
        const int64_t row = divide(i, r.inner);
        const int64_t at = base + r.rows.at(row)[0] + i - row * r.inner;
        lane = R::step(lane, load_as<T>(r.x, r.x_dtype, at));
      }
      total = R::merge(total, static_cast<W>(lane));
    }
    total = merge_block(total, MergeOf<R>{});
    if (threadIdx.x == 0) keep_total(r, output, part, total);
  }
}

/// Innermost run kept: a block for each part of kColumns neighbouring outputs.
template <typename R, typename T, typename W>
__global__ void reduce_columns(const __grid_constant__ Reduction r, int64_t jobs, int64_t tiles,
                               int64_t row_count) {
  __shared__ W totals[kColumnRows][kColumns];
  const int lane_column = static_cast<int>(threadIdx.x) % kColumns;
  const int lane_row = static_cast<int>(threadIdx.x) / kColumns;
  for (int64_t job = blockIdx.x; job < jobs; job += gridDim.x) {
    const int64_t tile = divide(job, r.parts), part = job - tile * r.parts;
    const int64_t outer = divide(tile, tiles);
    const int64_t column = (tile - outer * tiles) * kColumns + lane_column;
    const int64_t base = r.kept.at(outer)[0] + column, end = row_count * (part + 1) / r.parts;
    W total = R::template start<W>();
    int64_t row = column < r.inner ? row_count * part / r.parts + lane_row : end;
    while (row < end) {
      T lane = R::template start<T>();
      for (int k = 0; k < kLaneRun && row < end; ++k, row += kColumnRows)
        lane = R::step(lane, load_as<T>(r.x, r.x_dtype, base + r.rows.at(row)[0]));
      total = R::merge(total, static_cast<W>(lane));
    }
    totals[lane_row][lane_column] = total;
    __syncthreads();
    if (lane_row == 0 && column < r.inner) {
      for (int k = 1; k < kColumnRows; ++k) total = R::merge(total, totals[k][lane_column]);
      keep_total(r, outer * r.inner + column, part, total);
    }
    __syncthreads();
  }
}

/// Puts the parts of each output together.
template <typename R, typename W>
__global__ void reduce_partial(const __grid_constant__ Reduction r, int64_t outputs) {
  for (int64_t o = thread_number(); o < outputs; o += thread_count()) {
    const W* parts = static_cast<const W*>(r.partial) + o * r.parts;
    W total = parts[0];
    for (int64_t p = 1; p < r.parts; ++p) total = R::merge(total, parts[p]);
    finish_total(r, o, total);
  }
}

/// Parts into which each of `jobs` blocks of work is split so that the GPU is full, when each has
/// `size` steps.
inline int64_t reduction_parts(int64_t jobs, int64_t size) {
  constexpr int64_t kWantedBlocks = 1024, kLeastSteps = 1024;
  return std::clamp<int64_t>(size / kLeastSteps, 1, std::max<int64_t>(1, kWantedBlocks / jobs));
}

template <typename R, typename T>
void reduce_as(const KernelContext& context, Reduction r, bool inner_is_reduced, int64_t outputs) {
  using W = std::conditional_t<std::is_integral_v<T>, int64_t, double>;
  const int64_t tiles = (r.inner + kColumns - 1) / kColumns, row_count = r.rows.size();
  const int64_t jobs = inner_is_reduced ? outputs : r.kept.size() * tiles;
  r.parts = reduction_parts(jobs, inner_is_reduced ? r.count : row_count);
  if (r.parts > 1) r.partial = context.scratch->get_array<W>(outputs * r.parts);
  const unsigned blocks = blocks_for(jobs * r.parts, 1);
  if (inner_is_reduced) {
    const int threads = r.count <= 128 ? kWarp : kBlockThreads;
    launch(context, reduce_rows<R, T, W>, blocks, threads, r, outputs);
  } else {
    launch(context, reduce_columns<R, T, W>, blocks, kColumns * kColumnRows, r, jobs * r.parts,
           tiles, row_count);
  }
  if (r.parts > 1)
    launch(context, reduce_partial<R, W>, blocks_for(outputs), kBlockThreads, r, outputs);
}

/// Reduces `in` along the axes marked in `reduced` into `out`. With `wide`, floats are taken in as
/// double.
template <typename R, bool wide = false>
void reduce(const KernelContext& context, Finish finish, const Tensor& in,
            const std::vector<bool>& reduced, const Tensor& out) {
  if (out.size() == 0) return;
  const ReducePlan plan(in.shape, reduced);
  if (in.size() == 0) {
    const double start = is_floating(in.dtype) ? R::template start<double>()
                                               : static_cast<double>(R::template start<int64_t>());
    const bool is_nan = finish == Finish::kMean && is_floating(in.dtype);
    return fill_value(context, out, is_nan ? std::numeric_limits<double>::quiet_NaN() : start);
  }
  const Reduction r{in.data,      out.data,          nullptr, in.dtype,    out.dtype,  finish,
                    plan.count(), plan.inner_size(), 1,       plan.kept(), plan.rows()};
  if (!is_floating(in.dtype))
    return reduce_as<R, int64_t>(context, r, plan.inner_is_reduced(), out.size());
  if constexpr (!wide) {
    if (in.dtype != DType::kFloat64)
      return reduce_as<R, float>(context, r, plan.inner_is_reduced(), out.size());
  }
  reduce_as<R, double>(context, r, plan.inner_is_reduced(), out.size());
}

/// Kernel of a reduction with a ReduceParam.
template <typename R, Finish finish = Finish::kNothing>
void reduce_kernel(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const auto& p = params.as<ReduceParam>();
  const auto axes = reduce::reduced_axes(p.axis, p.exclude, in[0].ndim(), "reduce");
  cuda::reduce<R>(context, finish, in[0], axes, out[0]);
}

}  // namespace mx::cuda

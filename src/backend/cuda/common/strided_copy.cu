// One read and one write per element. Where source and destination run along different dimensions,
// tiles go through shared memory, so that both sides are accessed in whole lines.
#include "backend/common/odometer.h"
#include "backend/cuda/common/strided_copy.h"
#include "backend/cuda/device_loops.cuh"
#include "backend/cuda/launch.h"

namespace mx::cuda {
namespace {

constexpr int kTile = 32, kTileRows = 8;

/// Offsets are (source, destination).
template <typename T>
__global__ void copy_loop(const T* src, T* dst, const __grid_constant__ Odometer<2> dims,
                          int64_t count) {
  for (int64_t i = thread_number(); i < count; i += thread_count()) {
    const auto at = dims.at(i);
    dst[at[1]] = src[at[0]];
  }
}

/// The dimension along which the source is contiguous, and the one along which the destination is.
struct Turn {
  CopyDim along_src, along_dst;
  int64_t src_tiles, dst_tiles;
};

template <typename T>
__global__ void turn_loop(const T* src, T* dst, Turn turn,
                          const __grid_constant__ Odometer<2> outer, int64_t tiles) {
  __shared__ T tile[kTile][kTile + 1];  // one more column, so that columns lie in different banks
  const int column = static_cast<int>(threadIdx.x) % kTile;
  const int row = static_cast<int>(threadIdx.x) / kTile;
  for (int64_t t = blockIdx.x; t < tiles; t += gridDim.x) {
    const int64_t rest = divide(t, turn.src_tiles);
    const int64_t j = (t - rest * turn.src_tiles) * kTile;  // along the source
    const int64_t o = divide(rest, turn.dst_tiles);
    const int64_t i = (rest - o * turn.dst_tiles) * kTile;  // along the destination
    const auto at = outer.at(o);
    for (int r = row; r < kTile; r += kTileRows)
      if (i + r < turn.along_dst.size && j + column < turn.along_src.size)
        tile[r][column] = src[at[0] + (i + r) * turn.along_dst.src_step + j + column];
    __syncthreads();
    for (int r = row; r < kTile; r += kTileRows)
      if (j + r < turn.along_src.size && i + column < turn.along_dst.size)
        dst[at[1] + (j + r) * turn.along_src.dst_step + i + column] = tile[column][r];
    __syncthreads();
  }
}

/// Dimensions from the innermost (of the destination) outwards.
Odometer<2> odometer_of(const std::vector<CopyDim>& dims) {
  Odometer<2> odometer;
  for (size_t d = dims.size(); d-- > 0;)
    odometer.add(dims[d].size, {dims[d].src_step, dims[d].dst_step});
  return odometer;
}

/// Copies in tiles when the source is contiguous along another dimension than the destination and
/// both are long enough. Returns false otherwise.
template <typename T>
bool copy_turned(const KernelContext& context, const T* src, T* dst, std::vector<CopyDim> dims) {
  constexpr int64_t kWorthATile = 8;
  const CopyDim inner = dims.back();
  dims.pop_back();
  const auto other =
      std::find_if(dims.begin(), dims.end(), [](const CopyDim& d) { return d.src_step == 1; });
  if (inner.dst_step != 1 || inner.src_step == 1 || other == dims.end()) return false;
  if (inner.size < kWorthATile || other->size < kWorthATile) return false;
  const Turn turn{*other, inner, (other->size + kTile - 1) / kTile,
                  (inner.size + kTile - 1) / kTile};
  dims.erase(other);
  const int64_t tiles = copy_count(dims) * turn.src_tiles * turn.dst_tiles;
  launch(context, turn_loop<T>, blocks_for(tiles, 1), kTile * kTileRows, src, dst, turn,
         odometer_of(dims), tiles);
  return true;
}

template <typename T>
void copy_box(const KernelContext& context, const void* src, void* dst,
              const std::vector<CopyDim>& dims) {
  const T* from = static_cast<const T*>(src);
  T* to = static_cast<T*>(dst);
  if (copy_turned(context, from, to, dims)) return;
  const int64_t count = copy_count(dims);
  launch(context, copy_loop<T>, blocks_for(count), kBlockThreads, from, to, odometer_of(dims),
         count);
}

void copy_flat(const KernelContext& context, const void* src, void* dst, int64_t bytes) {
  check(cudaMemcpyAsync(dst, src, static_cast<size_t>(bytes), cudaMemcpyDeviceToDevice,
                        stream_of(context)),
        "copying");
}

}  // namespace

void strided_copy(const KernelContext& context, const void* src, void* dst,
                  std::vector<CopyDim> dims, int64_t element_bytes) {
  if (copy_count(dims) == 0) return;
  dims = joined_dims(std::move(dims));
  if (dims.empty()) dims.push_back({1, 1, 1});
  if (dims.size() == 1 && dims[0].src_step == 1 && dims[0].dst_step == 1)
    return copy_flat(context, src, dst, dims[0].size * element_bytes);
  switch (element_bytes) {
    case 1:
      return copy_box<uint8_t>(context, src, dst, dims);
    case 2:
      return copy_box<uint16_t>(context, src, dst, dims);
    case 4:
      return copy_box<uint32_t>(context, src, dst, dims);
    default:
      return copy_box<uint64_t>(context, src, dst, dims);
  }
}

void copy_tensor(const KernelContext& context, const Tensor& from, const Tensor& to) {
  if (from.data == to.data || from.size() == 0) return;
  copy_flat(context, from.data, to.data, from.size() * dtype_size(from.dtype));
}

void copy_kernel(const Params&, KernelContext& context, Inputs in, Outputs out) {
  copy_tensor(context, in[0], out[0]);
}

}  // namespace mx::cuda

#pragma once
// What device code shares: loops over elements, elements whose dtype is told at run time, and
// combining values across the threads of a block.
#include "backend/common/convert.h"
#include "backend/common/odometer.h"

namespace mx::cuda {

/// Number of this thread in the grid, and of all threads.
__device__ inline int64_t thread_number() {
  return static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x;
}
__device__ inline int64_t thread_count() { return static_cast<int64_t>(gridDim.x) * blockDim.x; }

/// Element i of an array in the type C. The dtype is the same for all threads, so that the branch
/// costs little beside the access, and kernels are compiled once for each C instead of each dtype.
template <typename C>
__device__ C load_as(const void* data, DType dtype, int64_t i) {
  switch (dtype) {
    case DType::kFloat32:
      return convert_to<C>(static_cast<const float*>(data)[i]);
    case DType::kFloat64:
      return convert_to<C>(static_cast<const double*>(data)[i]);
    case DType::kFloat16:
      return convert_to<C>(static_cast<const float16*>(data)[i]);
    case DType::kBfloat16:
      return convert_to<C>(static_cast<const bfloat16*>(data)[i]);
    case DType::kUint8:
      return convert_to<C>(static_cast<const uint8_t*>(data)[i]);
    case DType::kInt8:
      return convert_to<C>(static_cast<const int8_t*>(data)[i]);
    case DType::kInt32:
      return convert_to<C>(static_cast<const int32_t*>(data)[i]);
    case DType::kInt64:
      return convert_to<C>(static_cast<const int64_t*>(data)[i]);
    case DType::kBool:
      return convert_to<C>(static_cast<const bool*>(data)[i]);
    default:
      return C(0);
  }
}

template <typename C>
__device__ void store_as(void* data, DType dtype, int64_t i, C value) {
  switch (dtype) {
    case DType::kFloat32:
      static_cast<float*>(data)[i] = convert_to<float>(value);
      break;
    case DType::kFloat64:
      static_cast<double*>(data)[i] = convert_to<double>(value);
      break;
    case DType::kFloat16:
      static_cast<float16*>(data)[i] = convert_to<float16>(value);
      break;
    case DType::kBfloat16:
      static_cast<bfloat16*>(data)[i] = convert_to<bfloat16>(value);
      break;
    case DType::kUint8:
      static_cast<uint8_t*>(data)[i] = convert_to<uint8_t>(value);
      break;
    case DType::kInt8:
      static_cast<int8_t*>(data)[i] = convert_to<int8_t>(value);
      break;
    case DType::kInt32:
      static_cast<int32_t*>(data)[i] = convert_to<int32_t>(value);
      break;
    case DType::kInt64:
      static_cast<int64_t*>(data)[i] = convert_to<int64_t>(value);
      break;
    case DType::kBool:
      static_cast<bool*>(data)[i] = convert_to<bool>(value);
      break;
    default:
      break;
  }
}

/// merge(...) over the values of all threads of a block, in every thread. The block has a whole
/// number of warps, at most 32. All threads must call it.
template <typename C, typename Merge>
__device__ C merge_block(C value, Merge merge) {
  __shared__ C partial[32];
  for (int step = 16; step > 0; step /= 2)
    value = merge(value, __shfl_xor_sync(0xffffffffu, value, step));
  const int warps = static_cast<int>(blockDim.x) / 32;
  if (warps == 1) return value;
  if (threadIdx.x % 32 == 0) partial[threadIdx.x / 32] = value;
  __syncthreads();
  value = partial[0];
  for (int w = 1; w < warps; ++w) value = merge(value, partial[w]);
  __syncthreads();  // the next call writes `partial` again
  return value;
}

}  // namespace mx::cuda

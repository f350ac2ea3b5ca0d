#pragma once
// How kernels are started.
#include <cuda_runtime_api.h>

#include <algorithm>
#include <tuple>

#include "backend/cuda/error.h"
#include "dispatch/kernel.h"

namespace mx::cuda {

inline constexpr int kBlockThreads = 256;
inline constexpr int kWarp = 32;

/// The stream on which a kernel call has to enqueue its work.
cudaStream_t stream_of(const KernelContext& context);

/// Blocks that give each of `items` a thread, or fewer that loop over them.
inline unsigned blocks_for(int64_t items, int threads = kBlockThreads) {
  const int64_t blocks = (items + threads - 1) / threads;
  return static_cast<unsigned>(std::clamp<int64_t>(blocks, 1, 1 << 20));
}

/// Enqueues `kernel(args...)`. The arguments are converted to the kernel's parameter types.
template <typename... Parameters, typename... Args>
void launch(const KernelContext& context, void (*kernel)(Parameters...), dim3 grid, dim3 block,
            const Args&... args) {
  std::tuple<Parameters...> values(args...);
  std::apply(
      [&](auto&... value) {
        void* pointers[] = {const_cast<void*>(static_cast<const void*>(&value))...};
        check(cudaLaunchKernel(reinterpret_cast<const void*>(kernel), grid, block, pointers, 0,
                               stream_of(context)),
              "starting a kernel");
      },
      values);
}

}  // namespace mx::cuda

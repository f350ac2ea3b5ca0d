#include "backend/cuda/launch.h"

#include "backend/cuda/cuda_device.h"

namespace mx::cuda {

cudaStream_t stream_of(const KernelContext& context) {
  return static_cast<const CudaStream*>(context.stream)->handle();
}

}  // namespace mx::cuda

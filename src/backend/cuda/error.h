#pragma once
#include <cuda_runtime_api.h>

namespace mx::cuda {

/// Throws: DeviceError that names what was done, unless `status` is cudaSuccess.
void check(cudaError_t status, const char* what);

}  // namespace mx::cuda

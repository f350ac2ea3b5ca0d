// Entry point of libmxnet_cuda.so; see device/plugin.h.
#include "device/plugin.h"

#include <cstdio>
#include <exception>
#include <string>

#include "backend/cuda/cuda_device.h"
#include "backend/cuda/gpu_kernel.h"

namespace mx::cuda {
namespace {

/// Registers device and kernels. Returns why that is not possible; empty when it is done.
std::string register_plugin(int api_version) {
  if (api_version != kPluginApiVersion)
    return "has version " + std::to_string(kPluginApiVersion) +
           " of the plug-in interface; expected " + std::to_string(api_version);
  std::string problem = CudaInterface::get().probe();
  if (!problem.empty()) return problem;
  register_gpu_kernels();
  register_device_interface(DeviceType::kGpu, &CudaInterface::get());
  return {};
}

}  // namespace
}  // namespace mx::cuda

extern "C" __attribute__((visibility("default"))) int mx_plugin_register(int api_version, char* why,
                                                                         size_t why_size) {
  std::string problem;
  try {
    problem = mx::cuda::register_plugin(api_version);
  } catch (const std::exception& error) {
    problem = error.what();
  }
  std::snprintf(why, why_size, "%s", problem.c_str());
  return problem.empty() ? 0 : 1;
}

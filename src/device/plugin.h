#pragma once
#include <string>

namespace mx {

/// Version of the interface between libmxnet.so and its plug-ins; both must agree.
inline constexpr int kPluginApiVersion = 1;

/// What a plug-in's entry point `mx_plugin_register(int api_version, char* why, size_t why_size)`
/// returns: 0 when it registered a device, else it writes a reason into `why`.
using PluginRegisterFn = int (*)(int api_version, char* why, size_t why_size);

/// Where libmxnet.so lies, with a slash at the end; empty where the loader does not know.
std::string folder_of_this_library();

/// Opens libmxnet_cuda.so (REMX_CUDA_LIBRARY, beside libmxnet.so, the loader's path) once and lets
/// it register itself. Returns what was tried and why each attempt failed; later calls return the
/// same text. Never unloads. Thread safety: any.
const std::string& load_cuda_plugin();

}  // namespace mx

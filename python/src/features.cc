#include "binding.h"
#include "device/cpu_library.h"
#include "device/plugin.h"
#include "dispatch/kernel_registry.h"

namespace mx::python {
namespace {

/// Which of the features of MXNet 1.9.1 the library has, told from what it is made of.
std::vector<std::string> build_features() {
  std::vector<std::string> found{"OPENMP", "CXX14", "INT64_TENSOR_SIZE"};
#ifdef __x86_64__
  for (const char* name : {"CPU_SSE", "CPU_SSE2", "CPU_SSE3", "CPU_SSE4_1", "CPU_SSE4_2", "SSE"})
    found.emplace_back(name);
  if (cpu_level() >= "x86-64-v3")
    for (const char* name : {"CPU_AVX", "CPU_AVX2", "F16C"}) found.emplace_back(name);
#endif
  for (const Kernel* kernel : all_kernels())
    if (kernel->name == "onednn") {
      found.emplace_back("MKLDNN");
      break;
    }
  return found;
}

}  // namespace

void bind_features(nb::module_& m) {
  m.def("build_features", &build_features, "Features that this build of the library has.");
  m.def("cpu_level", &cpu_level,
        "Level of instruction sets (x86-64-v2 ...) of the CPU kernels in use.");
  m.def("device_problems", &load_cuda_plugin,
        "What was tried to load the CUDA plug-in, and why it failed.");
  m.def(
      "kernels_of",
      [](const std::string& op) {
        std::vector<std::string> names;
        for (const Kernel* kernel : kernels_of(get_op(op), DeviceType::kCpu))
          names.push_back(kernel->name);
        return names;
      },
      nb::arg("op"), "Names of the kernels of an operator on the CPU, best first.");
}

}  // namespace mx::python

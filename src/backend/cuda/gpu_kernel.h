#pragma once
#include "dispatch/kernel.h"

namespace mx::cuda {

/// A kernel of this plug-in:
///     static const GpuKernel k1 = GpuKernel("softmax", "native").run(softmax);
/// It is kept in a list of the plug-in and goes to the core when the plug-in registers: when static
/// objects are made nobody has checked yet that the core is of the same version.
class GpuKernel {
 public:
  GpuKernel(const char* op, const char* name);
  GpuKernel& run(KernelFn fn);
  GpuKernel& prepare(PreparedPtr (*fn)(const KernelQuery&));
  GpuKernel& refuse(const char* (*fn)(const KernelQuery&));
  GpuKernel& priority(int value);
  GpuKernel& can_add();

 private:
  size_t index_;
};

/// Hands all kernels of the plug-in to the core.
void register_gpu_kernels();

}  // namespace mx::cuda

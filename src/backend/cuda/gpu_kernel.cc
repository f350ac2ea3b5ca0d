#include "backend/cuda/gpu_kernel.h"

namespace mx::cuda {
namespace {

std::vector<Kernel>& kernel_list() {
  static auto* list = new std::vector<Kernel>;
  return *list;
}

}  // namespace

GpuKernel::GpuKernel(const char* op, const char* name) : index_(kernel_list().size()) {
  Kernel kernel;
  kernel.op = op;
  kernel.name = name;
  kernel_list().push_back(std::move(kernel));
}
GpuKernel& GpuKernel::run(KernelFn fn) {
  kernel_list()[index_].run = fn;
  return *this;
}
GpuKernel& GpuKernel::prepare(PreparedPtr (*fn)(const KernelQuery&)) {
  kernel_list()[index_].prepare = fn;
  return *this;
}
GpuKernel& GpuKernel::refuse(const char* (*fn)(const KernelQuery&)) {
  kernel_list()[index_].refuse = fn;
  return *this;
}
GpuKernel& GpuKernel::priority(int value) {
  kernel_list()[index_].priority = value;
  return *this;
}
GpuKernel& GpuKernel::can_add() {
  kernel_list()[index_].adds = true;
  return *this;
}

void register_gpu_kernels() {
  for (const Kernel& kernel : kernel_list()) {
    KernelBuilder builder(kernel.op, kernel.name, DeviceType::kGpu);
    builder.run(kernel.run).prepare(kernel.prepare).refuse(kernel.refuse).priority(kernel.priority);
    if (kernel.adds) builder.can_add();
  }
}

}  // namespace mx::cuda

#include "device/device.h"

#include <sys/mman.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdlib>
#include <cstring>
#include <ostream>

#include "base/error.h"
#include "base/sanitizer.h"
#include "device/plugin.h"

namespace mx {
namespace {

class CpuInterface : public DeviceInterface {
  static constexpr size_t kHugePage = 2 << 20;

 public:
  int count() override { return 1; }
  void* allocate(size_t bytes, int) override {
    const size_t alignment = bytes < kHugePage ? 64 : kHugePage;
    const size_t step = kExactSizes ? 1 : 64;
    const size_t rounded = (std::max<size_t>(bytes, 1) + step - 1) / step * step;
    void* data = nullptr;
    if (rounded < bytes || ::posix_memalign(&data, alignment, rounded) != 0)
      fail(ErrorKind::kOutOfMemory, "cpu: ", bytes, " bytes could not be allocated");
    // Fewer page faults and address translations; where it is not possible nothing is lost.
    if (bytes >= kHugePage) ::madvise(data, rounded / kHugePage * kHugePage, MADV_HUGEPAGE);
    return data;
  }
  void deallocate(void* data, size_t, int) override { std::free(data); }
  Stream* stream(int) override { return nullptr; }
  void copy(void* to, Device, const void* from, Device, size_t bytes) override {
    if (bytes) std::memmove(to, from, bytes);
  }
  void memory_info(int, size_t* free, size_t* total) override { *free = *total = 0; }
};

CpuInterface cpu_interface;
std::atomic<DeviceInterface*> gpu_interface{nullptr};

const char* type_name(DeviceType type) {
  switch (type) {
    case DeviceType::kCpu:
      return "cpu";
    case DeviceType::kGpu:
      return "gpu";
    case DeviceType::kCpuPinned:
      return "cpu_pinned";
    case DeviceType::kCpuShared:
      return "cpu_shared";
  }
  return "unknown";
}

}  // namespace

std::ostream& operator<<(std::ostream& out, const Device& device) {
  return out << type_name(device.type) << '(' << device.id << ')';
}

void register_device_interface(DeviceType type, DeviceInterface* device) {
  internal_check(type == DeviceType::kGpu, "only GPUs come from a plug-in");
  gpu_interface = device;
}

DeviceInterface& device_interface(DeviceType type) {
  if (type != DeviceType::kGpu) return cpu_interface;
  if (!gpu_interface) {
    const std::string tried = load_cuda_plugin();
    if (!gpu_interface) fail(ErrorKind::kDevice, "gpu: no GPU can be used; tried: ", tried);
  }
  return *gpu_interface;
}

int device_count(DeviceType type) {
  if (type != DeviceType::kGpu) return 1;
  if (!gpu_interface) load_cuda_plugin();
  DeviceInterface* gpu = gpu_interface;
  return gpu ? gpu->count() : 0;
}

void synchronize(Device device) {
  if (!device.is_host()) device_interface(device.type).stream(device.id)->synchronize();
}

void synchronize_all() {
  if (DeviceInterface* gpu = gpu_interface) gpu->synchronize_all();
}

void copy_bytes(void* to, Device to_device, const void* from, Device from_device, size_t bytes) {
  const bool on_host = to_device.is_host() && from_device.is_host();
  DeviceInterface& device = device_interface(on_host ? DeviceType::kCpu : DeviceType::kGpu);
  device.copy(to, to_device, from, from_device, bytes);
  if (!on_host && to_device.is_host()) synchronize(from_device);
}

}  // namespace mx

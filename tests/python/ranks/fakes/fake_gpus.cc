// Two "GPUs" in host memory: a plug-in that stands for libmxnet_cuda.so where there is no GPU. It
// has no kernels; arrays can be made, copied and exchanged.
#include <cstdlib>
#include <cstring>

#include "device/device.h"
#include "device/plugin.h"
#include "device/vendor_stream.h"

namespace {

struct FakeStream final : mx::VendorStream {
  explicit FakeStream(int number) : id(number) {}
  void synchronize() override {}
  void* native() override { return this; }
  int id;
};

struct FakeGpus final : mx::DeviceInterface {
  int count() override { return 2; }
  void* allocate(size_t bytes, int) override { return std::malloc(bytes ? bytes : 1); }
  void deallocate(void* data, size_t, int) override { std::free(data); }
  mx::Stream* stream(int id) override { return &streams[id]; }
  void copy(void* to, mx::Device, const void* from, mx::Device, size_t bytes) override {
    if (bytes) std::memmove(to, from, bytes);
  }
  void memory_info(int, size_t* free, size_t* total) override { *free = *total = size_t{1} << 34; }
  FakeStream streams[2] = {FakeStream(0), FakeStream(1)};
};

}  // namespace

extern "C" int mx_plugin_register(int version, char*, size_t) {
  static auto* gpus = new FakeGpus();
  if (version != mx::kPluginApiVersion) return 1;
  mx::register_device_interface(mx::DeviceType::kGpu, gpus);
  return 0;
}

#pragma once
#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <string>

namespace mx {

/// Kinds of devices; the numbers are those of MXNet's files and C API.
enum class DeviceType : int32_t { kCpu = 1, kGpu = 2, kCpuPinned = 3, kCpuShared = 5 };

/// Where an array lives: printed cpu(0), gpu(1), cpu_pinned(0), cpu_shared(0).
struct Device {
  DeviceType type = DeviceType::kCpu;
  int32_t id = 0;
  bool operator==(const Device&) const = default;
  /// Memory that the CPU can read and write directly.
  bool is_host() const { return type != DeviceType::kGpu; }
  /// The device whose kernels work on this memory.
  Device compute() const { return is_host() ? Device{} : *this; }
};
std::ostream& operator<<(std::ostream& out, const Device& device);

/// An ordered queue of work on a device; what is inside belongs to the backend.
class Stream {
 public:
  virtual ~Stream() = default;
  /// Returns when all that was enqueued is done. Throws: DeviceError.
  virtual void synchronize() = 0;
};

/// What a backend offers. No operator is in it. Thread safety: all functions.
class DeviceInterface {
 public:
  virtual ~DeviceInterface() = default;
  virtual int count() = 0;
  /// Memory aligned to 64 bytes. Throws: OutOfMemory naming the size and what is free.
  virtual void* allocate(size_t bytes, int id) = 0;
  virtual void deallocate(void* data, size_t bytes, int id) = 0;
  /// Stream on which operators of device `id` run; nullptr on the CPU.
  virtual Stream* stream(int id) = 0;
  /// Copies between this device and the host or another device of the same kind, ordered on
  /// `stream(id)`; returns before the copy is done where the device can.
  virtual void copy(void* to, Device to_device, const void* from, Device from_device,
                    size_t bytes) = 0;
  /// Bytes free and in total.
  virtual void memory_info(int id, size_t* free, size_t* total) = 0;
  /// Returns when all that was enqueued on any of its devices is done. Throws: DeviceError.
  virtual void synchronize_all() {}
};

/// The backend of that kind; loads the CUDA plug-in at the first use of a GPU.
/// Throws: DeviceError that lists what was tried.
DeviceInterface& device_interface(DeviceType type);
/// Called by a plug-in when it is loaded.
void register_device_interface(DeviceType type, DeviceInterface* device);
/// Number of usable devices of that kind; 0, never an error, when there is no plug-in or driver.
int device_count(DeviceType type);
/// Returns when all that was enqueued on the device's stream is done; at once for host memory.
/// Throws: DeviceError when something enqueued earlier failed.
void synchronize(Device device);
/// The same for every device in use; loads no plug-in.
void synchronize_all();
/// Copies between any two devices in host order: the result is there when the function returns,
/// or ordered on the GPU's stream when the destination is a GPU.
void copy_bytes(void* to, Device to_device, const void* from, Device from_device, size_t bytes);

}  // namespace mx

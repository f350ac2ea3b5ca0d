#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>

#include "device/device.h"

namespace mx {

/// A piece of memory on a device, freed (or returned to the pool) with its last owner.
class Buffer {
 public:
  Buffer(void* data, size_t bytes, Device device, std::function<void()> release)
      : data_(data), bytes_(bytes), device_(device), release_(std::move(release)) {}
  ~Buffer();
  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;

  void* data() const { return data_; }
  size_t bytes() const { return bytes_; }
  Device device() const { return device_; }

 private:
  void* data_;
  size_t bytes_;
  Device device_;
  std::function<void()> release_;  ///< empty for pooled memory
};
using BufferPtr = std::shared_ptr<Buffer>;

/// Uninitialised memory from the device's pool, aligned to 64 bytes. Sizes are rounded up to a size
/// class (an eighth of a power of two at most), freed blocks are kept up to a limit and reused.
/// Throws: OutOfMemory. Thread safety: any.
BufferPtr allocate_buffer(size_t bytes, Device device);

/// Bytes of a device: handed out, kept for reuse, and the most ever handed out at a time; and how
/// often memory was asked for, from the pool and from the device.
struct PoolStatistics {
  size_t in_use = 0, kept = 0, peak_in_use = 0;
  uint64_t allocations = 0, device_allocations = 0;
};
PoolStatistics pool_statistics(Device device);
/// Lets the peak and the numbers of allocations begin anew.
void reset_pool_statistics(Device device);
/// Gives kept blocks back to the system.
void release_kept_memory(Device device);

}  // namespace mx

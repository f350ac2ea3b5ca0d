#include "memory/storage.h"

#include <algorithm>
#include <bit>
#include <exception>
#include <limits>
#include <map>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "base/env.h"
#include "base/fork_safe_mutex.h"
#include "base/sanitizer.h"

namespace mx {
namespace {

/// Smallest size class that holds `bytes`: steps of an eighth of a power of two, at least 64.
size_t size_class(size_t bytes) {
  // Rounding up a size that no memory has might give a small one; the device refuses it as it is.
  if (kExactSizes || bytes > std::numeric_limits<size_t>::max() / 2)
    return std::max<size_t>(bytes, 1);
  if (bytes <= 64) return 64;
  const size_t step = std::max<size_t>(64, std::bit_floor(bytes) / 8);
  return (bytes + step - 1) / step * step;
}

/// Free blocks of one device by size class.
class Pool {
 public:
  explicit Pool(Device device) : device_(device) {
    // Freeing memory of a GPU waits for all its work, so that all of it is kept until an allocation
    // fails. Blocks are reused at once though kernels may still use them: whoever gets one next
    // works on the same stream, behind those kernels.
    limit_ = device.is_host()
                 ? static_cast<size_t>(env::integer("REMX_CPU_MEM_POOL_LIMIT_MB", 0, 1 << 30)) << 20
                 : std::numeric_limits<size_t>::max();
  }

  void* take(size_t bytes) {
    {
      std::lock_guard lock(mutex_);
      in_use_ += bytes;
      peak_ = std::max(peak_, in_use_);
      auto& blocks = free_[bytes];
      if (!blocks.empty()) {
        void* data = blocks.back();
        blocks.pop_back();
        kept_ -= bytes;
        return data;
      }
    }
    try {
      return allocate(bytes);
    } catch (...) {
      std::lock_guard lock(mutex_);
      in_use_ -= bytes;
      throw;
    }
  }

  void give_back(void* data, size_t bytes) {
    {
      std::lock_guard lock(mutex_);
      in_use_ -= bytes;
      if (bytes <= limit_ && kept_ <= limit_ - bytes) {
        free_[bytes].push_back(data);
        kept_ += bytes;
        return;
      }
    }
    device_interface(device_.type).deallocate(data, bytes, device_.id);
  }

  void release_kept() {
    std::lock_guard lock(mutex_);
    for (auto& [bytes, blocks] : free_) {
      for (void* data : blocks) device_interface(device_.type).deallocate(data, bytes, device_.id);
      blocks.clear();
    }
    kept_ = 0;
  }

  PoolStatistics statistics() {
    std::lock_guard lock(mutex_);
    return {in_use_, kept_, peak_};
  }

 private:
  void* allocate(size_t bytes) {
    try {
      return device_interface(device_.type).allocate(bytes, device_.id);
    } catch (const std::exception&) {
      release_kept();  // what is kept for reuse may be what is missing
      return device_interface(device_.type).allocate(bytes, device_.id);
    }
  }

  Device device_;
  size_t limit_, in_use_ = 0, kept_ = 0, peak_ = 0;
  ForkSafeMutex mutex_;
  std::unordered_map<size_t, std::vector<void*>> free_;
};

Pool& pool_of(Device device) {
  // Never destroyed: arrays in static objects may outlive any order of destruction.
  static auto* mutex = new ForkSafeMutex;
  static auto* pools = new std::map<std::pair<int, int>, Pool*>;
  static Pool* cpu = new Pool(Device{});
  if (device == Device{}) return *cpu;
  const std::pair key{static_cast<int>(device.type), device.id};
  {
    std::lock_guard lock(*mutex);
    if (const auto found = pools->find(key); found != pools->end()) return *found->second;
  }
  auto made = std::make_unique<Pool>(device);  // takes locks
  std::lock_guard lock(*mutex);
  return *pools->try_emplace(key, made.release()).first->second;
}

}  // namespace

Buffer::~Buffer() {
  if (release_)
    release_();
  else if (data_)
    pool_of(device_).give_back(data_, bytes_);
}

BufferPtr allocate_buffer(size_t bytes, Device device) {
  const size_t rounded = size_class(bytes);
  void* data = pool_of(device).take(rounded);
  return std::make_shared<Buffer>(data, rounded, device, nullptr);
}

PoolStatistics pool_statistics(Device device) { return pool_of(device).statistics(); }
void release_kept_memory(Device device) { pool_of(device).release_kept(); }

}  // namespace mx

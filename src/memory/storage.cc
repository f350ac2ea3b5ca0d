#include "memory/storage.h"

#include <algorithm>
#include <bit>
#include <exception>
#include <limits>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/env.h"
#include "base/error.h"
#include "base/fork_safe_mutex.h"
#include "base/sanitizer.h"
#include "profile/profile.h"

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
    if (device.is_host()) {
      limit_ = static_cast<size_t>(env::integer("REMX_CPU_MEM_POOL_LIMIT_MB", 0, 1 << 30)) << 20;
      return;
    }
    const std::string type = env::text("MXNET_GPU_MEM_POOL_TYPE");
    require(type == "Naive" || type == "Round" || type == "Unpooled",
            "environment: MXNET_GPU_MEM_POOL_TYPE=", type,
            " is not known; expected Naive, Round or Unpooled");
    limit_ = type == "Unpooled" ? 0 : std::numeric_limits<size_t>::max();
    reserve_percent_ = static_cast<size_t>(env::integer("MXNET_GPU_MEM_POOL_RESERVE", 0, 100));
  }

  void* take(size_t bytes) {
    {
      std::lock_guard lock(mutex_);
      statistics_.in_use += bytes;
      statistics_.peak_in_use = std::max(statistics_.peak_in_use, statistics_.in_use);
      ++statistics_.allocations;
      auto& blocks = free_[bytes];
      if (!blocks.empty()) {
        void* data = blocks.back();
        blocks.pop_back();
        statistics_.kept -= bytes;
        return data;
      }
    }
    try {
      return allocate(bytes);
    } catch (...) {
      std::lock_guard lock(mutex_);
      statistics_.in_use -= bytes;
      throw;
    }
  }

  void give_back(void* data, size_t bytes) {
    {
      std::lock_guard lock(mutex_);
      statistics_.in_use -= bytes;
      if (bytes <= limit_ && statistics_.kept <= limit_ - bytes) {
        free_[bytes].push_back(data);
        statistics_.kept += bytes;
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
    statistics_.kept = 0;
  }

  PoolStatistics statistics() {
    std::lock_guard lock(mutex_);
    return statistics_;
  }

  void reset_statistics() {
    std::lock_guard lock(mutex_);
    statistics_.peak_in_use = statistics_.in_use;
    statistics_.allocations = statistics_.device_allocations = 0;
  }

 private:
  void* allocate(size_t bytes) {
    {
      std::lock_guard lock(mutex_);
      ++statistics_.device_allocations;
    }
    if (reserve_percent_ > 0 && leaves_too_little(bytes)) release_kept();
    try {
      return device_interface(device_.type).allocate(bytes, device_.id);
    } catch (const std::exception&) {
      release_kept();  // what is kept for reuse may be what is missing
      return device_interface(device_.type).allocate(bytes, device_.id);
    }
  }

  /// Whether less than the reserve would be free for other users of the device.
  bool leaves_too_little(size_t bytes) {
    size_t free = 0, total = 0;
    device_interface(device_.type).memory_info(device_.id, &free, &total);
    return free < bytes || free - bytes < total / 100 * reserve_percent_;
  }

  Device device_;
  size_t limit_ = 0, reserve_percent_ = 0;
  PoolStatistics statistics_;
  ForkSafeMutex mutex_;
  std::unordered_map<size_t, std::vector<void*>> free_;
};

/// Shows the memory in use to the profiler.
void show_in_use(Device device, const PoolStatistics& now) {
  profile::record_counter(profile::kMemory, "Device Storage",
                          concat("Memory: ", device.type == DeviceType::kGpu ? "gpu/" : "cpu/",
                                 device.is_host() ? 0 : device.id),
                          static_cast<double>(now.in_use));
}

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
  if (release_) {
    release_();
  } else if (data_) {
    pool_of(device_).give_back(data_, bytes_);
    if (profile::is_on(profile::kMemory)) show_in_use(device_, pool_statistics(device_));
  }
}

BufferPtr allocate_buffer(size_t bytes, Device device) {
  const size_t rounded = size_class(bytes);
  void* data = pool_of(device).take(rounded);
  if (profile::is_on(profile::kMemory)) show_in_use(device, pool_statistics(device));
  return std::make_shared<Buffer>(data, rounded, device, nullptr);
}

PoolStatistics pool_statistics(Device device) { return pool_of(device).statistics(); }
void reset_pool_statistics(Device device) { pool_of(device).reset_statistics(); }
void release_kept_memory(Device device) { pool_of(device).release_kept(); }

}  // namespace mx

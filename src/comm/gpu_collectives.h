#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/dtype.h"

namespace mx::comm {

/// What one GPU of this process does in an operation of all GPUs of a group.
struct GpuCall {
  enum class Kind : uint8_t {
    kReduce,     ///< `out` of `root` = the sum of `in` of all
    kBroadcast,  ///< `out` of all = `in` of `root`
  };
  Kind kind = Kind::kReduce;
  int member = 0;  ///< which of the process's GPUs
  int root = 0;    ///< which of the group's
  const void* in = nullptr;
  void* out = nullptr;
  int64_t count = 0;
  DType dtype = DType::kFloat32;
};

/// GPUs that exchange data, and those of them that belong to this process.
/// Thread safety: one thread at a time.
class GpuCollectives {
 public:
  virtual ~GpuCollectives() = default;
  /// Enqueues calls as one operation, each on the stream of its GPU. All processes enqueue theirs
  /// in the same order. Throws: DeviceError; ValueError for a dtype that cannot be added up.
  virtual void run(const std::vector<GpuCall>& calls) = 0;
};

/// The library that moves data between GPUs.
class GpuCollectivesLibrary {
 public:
  virtual ~GpuCollectivesLibrary() = default;
  /// A name for a group that is to be: one process makes it, and all join with it.
  virtual std::string new_id() = 0;
  /// Waits until all `size` members have joined. `gpus` of this process are the members from
  /// `first` on. Throws: DeviceError.
  virtual std::unique_ptr<GpuCollectives> join(const std::string& id, const std::vector<int>& gpus,
                                               int first, int size) = 0;
};

/// Version of these classes; libmxnet.so and libmxnet_nccl.so must agree.
inline constexpr int kGpuCollectivesVersion = 1;

/// What libmxnet_nccl.so offers as `mx_open_gpu_collectives`: its one library, or nullptr after a
/// reason was written into `why`.
using OpenGpuCollectivesFn = GpuCollectivesLibrary* (*)(int version, char* why, size_t why_size);

/// NCCL, through libmxnet_nccl.so, which is opened at the first call. Never closed.
/// Throws: DeviceError that lists what was tried. Thread safety: any.
GpuCollectivesLibrary& gpu_collectives();

}  // namespace mx::comm

#pragma once
#include <memory>
#include <string>
#include <vector>

#include "comm/gpu_collectives.h"
#include "ndarray/ndarray.h"

namespace mx::comm {

/// GpuCall with arrays: what the engine is to know.
struct GpuTransfer {
  GpuCall::Kind kind;
  int member;
  int root;
  NDArray in;   ///< none where only the root's counts
  NDArray out;  ///< none where only the root's counts
};

/// Sums and copies between arrays on GPUs of one process, or of all ranks, as operations of the
/// engine. All processes make the same calls in the same order, whatever the groups; they are
/// carried out in it. A thread of its own enqueues them: it may have to wait for other processes,
/// for which no lane of the engine may be held up. Thread safety: any.
class GpuGroup {
 public:
  /// See GpuCollectivesLibrary::join. Throws: DeviceError.
  GpuGroup(const std::string& id, std::vector<int> gpus, int first, int size);

  /// Queues transfers as one operation, which starts when all arrays are ready.
  /// Throws: ValueError where an array is sparse, on another GPU than its member or of another
  /// shape or dtype than its partner; later, at a wait, what went wrong.
  void run(std::vector<GpuTransfer> transfers);

 private:
  void check(const GpuTransfer& transfer) const;

  std::vector<int> gpus_;
  int size_;
  std::shared_ptr<GpuCollectives> collectives_;
};

}  // namespace mx::comm

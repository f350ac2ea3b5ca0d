#pragma once
#include <cuda_runtime_api.h>

#include <cstddef>
#include <mutex>

namespace mx::cuda {

/// Copies pageable host memory to a GPU through two page-locked buffers: the source is free as soon
/// as it lies in them, while the GPU fetches it in the order of its stream. Made for one stream.
/// Thread safety: any.
class Staging {
 public:
  explicit Staging(cudaStream_t stream) : stream_(stream) {}
  ~Staging();
  Staging(const Staging&) = delete;
  Staging& operator=(const Staging&) = delete;

  void upload(void* to, const void* from, size_t bytes);

 private:
  /// Large enough for the bus to run at full speed.
  static constexpr size_t kSlotBytes = size_t{4} << 20;
  struct Slot {
    void* memory = nullptr;
    cudaEvent_t fetched = nullptr;  ///< when the GPU has what was put in last
  };
  void prepare(Slot& slot);

  cudaStream_t stream_;
  std::mutex mutex_;
  Slot slots_[2];
  int next_ = 0;
};

}  // namespace mx::cuda

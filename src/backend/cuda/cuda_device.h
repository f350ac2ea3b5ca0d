#pragma once
#include <cuda_runtime_api.h>

#include <atomic>
#include <memory>
#include <mutex>
#include <string>

#include "device/device.h"
#include "device/vendor_stream.h"

namespace mx::cuda {

class Staging;

/// The one stream of a GPU. Everything that uses the GPU's memory is enqueued here, which is why
/// memory that was freed may be handed out again at once: its next user runs behind its last one.
class CudaStream : public VendorStream {
 public:
  explicit CudaStream(int device);
  ~CudaStream() override;
  void synchronize() override;
  void* native() override { return handle_; }
  cudaStream_t handle() const { return handle_; }
  int device() const { return device_; }
  /// What is enqueued here from now on waits for what is enqueued on `other` now.
  void wait_for(const CudaStream& other);
  /// Copies from host memory. The source may be changed as soon as the function returns.
  void upload(void* to, const void* from, size_t bytes);

 private:
  int device_;
  cudaStream_t handle_ = nullptr;
  std::unique_ptr<Staging> staging_;
};

/// GPUs of NVIDIA through the CUDA runtime.
class CudaInterface : public DeviceInterface {
 public:
  static CudaInterface& get();

  /// Asks the driver for devices. Returns why none can be used; empty when there is one.
  std::string probe();
  int count() override { return count_; }
  void* allocate(size_t bytes, int id) override;
  /// Waits for everything that is enqueued on the device; what goes wrong has been or will be
  /// reported by the stream.
  void deallocate(void* data, size_t bytes, int id) override;
  /// Also makes the device the current one of the calling thread, so that kernels of a step, which
  /// all ask for the stream first, start there. Throws: DeviceError for a device that is not there.
  Stream* stream(int id) override { return &cuda_stream(id); }
  CudaStream& cuda_stream(int id);
  void copy(void* to, Device to_device, const void* from, Device from_device,
            size_t bytes) override;
  void memory_info(int id, size_t* free, size_t* total) override;
  void synchronize_all() override;

 private:
  static constexpr int kMaxDevices = 64;
  void check_id(int id) const;

  int count_ = 0;
  std::mutex mutex_;  // of making streams
  std::atomic<CudaStream*> streams_[kMaxDevices] = {};
};

}  // namespace mx::cuda

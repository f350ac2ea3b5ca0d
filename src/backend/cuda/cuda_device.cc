#include "backend/cuda/cuda_device.h"

#include <algorithm>

#include "backend/cuda/error.h"
#include "backend/cuda/staging.h"
#include "base/error.h"

namespace mx::cuda {
namespace {

/// Oldest compute capability for which there is code in this library.
constexpr int kLeastCapability = 8;

void make_current(int id) { check(cudaSetDevice(id), "choosing the device"); }

std::string driver_text() {
  int version = 0;
  if (cudaDriverGetVersion(&version) != cudaSuccess || version == 0)
    return "no NVIDIA driver was found";
  return concat("the NVIDIA driver supports CUDA ", version / 1000, '.', version % 1000 / 10);
}

}  // namespace

void check(cudaError_t status, const char* what) {
  if (status == cudaSuccess) return;
  cudaGetLastError();  // an error that does not stick must not come up again at the next check
  fail(ErrorKind::kDevice, "cuda: ", what, " failed: ", cudaGetErrorName(status), ", ",
       cudaGetErrorString(status));
}

CudaStream::CudaStream(int device) : device_(device) {
  make_current(device);
  check(cudaStreamCreateWithFlags(&handle_, cudaStreamNonBlocking), "making a stream");
  staging_ = std::make_unique<Staging>(handle_);
}

CudaStream::~CudaStream() { cudaStreamDestroy(handle_); }

void CudaStream::synchronize() {
  make_current(device_);
  check(cudaStreamSynchronize(handle_), "work on the device");
}

void CudaStream::wait_for(const CudaStream& other) {
  cudaEvent_t event = nullptr;
  make_current(other.device_);
  check(cudaEventCreateWithFlags(&event, cudaEventDisableTiming), "making an event");
  cudaError_t status = cudaEventRecord(event, other.handle_);
  make_current(device_);
  if (status == cudaSuccess) status = cudaStreamWaitEvent(handle_, event, 0);
  cudaEventDestroy(event);  // freed once it is over
  check(status, "waiting for another device");
}

void CudaStream::upload(void* to, const void* from, size_t bytes) {
  make_current(device_);
  staging_->upload(to, from, bytes);
}

CudaInterface& CudaInterface::get() {
  // Never destroyed: arrays in static objects may be freed after any static object of this library.
  static auto* instance = new CudaInterface;
  return *instance;
}

std::string CudaInterface::probe() {
  int count = 0;
  const cudaError_t status = cudaGetDeviceCount(&count);
  if (status != cudaSuccess) {
    cudaGetLastError();
    return concat(cudaGetErrorString(status), " (", driver_text(), ")");
  }
  if (count == 0) return concat("there is no device (", driver_text(), ")");
  for (int id = 0; id < count; ++id) {
    int major = 0, minor = 0;
    cudaDeviceGetAttribute(&major, cudaDevAttrComputeCapabilityMajor, id);
    cudaDeviceGetAttribute(&minor, cudaDevAttrComputeCapabilityMinor, id);
    if (major < kLeastCapability)
      return concat("device ", id, " has compute capability ", major, '.', minor,
                    "; expected at least ", kLeastCapability,
                    ".0 (CUDA_VISIBLE_DEVICES can hide a device)");
  }
  count_ = std::min(count, kMaxDevices);
  return {};
}

void CudaInterface::check_id(int id) const {
  if (id < 0 || id >= count_)
    fail(ErrorKind::kDevice, "gpu: device_id=", id, " is not there; expected a number below ",
         count_);
}

CudaStream& CudaInterface::cuda_stream(int id) {
  check_id(id);
  if (!streams_[id].load(std::memory_order_acquire)) {
    std::lock_guard lock(mutex_);
    if (!streams_[id].load(std::memory_order_relaxed))
      streams_[id].store(new CudaStream(id), std::memory_order_release);
  }
  make_current(id);
  return *streams_[id].load(std::memory_order_acquire);
}

void* CudaInterface::allocate(size_t bytes, int id) {
  cuda_stream(id);
  void* data = nullptr;
  const cudaError_t status = cudaMalloc(&data, bytes);
  if (status == cudaErrorMemoryAllocation) {
    cudaGetLastError();
    size_t free = 0, total = 0;
    memory_info(id, &free, &total);
    fail(ErrorKind::kOutOfMemory, "gpu(", id, "): ", bytes, " bytes could not be allocated; ", free,
         " of ", total, " are free");
  }
  check(status, "allocating memory");
  return data;
}

void CudaInterface::deallocate(void* data, size_t, int id) {
  if (cudaSetDevice(id) == cudaSuccess) cudaFree(data);
}

void CudaInterface::copy(void* to, Device to_device, const void* from, Device from_device,
                         size_t bytes) {
  if (bytes == 0) return;
  if (from_device.is_host()) return cuda_stream(to_device.id).upload(to, from, bytes);
  CudaStream& source = cuda_stream(from_device.id);
  if (to_device.is_host() || to_device.id == from_device.id) {
    const auto kind = to_device.is_host() ? cudaMemcpyDeviceToHost : cudaMemcpyDeviceToDevice;
    return check(cudaMemcpyAsync(to, from, bytes, kind, source.handle()), "copying");
  }
  CudaStream& target = cuda_stream(to_device.id);
  target.wait_for(source);
  check(cudaMemcpyPeerAsync(to, to_device.id, from, from_device.id, bytes, target.handle()),
        "copying between devices");
  source.wait_for(target);  // whoever overwrites or reuses the source must not overtake
  make_current(to_device.id);
}

void CudaInterface::memory_info(int id, size_t* free, size_t* total) {
  cuda_stream(id);
  check(cudaMemGetInfo(free, total), "asking for free memory");
}

void CudaInterface::synchronize_all() {
  for (int id = 0; id < count_; ++id)
    if (CudaStream* stream = streams_[id].load(std::memory_order_acquire)) stream->synchronize();
}

}  // namespace mx::cuda

#include "backend/cuda/staging.h"

#include <algorithm>
#include <cstring>

#include "backend/cuda/error.h"

namespace mx::cuda {

Staging::~Staging() {
  for (Slot& slot : slots_) {
    if (slot.fetched) cudaEventDestroy(slot.fetched);
    if (slot.memory) cudaFreeHost(slot.memory);
  }
}

void Staging::prepare(Slot& slot) {
  if (!slot.memory) check(cudaMallocHost(&slot.memory, kSlotBytes), "allocating host memory");
  if (!slot.fetched)
    check(cudaEventCreateWithFlags(&slot.fetched, cudaEventDisableTiming), "making an event");
  check(cudaEventSynchronize(slot.fetched), "copying to the device");
}

void Staging::upload(void* to, const void* from, size_t bytes) {
  std::lock_guard lock(mutex_);
  for (size_t done = 0; done < bytes; next_ ^= 1) {
    Slot& slot = slots_[next_];
    const size_t part = std::min(kSlotBytes, bytes - done);
    prepare(slot);
    std::memcpy(slot.memory, static_cast<const char*>(from) + done, part);
    check(cudaMemcpyAsync(static_cast<char*>(to) + done, slot.memory, part, cudaMemcpyHostToDevice,
                          stream_),
          "copying to the device");
    check(cudaEventRecord(slot.fetched, stream_), "copying to the device");
    done += part;
  }
}

}  // namespace mx::cuda

#pragma once
#include "device/device.h"

namespace mx {

/// A stream that libraries of the device's maker understand. All streams of GPUs are such.
class VendorStream : public Stream {
 public:
  /// What they call a stream, such as a cudaStream_t.
  virtual void* native() = 0;
};

}  // namespace mx

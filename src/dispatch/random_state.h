#pragma once
#include <cstdint>

#include "device/device.h"

namespace mx {

/// The random generators of one device. What is inside and how kernels draw from it is described in
/// docs/random.md; the sequences are those of MXNet 1.9.1 on the CPU.
class RandomState;

/// State of a device, made on first use with the seed in force.
RandomState& random_state(Device device);
/// Seeds every device, also those used later (`mx.random.seed(s)`).
void seed_all(uint32_t seed);
/// Seeds one device (`mx.random.seed(s, ctx)`).
void seed_device(uint32_t seed, Device device);

}  // namespace mx

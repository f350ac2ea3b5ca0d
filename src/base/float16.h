#pragma once
#include <bit>
#include <cstdint>

#if defined(__CUDACC__)
#define MX_HOST_DEVICE __host__ __device__
#else
#define MX_HOST_DEVICE
#endif

namespace mx {

/// IEEE 754 binary16 storage type; arithmetic happens in float.
struct float16 {
  uint16_t bits = 0;
  float16() = default;
  MX_HOST_DEVICE explicit float16(float value) : bits(from_float(value)) {}
  MX_HOST_DEVICE operator float() const { return to_float(bits); }

  /// Round to nearest even, with subnormals and infinities.
  MX_HOST_DEVICE static uint16_t from_float(float value) {
    uint32_t f = std::bit_cast<uint32_t>(value);
    const uint16_t sign = static_cast<uint16_t>((f >> 16) & 0x8000u);
    f &= 0x7fffffffu;
    if (f >= 0x7f800000u) return sign | 0x7c00u | (f > 0x7f800000u ? 0x200u : 0u);
    if (f >= 0x477ff000u) return sign | 0x7c00u;
    if (f < 0x38800000u) {  // subnormal in half: let float addition do the rounding
      const float magic = std::bit_cast<float>(0x3f000000u);
      const float shifted = std::bit_cast<float>(f) + magic;
      return sign | static_cast<uint16_t>(std::bit_cast<uint32_t>(shifted) - 0x3f000000u);
    }
    const uint32_t odd = (f >> 13) & 1u;
    return sign | static_cast<uint16_t>((f + 0xc8000fffu + odd) >> 13);
  }

  MX_HOST_DEVICE static float to_float(uint16_t h) {
    const uint32_t sign = static_cast<uint32_t>(h & 0x8000u) << 16;
    const uint32_t magnitude = h & 0x7fffu;
    if (magnitude >= 0x7c00u)
      return std::bit_cast<float>(sign | 0x7f800000u | ((magnitude & 0x3ffu) << 13));
    if (magnitude >= 0x400u) return std::bit_cast<float>(sign | ((magnitude << 13) + 0x38000000u));
    const float value = static_cast<float>(magnitude) * 5.9604644775390625e-8f;  // 2^-24
    return std::bit_cast<float>(std::bit_cast<uint32_t>(value) | sign);
  }
};

/// The upper half of a float32; arithmetic happens in float.
struct bfloat16 {
  uint16_t bits = 0;
  bfloat16() = default;
  MX_HOST_DEVICE explicit bfloat16(float value) : bits(from_float(value)) {}
  MX_HOST_DEVICE operator float() const {
    return std::bit_cast<float>(static_cast<uint32_t>(bits) << 16);
  }

  /// Round to nearest even; NaN stays a quiet NaN.
  MX_HOST_DEVICE static uint16_t from_float(float value) {
    const uint32_t f = std::bit_cast<uint32_t>(value);
    if ((f & 0x7fffffffu) > 0x7f800000u) return static_cast<uint16_t>((f >> 16) | 0x40u);
    return static_cast<uint16_t>((f + 0x7fffu + ((f >> 16) & 1u)) >> 16);
  }
};

}  // namespace mx

#pragma once
// What a convolution multiplies and how its sums grow; one vector of sums for kLanes filters.
#include "backend/cpu/tuned/vector.h"

namespace mx::tuned {

struct RealProducts {
  using Element = float;
  using Operand = Vector;
  using Sum = Vector;
  static constexpr int64_t kStep = 1;  ///< elements of a window that one addition takes

  static Operand weights(const float* from) { return load(from); }
  static Operand repeated(const float* from) { return broadcast(*from); }
  static Sum add(Sum sum, Operand x, Operand w) { return sum + x * w; }
};

/// Whole numbers of 8 bits, widened to 16: two products for each lane at once, exact, where there
/// is no instruction for four of 8 bits whose sums cannot overflow (VNNI).
struct WholeProducts {
  using Element = int16_t;
  using Sum = int32_t __attribute__((vector_size(sizeof(Vector))));
  static constexpr int64_t kStep = 2;
#ifdef __AVX512F__
  using Operand = __m512i;
  static Operand repeated_bits(int32_t pair) { return _mm512_set1_epi32(pair); }
  static Operand products(Operand x, Operand w) { return _mm512_madd_epi16(x, w); }
#else
  using Operand = __m256i;
  static Operand repeated_bits(int32_t pair) { return _mm256_set1_epi32(pair); }
  static Operand products(Operand x, Operand w) { return _mm256_madd_epi16(x, w); }
#endif

  static Operand weights(const int16_t* from) {
    Operand w;
    std::memcpy(&w, from, sizeof w);
    return w;
  }
  static Operand repeated(const int16_t* from) {
    int32_t pair;
    std::memcpy(&pair, from, sizeof pair);
    return repeated_bits(pair);
  }
  static Sum add(Sum sum, Operand x, Operand w) {
    return sum + reinterpret_cast<Sum>(products(x, w));
  }
};

}  // namespace mx::tuned

#pragma once
// One AVX-512 register of floats, as the compiler's vector type: arithmetic by operators. Include
// from this folder only: everything here is compiled for AVX-512.
#include <immintrin.h>

#include <cstdint>
#include <cstring>

namespace mx::avx512 {

using Vector = float __attribute__((vector_size(64)));
inline constexpr int64_t kLanes = 16;

inline Vector load(const float* from) {
  Vector v;
  std::memcpy(&v, from, sizeof v);
  return v;
}

inline void store(float* to, Vector v) { std::memcpy(to, &v, sizeof v); }

inline Vector broadcast(float x) { return _mm512_set1_ps(x); }

}  // namespace mx::avx512

#pragma once
// One register of floats, as the compiler's vector type: arithmetic by operators. This folder is
// compiled for AVX2 and for AVX-512, each into the library of kernels of its level.
#include <immintrin.h>

#include <cstdint>
#include <cstring>
#include <iterator>

namespace mx::tuned {

#ifdef __AVX512F__
using Vector = float __attribute__((vector_size(64)));
/// Most rows whose sums, with so many vectors of a panel, fit into the 32 registers.
inline constexpr int kMaxRows[] = {0, 12, 12, 9, 6};
#else
using Vector = float __attribute__((vector_size(32)));
/// The same for 16 registers.
inline constexpr int kMaxRows[] = {0, 12, 6};
#endif
/// As many numbers of 8 bits as a vector has floats.
using Int8s = int8_t __attribute__((vector_size(sizeof(Vector) / sizeof(float))));
using Uint8s = uint8_t __attribute__((vector_size(sizeof(Vector) / sizeof(float))));
inline constexpr int64_t kLanes = sizeof(Vector) / sizeof(float);
inline constexpr int64_t kMostVectors = std::size(kMaxRows) - 1;  ///< of a panel
inline constexpr int64_t kPanel = kMostVectors * kLanes;          ///< its most columns

inline Vector load(const float* from) {
  Vector v;
  std::memcpy(&v, from, sizeof v);
  return v;
}

/// Numbers of any type as floats.
inline Vector widened(const float* from) { return load(from); }
inline Vector widened(const int8_t* from) {
  Int8s values;
  std::memcpy(&values, from, sizeof values);
  return __builtin_convertvector(values, Vector);
}
inline Vector widened(const uint8_t* from) {
  Uint8s values;
  std::memcpy(&values, from, sizeof values);
  return __builtin_convertvector(values, Vector);
}

inline void store(float* to, Vector v) { std::memcpy(to, &v, sizeof v); }

#ifndef __AVX512F__
inline __m256i first_lanes(int64_t count) {
  return _mm256_cmpgt_epi32(_mm256_set1_epi32(static_cast<int>(count)),
                            _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
}
#endif

/// The first `count` lanes only: the others are 0, and their memory is not touched.
inline Vector load_first(const float* from, int64_t count) {
#ifdef __AVX512F__
  return _mm512_maskz_loadu_ps(static_cast<__mmask16>((1u << count) - 1), from);
#else
  return _mm256_maskload_ps(from, first_lanes(count));
#endif
}

inline void store_first(float* to, Vector v, int64_t count) {
#ifdef __AVX512F__
  _mm512_mask_storeu_ps(to, static_cast<__mmask16>((1u << count) - 1), v);
#else
  _mm256_maskstore_ps(to, first_lanes(count), v);
#endif
}

inline Vector broadcast(float x) {
#ifdef __AVX512F__
  return _mm512_set1_ps(x);
#else
  return _mm256_set1_ps(x);
#endif
}

/// To the nearest whole numbers, halves to the even ones.
inline auto rounded(Vector v) {
  using Whole = int32_t __attribute__((vector_size(sizeof(Vector))));
#ifdef __AVX512F__
  return reinterpret_cast<Whole>(_mm512_cvtps_epi32(v));
#else
  return reinterpret_cast<Whole>(_mm256_cvtps_epi32(v));
#endif
}

}  // namespace mx::tuned

#include "backend/cpu/convert.h"

#include <cstring>
#if defined(__F16C__) && defined(__AVX__)
#include <immintrin.h>
#endif

namespace mx::cpu {
namespace {

template <typename From, typename To>
void convert_loop(const From* source, To* target, int64_t n) {
  int64_t i = 0;
#if defined(__AVX512F__)
  if constexpr (std::is_same_v<From, float16> && std::is_same_v<To, float>) {
    for (; i + 16 <= n; i += 16)
      _mm512_storeu_ps(
          target + i,
          _mm512_cvtph_ps(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(source + i))));
  } else if constexpr (std::is_same_v<From, float> && std::is_same_v<To, float16>) {
    for (; i + 16 <= n; i += 16)
      _mm256_storeu_si256(reinterpret_cast<__m256i*>(target + i),
                          _mm512_cvtps_ph(_mm512_loadu_ps(source + i), _MM_FROUND_TO_NEAREST_INT));
  }
#elif defined(__F16C__) && defined(__AVX__)
  if constexpr (std::is_same_v<From, float16> && std::is_same_v<To, float>) {
    for (; i + 8 <= n; i += 8) {
      const __m128i half = _mm_loadu_si128(reinterpret_cast<const __m128i*>(source + i));
      _mm256_storeu_ps(target + i, _mm256_cvtph_ps(half));
    }
  } else if constexpr (std::is_same_v<From, float> && std::is_same_v<To, float16>) {
    for (; i + 8 <= n; i += 8) {
      const __m128i half = _mm256_cvtps_ph(_mm256_loadu_ps(source + i), _MM_FROUND_TO_NEAREST_INT);
      _mm_storeu_si128(reinterpret_cast<__m128i*>(target + i), half);
    }
  }
#endif
  for (; i < n; ++i) target[i] = convert_to<To>(source[i]);
}

}  // namespace

void convert_elements(DType from, const void* source, DType to, void* target, int64_t n) {
  if (from == to) {
    std::memmove(target, source, static_cast<size_t>(n * dtype_size(from)));
    return;
  }
  visit_dtype(from, "convert", [&](auto from_tag) {
    visit_dtype(to, "convert", [&](auto to_tag) {
      using From = typename decltype(from_tag)::type;
      using To = typename decltype(to_tag)::type;
      convert_loop(static_cast<const From*>(source), static_cast<To*>(target), n);
    });
  });
}

}  // namespace mx::cpu

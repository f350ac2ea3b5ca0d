#pragma once
#include <cstdint>
#include <cstring>

namespace mx::records {

// A record is the magic number, a word with its kind (3 bits) and length (29 bits), the bytes, and
// zeros up to a multiple of four.
constexpr uint32_t kMagic = 0xced7230a;
constexpr int kLengthBits = 29;
enum Kind : uint32_t { kWhole = 0, kFirst = 1, kMiddle = 2, kLast = 3 };
constexpr int64_t kHeadBytes = 8;

inline uint32_t word_at(const uint8_t* bytes) {
  uint32_t word = 0;
  std::memcpy(&word, bytes, sizeof word);
  return word;
}

inline int64_t length_in(uint32_t word) { return word & ((1u << kLengthBits) - 1); }

}  // namespace mx::records

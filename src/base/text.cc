#include "base/text.h"

#include <cstdint>

namespace mx {
namespace {

/// Bytes of the character that `text` begins with, or 0 if it is malformed.
size_t character_length(std::string_view text) {
  const auto byte = [&](size_t i) { return static_cast<uint8_t>(text[i]); };
  const uint8_t first = byte(0);
  if (first < 0x80) return 1;
  const size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || text.size() < length) return 0;
  for (size_t i = 1; i < length; ++i)
    if ((byte(i) & 0xC0) != 0x80) return 0;
  const bool overlong = (first == 0xE0 && byte(1) < 0xA0) || (first == 0xF0 && byte(1) < 0x90);
  const bool surrogate = first == 0xED && byte(1) >= 0xA0;
  const bool too_large = first == 0xF4 && byte(1) >= 0x90;
  return overlong || surrogate || too_large ? 0 : length;
}

}  // namespace

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const size_t length = character_length(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

std::string quoted_text(std::string_view text) {
  constexpr size_t kLongest = 80;
  constexpr char kDigits[] = "0123456789abcdef";
  std::string result = "'";
  size_t i = 0;
  while (i < text.size() && i < kLongest) {
    const auto byte = static_cast<uint8_t>(text[i]);
    const size_t length = character_length(text.substr(i));
    if (length == 0 || byte < 0x20 || byte == 0x7F) {
      result.append("\\x").append(1, kDigits[byte >> 4]).append(1, kDigits[byte & 15]);
      ++i;
    } else {
      result += text.substr(i, length);
      i += length;
    }
  }
  return result += i < text.size() ? "'..." : "'";
}

}  // namespace mx

#pragma once
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>

#include "base/error.h"

namespace mx {

/// Reads little-endian values from bytes that nobody vouches for. Errors name the value last read.
class ByteReader {
 public:
  ByteReader(std::string_view bytes, std::string source)
      : bytes_(bytes), source_(std::move(source)) {}

  size_t remaining() const { return bytes_.size() - position_; }

  template <typename T>
  T read(std::string_view what) {
    T value;
    std::memcpy(&value, take(sizeof(T), what).data(), sizeof(T));
    return value;
  }

  /// The next `count` bytes. Throws: ValueError when the file is shorter.
  std::string_view take(uint64_t count, std::string_view what) {
    last_ = position_;
    if (count > remaining())
      fail_here(what, concat(" takes ", count, " bytes"),
                concat("at most ", remaining(), ", which is what is left of the file"));
    const std::string_view part = bytes_.substr(position_, count);
    position_ += count;
    return part;
  }

  /// What errors name behind the source, for instance "array 3".
  void set_part(std::string part) { part_ = std::move(part); }

  /// Throws: ValueError `<source>: <part>, byte N: <what><problem>; expected <expected>`.
  [[noreturn]] void fail_here(std::string_view what, const std::string& problem,
                              const std::string& expected) const {
    fail(ErrorKind::kValue, source_, ": ", part_, part_.empty() ? "" : ", ", "byte ", last_, ": ",
         what, problem, "; expected ", expected);
  }

 private:
  std::string_view bytes_;
  std::string source_, part_;
  size_t position_ = 0, last_ = 0;
};

}  // namespace mx

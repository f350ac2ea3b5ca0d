#pragma once
#include <cstring>
#include <string>
#include <string_view>

#include "base/error.h"

namespace mx {

/// Reads little-endian values from bytes that nobody vouches for.
class ByteReader {
 public:
  ByteReader(std::string_view bytes, std::string source)
      : bytes_(bytes), source_(std::move(source)) {}

  size_t position() const { return position_; }
  size_t remaining() const { return bytes_.size() - position_; }

  template <typename T>
  T read(std::string_view what) {
    T value;
    std::memcpy(&value, take(sizeof(T), what).data(), sizeof(T));
    return value;
  }

  /// The next `count` bytes.
  std::string_view take(uint64_t count, std::string_view what) {
    if (count > remaining())
      fail_here(what, concat(count, " bytes; the file has ", remaining(), " left"));
    const std::string_view part = bytes_.substr(position_, count);
    position_ += count;
    return part;
  }

  /// Throws: ValueError `<source>: at byte N: <what>: expected <expected>`.
  [[noreturn]] void fail_here(std::string_view what, const std::string& expected) const {
    fail(ErrorKind::kValue, source_, ": at byte ", position_, ": ", what, ": expected ", expected);
  }

 private:
  std::string_view bytes_;
  std::string source_;
  size_t position_ = 0;
};

}  // namespace mx

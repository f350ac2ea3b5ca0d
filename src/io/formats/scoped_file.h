#pragma once
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

#include "base/error.h"

namespace mx {

/// Closes a file descriptor at the end of a scope.
struct ScopedFile {
  int fd = -1;
  ScopedFile() = default;
  explicit ScopedFile(int descriptor) : fd(descriptor) {}
  ScopedFile(const ScopedFile&) = delete;
  ScopedFile& operator=(const ScopedFile&) = delete;
  ~ScopedFile() {
    if (fd >= 0) ::close(fd);
  }
};

/// An error that the operating system reports. It becomes an OSError in Python, which is a
/// ValueError of this library too.
class SystemError : public Error {
 public:
  SystemError(int number, std::string message)
      : Error(ErrorKind::kValue, std::move(message)), number_(number) {}
  /// The value of errno.
  int number() const noexcept { return number_; }

 private:
  int number_;
};

/// Throws: SystemError `<path>: <what>: <reason in errno>; expected <expected>`.
[[noreturn]] inline void fail_with_reason(const std::string& path, const char* what,
                                          const char* expected) {
  const int number = errno;
  throw SystemError(
      number, concat(path, ": ", what, " (", std::strerror(number), "); expected ", expected));
}

}  // namespace mx

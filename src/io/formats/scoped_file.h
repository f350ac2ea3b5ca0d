#pragma once
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>

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

/// Throws: ValueError `<path>: <what>: <reason in errno>; expected <expected>`.
[[noreturn]] inline void fail_with_reason(const std::string& path, const char* what,
                                          const char* expected) {
  fail(ErrorKind::kValue, path, ": ", what, " (", std::strerror(errno), "); expected ", expected);
}

}  // namespace mx

#include "io/formats/mapped_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <span>

#include "base/error.h"
#include "io/formats/params_file.h"

namespace mx {
namespace {

/// Closes a file descriptor at the end of a scope.
struct ScopedFile {
  int fd;
  ~ScopedFile() {
    if (fd >= 0) ::close(fd);
  }
};

[[noreturn]] void fail_with_reason(const std::string& path, const char* what) {
  fail(ErrorKind::kValue, path, ": ", what, ": ", std::strerror(errno));
}

void write_all(int fd, std::string_view bytes, const std::string& path) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail_with_reason(path, "the file cannot be written");
    bytes.remove_prefix(static_cast<size_t>(written));
  }
}

}  // namespace

std::shared_ptr<MappedFile> MappedFile::open(const std::string& path) {
  const ScopedFile file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
  if (file.fd < 0) fail_with_reason(path, "the file cannot be opened");
  struct stat info {};
  if (::fstat(file.fd, &info) != 0) fail_with_reason(path, "the file cannot be read");
  require(S_ISREG(info.st_mode), path, ": is not a file; expected a file");
  const auto size = static_cast<size_t>(info.st_size);
  if (size == 0) return std::shared_ptr<MappedFile>(new MappedFile(nullptr, 0));
  void* data = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE, file.fd, 0);
  if (data == MAP_FAILED) fail_with_reason(path, "the file cannot be mapped");
  return std::shared_ptr<MappedFile>(new MappedFile(data, size));
}

MappedFile::~MappedFile() {
  if (data_) ::munmap(data_, size_);
}

void write_file_atomically(const std::string& path, std::span<const std::string_view> parts) {
  std::string temporary = path + ".XXXXXX";
  const ScopedFile file{::mkostemp(temporary.data(), O_CLOEXEC)};
  if (file.fd < 0) fail_with_reason(path, "the file cannot be written");
  try {
    for (std::string_view part : parts) write_all(file.fd, part, path);
    const mode_t mask = ::umask(0);
    ::umask(mask);
    if (::fchmod(file.fd, 0666 & ~mask) != 0 || ::fsync(file.fd) != 0 ||
        ::rename(temporary.c_str(), path.c_str()) != 0)
      fail_with_reason(path, "the file cannot be written");
  } catch (...) {
    ::unlink(temporary.c_str());
    throw;
  }
}

}  // namespace mx

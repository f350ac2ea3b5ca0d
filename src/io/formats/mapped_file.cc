#include "io/formats/mapped_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "io/formats/scoped_file.h"

namespace mx {

std::shared_ptr<MappedFile> MappedFile::open(const std::string& path) {
  constexpr const char* kExpected = "the name of a file that can be read";
  const ScopedFile file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (file.fd < 0) fail_with_reason(path, "cannot be opened", kExpected);
  struct stat info {};
  if (::fstat(file.fd, &info) != 0) fail_with_reason(path, "cannot be read", kExpected);
  require(S_ISREG(info.st_mode), path, ": is not a file; expected ", kExpected);
  const auto size = static_cast<size_t>(info.st_size);
  if (size == 0) return std::shared_ptr<MappedFile>(new MappedFile(nullptr, 0));
  void* data = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file.fd, 0);
  if (data == MAP_FAILED) fail_with_reason(path, "cannot be mapped", kExpected);
  return std::shared_ptr<MappedFile>(new MappedFile(data, size));
}

MappedFile::~MappedFile() {
  if (data_) ::munmap(data_, size_);
}

}  // namespace mx

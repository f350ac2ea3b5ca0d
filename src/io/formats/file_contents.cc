#include "io/formats/file_contents.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>

#include "io/formats/scoped_file.h"

namespace mx {
namespace {

constexpr const char* kExpected = "the name of a file that can be read";
constexpr size_t kBeginning = 4096;

struct stat status_of(const ScopedFile& file, const std::string& path) {
  if (file.fd < 0) fail_with_reason(path, "cannot be opened", kExpected);
  struct stat info {};
  if (::fstat(file.fd, &info) != 0) fail_with_reason(path, "cannot be read", kExpected);
  return info;
}

size_t half_of_memory() {
  return static_cast<size_t>(::sysconf(_SC_PHYS_PAGES)) *
         static_cast<size_t>(::sysconf(_SC_PAGESIZE)) / 2;
}

}  // namespace

std::shared_ptr<FileContents> FileContents::map(const std::string& path) {
  const ScopedFile file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  const struct stat info = status_of(file, path);
  require(S_ISREG(info.st_mode), path, ": is not a file; expected ", kExpected);
  const auto size = static_cast<size_t>(info.st_size);
  if (size == 0) return std::shared_ptr<FileContents>(new FileContents(nullptr, 0, 0));
  void* data = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file.fd, 0);
  if (data == MAP_FAILED) fail_with_reason(path, "cannot be mapped", kExpected);
  return std::shared_ptr<FileContents>(new FileContents(data, size, size));
}

std::shared_ptr<FileContents> FileContents::read(const std::string& path, MayBegin may_begin) {
  const ScopedFile file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  const struct stat info = status_of(file, path);
  require(!S_ISDIR(info.st_mode), path, ": is not a file; expected ", kExpected);
  std::shared_ptr<FileContents> contents(new FileContents(nullptr, 0, 0));
  const bool has_size = S_ISREG(info.st_mode);
  // One byte more than there seems to be, so that the end is seen without growing.
  contents->reserved_ = has_size ? static_cast<size_t>(info.st_size) : 0;
  contents->grow(path);
  bool more = true;
  while (more && contents->size_ < kBeginning)
    more = contents->read_some(file.fd, kBeginning - contents->size_, path);
  if (!may_begin(contents->bytes())) return contents;
  const size_t limit = has_size ? SIZE_MAX : half_of_memory();
  while (more) {
    more = contents->read_some(file.fd, SIZE_MAX, path);
    require(contents->size_ <= limit, path, ": does not end within ", limit, " bytes; expected ",
            kExpected);
  }
  return contents;
}

bool FileContents::read_some(int descriptor, size_t most, const std::string& path) {
  if (size_ == reserved_) grow(path);
  const size_t wanted = std::min(most, reserved_ - size_);
  const ssize_t count = ::read(descriptor, static_cast<char*>(data_) + size_, wanted);
  if (count < 0 && errno == EINTR) return true;
  if (count < 0) fail_with_reason(path, "cannot be read", kExpected);
  size_ += static_cast<size_t>(count);
  return count > 0;
}

void FileContents::grow(const std::string& path) {
  constexpr size_t kPage = 4096, kHugePage = 2 << 20;
  const size_t wanted = (data_ ? reserved_ * 2 : reserved_ + 1) + kPage - 1;
  const size_t reserved = wanted / kPage * kPage;
  void* data =
      data_ ? ::mremap(data_, reserved_, reserved, MREMAP_MAYMOVE)
            : ::mmap(nullptr, reserved, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (data == MAP_FAILED) {
    if (!data_) reserved_ = 0;
    fail_with_reason(path, "does not fit into memory", "a smaller file");
  }
  if (reserved >= 2 * kHugePage) ::madvise(data, reserved, MADV_HUGEPAGE);
  data_ = data;
  reserved_ = reserved;
}

FileContents::~FileContents() {
  if (data_) ::munmap(data_, reserved_);
}

}  // namespace mx

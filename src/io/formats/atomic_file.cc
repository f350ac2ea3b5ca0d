#include "io/formats/atomic_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>

#include "io/formats/scoped_file.h"

namespace mx {
namespace {

constexpr const char* kWritable = "the name of a file in a folder that can be written";

void write_all(int fd, std::string_view bytes, const std::string& path) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail_with_reason(path, "cannot be written", kWritable);
    bytes.remove_prefix(static_cast<size_t>(written));
  }
}

/// The file that `path` names when links are followed; `path` itself where there is none yet.
std::string target_of(const std::string& path) {
  std::error_code ignored;
  const std::filesystem::path target = std::filesystem::canonical(path, ignored);
  return target.empty() ? path : target.string();
}

/// A new file beside the target, removed unless it takes the target's place.
class Replacement {
 public:
  explicit Replacement(const std::string& target) : target_(target) {
    static std::atomic<unsigned> next{0};
    do {
      temporary_ = concat(target, ".", ::getpid(), "-", next++, ".part");
      file_.fd = ::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    } while (file_.fd < 0 && errno == EEXIST);
    if (file_.fd < 0) fail_with_reason(target, "cannot be written", kWritable);
  }
  ~Replacement() {
    if (!temporary_.empty()) ::unlink(temporary_.c_str());
  }
  int fd() const { return file_.fd; }

  void take_place() {
    struct stat old {};
    const bool keeps_mode = ::stat(target_.c_str(), &old) == 0;
    if ((keeps_mode && ::fchmod(file_.fd, old.st_mode & 07777) != 0) || ::fsync(file_.fd) != 0 ||
        ::rename(temporary_.c_str(), target_.c_str()) != 0)
      fail_with_reason(target_, "cannot be written", kWritable);
    temporary_.clear();
  }

 private:
  std::string target_, temporary_;
  ScopedFile file_;
};

}  // namespace

void write_file_atomically(const std::string& path, std::span<const std::string_view> parts) {
  struct stat info {};
  if (::stat(path.c_str(), &info) == 0 && !S_ISREG(info.st_mode)) {
    const ScopedFile file{::open(path.c_str(), O_WRONLY | O_CLOEXEC)};
    if (file.fd < 0) fail_with_reason(path, "cannot be written", kWritable);
    for (std::string_view part : parts) write_all(file.fd, part, path);
    return;
  }
  Replacement replacement(target_of(path));
  for (std::string_view part : parts) write_all(replacement.fd(), part, path);
  replacement.take_place();
}

}  // namespace mx

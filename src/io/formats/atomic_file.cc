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

/// The file that `path` names when links are followed, whether it is there or not.
std::string target_of(const std::string& path) {
  constexpr int kMostLinks = 40;  // as many as Linux follows
  std::filesystem::path target = path;
  std::error_code ignored;
  for (int i = 0; std::filesystem::is_symlink(target, ignored); ++i) {
    if (i == kMostLinks) {
      errno = ELOOP;
      fail_with_reason(path, "cannot be written", kWritable);
    }
    target = target.parent_path() / std::filesystem::read_symlink(target, ignored);
  }
  return target.string();
}

/// A new file in the folder of the target, gone unless it takes the target's place.
///
/// It has no name until it is complete, where the file system can do that: a program that is killed
/// while it writes leaves nothing behind.
class Replacement {
 public:
  explicit Replacement(const std::string& target) : target_(target) {
    const std::string folder = std::filesystem::path(target).parent_path().string();
    file_.fd =
        ::open(folder.empty() ? "." : folder.c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, 0666);
    if (file_.fd >= 0 && ::access(own_path().c_str(), F_OK) == 0) return;
    if (file_.fd >= 0) ::close(file_.fd);
    with_free_name([this] {
      file_.fd = ::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
      return file_.fd >= 0;
    });
  }
  ~Replacement() {
    if (!temporary_.empty()) ::unlink(temporary_.c_str());
  }
  int fd() const { return file_.fd; }

  void take_place() {
    struct stat old {};
    const bool keeps_mode = ::stat(target_.c_str(), &old) == 0;
    if ((keeps_mode && ::fchmod(file_.fd, old.st_mode & 07777) != 0) || ::fsync(file_.fd) != 0)
      fail_with_reason(target_, "cannot be written", kWritable);
    if (temporary_.empty())  // A name is needed as a link cannot replace a file.
      with_free_name([this] {
        return ::linkat(AT_FDCWD, own_path().c_str(), AT_FDCWD, temporary_.c_str(),
                        AT_SYMLINK_FOLLOW) == 0;
      });
    if (::rename(temporary_.c_str(), target_.c_str()) != 0)
      fail_with_reason(target_, "cannot be written", kWritable);
    temporary_.clear();
  }

 private:
  std::string own_path() const { return concat("/proc/self/fd/", file_.fd); }

  /// Sets a name beside the target for which `make` succeeds.
  template <typename Make>
  void with_free_name(const Make& make) {
    static std::atomic<unsigned> next{0};
    do {
      temporary_ = concat(target_, ".", ::getpid(), "-", next++, ".part");
      if (make()) return;
    } while (errno == EEXIST);
    temporary_.clear();  // it is not ours
    fail_with_reason(target_, "cannot be written", kWritable);
  }

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

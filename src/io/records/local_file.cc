#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <system_error>
#include <utility>

#include "base/error.h"
#include "io/formats/scoped_file.h"
#include "io/records/byte_source.h"

namespace mx::records {
namespace {

std::string reason() { return std::generic_category().message(errno); }

class LocalFile final : public ByteSource {
 public:
  LocalFile(const std::string& path, std::string name)
      : name_(std::move(name)), file_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
    require(file_.fd >= 0, name_, " cannot be opened (", reason(),
            "); a file of records is expected");
    struct stat status {};
    require(::fstat(file_.fd, &status) == 0 && S_ISREG(status.st_mode), name_,
            " is no regular file; a file of records is expected");
    size_ = status.st_size;
  }
  int64_t size() const override { return size_; }
  bool is_remote() const override { return false; }

  void read(std::span<const Piece> pieces) const override {
    for (const Piece& piece : pieces) {
      for (size_t done = 0; done < piece.to.size();) {
        const int64_t offset = piece.offset + static_cast<int64_t>(done);
        const ssize_t got =
            ::pread(file_.fd, piece.to.data() + done, piece.to.size() - done, offset);
        if (got < 0 && errno == EINTR) continue;
        require(got >= 0, name_, " cannot be read at byte ", offset, ": ", reason(),
                "; a readable file is expected");
        require(got > 0, name_, " ends at byte ", offset, ", and had ", size_,
                " bytes when it was opened; a file that nobody cuts is expected");
        done += static_cast<size_t>(got);
      }
    }
  }

 private:
  std::string name_;
  ScopedFile file_;
  int64_t size_ = 0;
};

}  // namespace

std::shared_ptr<const ByteSource> open_local_file(const std::string& path,
                                                  const std::string& name) {
  return std::make_shared<LocalFile>(path, name);
}

}  // namespace mx::records

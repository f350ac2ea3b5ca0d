#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>

namespace mx::records {

/// A range of a file and where its bytes go.
struct Piece {
  int64_t offset = 0;
  std::span<uint8_t> to;
};

/// The bytes of a file, read by ranges.
///
/// Thread safety: reading is safe from any number of threads, and in a forked process.
class ByteSource {
 public:
  virtual ~ByteSource() = default;
  virtual int64_t size() const = 0;
  /// Whether a read is a request to another machine: few large ones, ahead of use, are worth it.
  virtual bool is_remote() const = 0;
  /// Fills all pieces, those of a remote file side by side. All lie inside of the file.
  /// Throws: ValueError that names the file when it cannot be read, or became shorter.
  virtual void read(std::span<const Piece> pieces) const = 0;
};

/// Files that are not of this machine, by the names that arguments give them.
using RemoteFiles = std::map<std::string, std::shared_ptr<const ByteSource>>;

/// A file of this machine. `name` stands in messages.
/// Throws: ValueError when it cannot be opened or is no regular file.
std::shared_ptr<const ByteSource> open_local_file(const std::string& path, const std::string& name);

}  // namespace mx::records

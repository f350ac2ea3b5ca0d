#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "io/records/byte_source.h"
#include "io/records/request.h"

namespace mx::records {

/// Bytes from `begin` to before `end`.
struct Range {
  int64_t begin = 0, end = 0;
  int64_t size() const { return end - begin; }
};

/// Files of records, one behind the other, with one numbering of bytes through all of them.
///
/// Thread safety: reading is safe from any number of threads, and in a forked process.
class RecordFiles {
 public:
  /// `paths` names files or folders (whose files are taken in the order of their names), separated
  /// by `;`; those in `remote` are read there. `who` stands in messages. When `stop` is requested,
  /// nobody waits for remote files any more.
  ///
  /// Throws: ValueError when one cannot be opened, or all of them are empty.
  RecordFiles(std::string_view paths, std::string who, RemoteFiles remote = {},
              std::stop_token stop = {});
  RecordFiles(const RecordFiles&) = delete;
  RecordFiles& operator=(const RecordFiles&) = delete;

  int64_t size() const { return size_; }
  /// Reads as many bytes as there are from `offset` to the end of its file, at most out.size().
  /// Throws: ValueError when they cannot be read; what ends a wait for a remote file (request.h).
  size_t read(int64_t offset, std::span<uint8_t> out) const;
  /// Starts to read ranges, each inside of one file, whose bytes come one behind the other.
  Request start(std::span<const Range> ranges) const;
  /// Whether the file that holds `offset` is not of this machine.
  bool is_remote(int64_t offset) const { return file_at(offset).source->is_remote(); }
  /// Whether some file is not of this machine.
  bool has_remote() const { return has_remote_; }
  const RemoteFiles& remote() const { return remote_; }
  /// End of the file that holds `offset`.
  int64_t end_of_file(int64_t offset) const;
  /// Where the part `part` of `num_parts` begins: the first record at or behind its share of bytes.
  int64_t part_begin(int64_t part, int64_t num_parts) const;
  /// "'path' at byte N", for messages.
  std::string place(int64_t offset) const;
  const std::string& who() const { return who_; }

 private:
  struct File {
    std::string path;
    std::shared_ptr<const ByteSource> source;
    int64_t begin, end;
  };
  void add(const std::string& path);
  std::vector<std::string> listed(const std::string& path) const;
  const File& file_at(int64_t offset) const;

  std::string who_;
  RemoteFiles remote_;
  std::stop_token stop_;
  std::vector<File> files_;
  int64_t size_ = 0;
  bool has_remote_ = false;
};

}  // namespace mx::records

#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mx::records {

/// Files of records, one behind the other, with one numbering of bytes through all of them.
///
/// Thread safety: reading is safe from any number of threads, and in a forked process.
class RecordFiles {
 public:
  /// `paths` names files or folders (whose files are taken in the order of their names), separated
  /// by `;`. `who` stands in messages.
  ///
  /// Throws: ValueError when one cannot be opened, or all of them are empty.
  RecordFiles(std::string_view paths, std::string who);
  ~RecordFiles();
  RecordFiles(const RecordFiles&) = delete;
  RecordFiles& operator=(const RecordFiles&) = delete;

  int64_t size() const { return size_; }
  /// Reads as many bytes as there are from `offset` to the end of its file, at most out.size().
  /// Throws: ValueError when the system refuses.
  size_t read(int64_t offset, std::span<uint8_t> out) const;
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
    int descriptor;
    int64_t begin, end;
  };
  void add(const std::string& path);
  const File& file_at(int64_t offset) const;

  std::string who_;
  std::vector<File> files_;
  int64_t size_ = 0;
};

/// Reads records in their order, with a buffer. Records split at magic numbers are put together.
class RecordReader {
 public:
  /// Reads the records that begin in [begin, end).
  RecordReader(const RecordFiles& files, int64_t begin, int64_t end);

  /// Goes to the record that begins at `offset`.
  void seek(int64_t offset) { position_ = offset; }
  /// Where the next record begins.
  int64_t position() const { return position_; }
  /// Puts the next record into `record`; false at the end.
  /// Throws: ValueError that names file and byte where the file is damaged.
  bool next(std::vector<uint8_t>& record);

 private:
  /// `count` bytes at `offset`, valid until the next call. Throws: ValueError when the file ends.
  const uint8_t* bytes_at(int64_t offset, int64_t count);
  [[noreturn]] void damaged(int64_t offset, const std::string& what) const;
  struct Part {
    uint32_t kind;
    int64_t length;
  };
  Part read_part(std::vector<uint8_t>& record);

  const RecordFiles* files_;
  int64_t position_, end_;
  std::vector<uint8_t> buffer_;
  int64_t buffer_begin_ = 0;
  size_t buffer_size_ = 0;
};

/// Number of records that begin in [begin, end), where one begins at `begin`; reads their heads
/// only. Throws: ValueError that names file and byte where the file is damaged.
int64_t count_records(const RecordFiles& files, int64_t begin, int64_t end);

}  // namespace mx::records

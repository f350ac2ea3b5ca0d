#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "io/records/read_ahead.h"
#include "io/records/record_files.h"

namespace mx::records {

/// Reads records in their order, with a buffer, and remote files ahead of use. Records split at
/// magic numbers are put together.
class RecordReader {
 public:
  /// Reads the records that begin in [begin, end).
  RecordReader(const RecordFiles& files, int64_t begin, int64_t end);
  /// Reads any records of the files; those in the ranges of `plan`, in its order, ahead of use.
  RecordReader(const RecordFiles& files, RangePlan plan);

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
  std::unique_ptr<ReadAhead> ahead_;  ///< none where all files are of this machine
  std::vector<uint8_t> buffer_;
  int64_t buffer_begin_ = 0;
  size_t buffer_size_ = 0;
};

/// How many records begin from each of `bounds` to before the next of them, at all of which records
/// begin. Of files of this machine the heads are read, of remote ones everything: a request for
/// each head would take longer. Throws: ValueError that names file and byte where the file is
/// damaged.
std::vector<int64_t> count_records(const RecordFiles& files, std::span<const int64_t> bounds);

}  // namespace mx::records

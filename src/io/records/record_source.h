#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "io/records/draws.h"
#include "io/records/record_files.h"

namespace mx::records {

struct Record {
  int64_t offset = 0;
  int64_t ordinal = 0;  ///< place in the file among the records of the part, passes before included
  std::vector<uint8_t> bytes;
};

/// What becomes of parts that would not be equally long: short ones are filled up, long ones leave
/// records out, or they stay as they are and each record is in one part.
enum class PartHandle : int32_t { kPad, kDiscard, kKeep };

/// Which records there are and in which order they come.
struct SourceOptions {
  std::string index_path;  ///< of an .idx file; empty for none
  int64_t num_parts = 1, part = 0;
  bool shuffle = false;
  int64_t shuffle_chunk_megabytes = 0;
  int64_t seed = 0, shuffle_chunk_seed = 0;
  int64_t base_seed = 111;  ///< added to seed; the readers of MXNet 1.9.1 have one each
  PartHandle part_handle = PartHandle::kPad;
};

/// The records of one part, pass after pass. Thread safety: one thread at a time.
class RecordSource {
 public:
  virtual ~RecordSource() = default;
  /// Puts the next record of this pass into `record`; false at its end.
  /// Throws: ValueError that names file and byte where a record is damaged.
  virtual bool next(Record& record) = 0;
  /// Starts the next pass, in an order of its own when shuffled.
  virtual void rewind() = 0;
};

/// The source that `options` ask for, with the orders of MXNet 1.9.1:
/// - in the order of the file;
/// - shuffled with an index: all records of the part;
/// - shuffled without: the records of each 8 MB, and with `shuffle_chunk_megabytes` pieces of the
///   file of about that size among each other besides.
///
/// With an index all parts have as many records, of which some are then in two parts or in none.
/// Without one a part holds the records of its share of bytes; a pass that is filled up goes on
/// with the part's own records, in the order of its next pass. To know how many records the longest
/// and the shortest part have, the heads of all are read once (count_records).
///
/// Remote files are read ahead, by ranges: the records of the part and little else, in the order of
/// the pass.
///
/// Throws: ValueError for a part that does not exist, or an index that does not fit.
std::unique_ptr<RecordSource> make_record_source(const RecordFiles& files,
                                                 const SourceOptions& options);

}  // namespace mx::records

#pragma once
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "io/records/record_files.h"

namespace mx::records {

/// Gives the ranges that are going to be read, one with each call and in this order.
using RangePlan = std::function<std::optional<Range>()>;

/// Reads remote files of records ahead of use, by a plan.
///
/// The ranges of the plan are fetched in blocks of kBlockBytes, each by a thread of its own, and
/// kBlocks of them are there or under way at most. Ranges of a block that lie close together are
/// one request. The plan decides only what is there in time: any other byte is fetched when it is
/// asked for.
///
/// Thread safety: one thread at a time. The destructor does not wait for requests under way.
class ReadAhead {
 public:
  static constexpr size_t kBlocks = 4;
  static constexpr int64_t kBlockBytes = int64_t{8} << 20;
  /// Bytes between two ranges that are fetched with them rather than asking twice, and how many of
  /// a block may be such.
  static constexpr int64_t kGapBytes = int64_t{1} << 16, kMostGapBytes = kBlockBytes / 4;
  /// Ranges of a block that do not follow each other.
  static constexpr size_t kMostRanges = 256;

  ReadAhead(const RecordFiles& files, RangePlan plan);

  /// Reads bytes from `offset` on, inside of one file: at least `least`, more when they are there.
  /// Returns: how many. Throws: ValueError when they cannot be fetched; what ends a wait.
  size_t read(int64_t offset, size_t least, std::span<uint8_t> out);

 private:
  struct Block {
    std::vector<Range> ranges;  ///< what is asked for, in ascending order
    Request request;
  };
  std::optional<Range> next_range();
  bool next_ranges(std::vector<Range>& ranges);
  void start_blocks();
  size_t find(int64_t offset) const;
  size_t copy_from(size_t index, int64_t offset, std::span<uint8_t> out);

  const RecordFiles* files_;
  RangePlan plan_;
  Range rest_;  ///< of a range of the plan that is larger than a block
  std::deque<Block> blocks_;
};

}  // namespace mx::records

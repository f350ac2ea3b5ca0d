#include "io/records/read_ahead.h"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace mx::records {
namespace {

// What is read where nothing is planned: a record of usual size.
constexpr size_t kUnplannedBytes = size_t{1} << 18;

/// Sorts ranges, and makes one of those that overlap or lie close together in one file.
void join_neighbours(std::vector<Range>& ranges, const RecordFiles& files) {
  std::sort(ranges.begin(), ranges.end(),
            [](const Range& a, const Range& b) { return a.begin < b.begin; });
  int64_t gaps = 0;
  size_t last = 0;
  for (size_t i = 1; i < ranges.size(); ++i) {
    const int64_t gap = std::max<int64_t>(ranges[i].begin - ranges[last].end, 0);
    const bool joins = gap <= ReadAhead::kGapBytes && gaps + gap <= ReadAhead::kMostGapBytes &&
                       ranges[i].begin < files.end_of_file(ranges[last].begin);
    if (joins) {
      gaps += gap;
      ranges[last].end = std::max(ranges[last].end, ranges[i].end);
    } else {
      ranges[++last] = ranges[i];
    }
  }
  ranges.resize(last + 1);
}

bool holds(const Range& range, int64_t offset) {
  return offset >= range.begin && offset < range.end;
}

}  // namespace

ReadAhead::ReadAhead(const RecordFiles& files, RangePlan plan)
    : files_(&files), plan_(std::move(plan)) {}

/// The next range that is in one remote file and no larger than a block.
std::optional<Range> ReadAhead::next_range() {
  for (;;) {
    if (rest_.size() <= 0) {
      const std::optional<Range> planned = plan_();
      if (!planned) return std::nullopt;
      rest_ = *planned;
      continue;
    }
    const int64_t end = std::min(rest_.end, files_->end_of_file(rest_.begin));
    const bool is_remote = files_->is_remote(rest_.begin);
    const Range range{rest_.begin, is_remote ? std::min(end, rest_.begin + kBlockBytes) : end};
    if (range.size() <= 0) return std::nullopt;  // behind the last file
    rest_.begin = range.end;
    if (is_remote) return range;
  }
}

/// What the next block asks for; false when the plan has ended.
bool ReadAhead::next_ranges(std::vector<Range>& ranges) {
  int64_t bytes = 0;
  while (bytes < kBlockBytes && ranges.size() < kMostRanges) {
    const std::optional<Range> range = next_range();
    if (!range) break;
    if (bytes > 0 && bytes + range->size() > kBlockBytes) {
      rest_.begin = range->begin;  // for the next block
      break;
    }
    bytes += range->size();
    const bool follows = !ranges.empty() && ranges.back().end == range->begin &&
                         range->begin < files_->end_of_file(ranges.back().begin);
    if (follows)
      ranges.back().end = range->end;
    else
      ranges.push_back(*range);
  }
  if (ranges.empty()) return false;
  join_neighbours(ranges, *files_);
  return true;
}

void ReadAhead::start_blocks() {
  while (blocks_.size() < kBlocks) {
    std::vector<Range> ranges;
    if (!next_ranges(ranges)) return;
    Request request = files_->start(ranges);
    blocks_.push_back({std::move(ranges), std::move(request)});
  }
}

/// The first block that is to hold `offset`, or how many there are.
size_t ReadAhead::find(int64_t offset) const {
  for (size_t i = 0; i < blocks_.size(); ++i)
    for (const Range& range : blocks_[i].ranges)
      if (holds(range, offset)) return i;
  return blocks_.size();
}

size_t ReadAhead::read(int64_t offset, size_t least, std::span<uint8_t> out) {
  start_blocks();
  size_t done = 0;
  while (done < least) {
    const int64_t at = offset + static_cast<int64_t>(done);
    const size_t index = find(at);
    if (index == blocks_.size()) {
      const size_t wanted = std::max(least - done, std::min(out.size() - done, kUnplannedBytes));
      return done + files_->read(at, out.subspan(done, done == 0 ? wanted : least - done));
    }
    done += copy_from(index, at, out.subspan(done));
  }
  return done;
}

/// Waits for a block, of which it drops those before it, whose turn is over. Copies what the block
/// holds from `offset` on. Returns: how many bytes.
size_t ReadAhead::copy_from(size_t index, int64_t offset, std::span<uint8_t> out) {
  blocks_.erase(blocks_.begin(), blocks_.begin() + static_cast<std::ptrdiff_t>(index));
  start_blocks();
  const Block& block = blocks_.front();
  try {
    const uint8_t* bytes = block.request.wait().data();
    for (const Range& range : block.ranges) {
      if (holds(range, offset)) {
        const size_t count = std::min(out.size(), static_cast<size_t>(range.end - offset));
        std::copy_n(bytes + (offset - range.begin), count, out.data());
        return count;
      }
      bytes += range.size();
    }
  } catch (...) {
    blocks_.pop_front();  // whoever asks again makes a request of his own
    throw;
  }
  return 0;
}

}  // namespace mx::records

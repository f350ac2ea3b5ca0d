#include "io/records/record_reader.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/error.h"
#include "io/records/record_format.h"

namespace mx::records {
namespace {

// One read of the system brings some records of usual pictures.
constexpr int64_t kBufferBytes = int64_t{1} << 18;
constexpr int64_t kAheadBytes = static_cast<int64_t>(ReadAhead::kBlocks) * ReadAhead::kBlockBytes;

[[noreturn]] void is_damaged(const RecordFiles& files, int64_t offset, const std::string& what) {
  fail(ErrorKind::kValue, files.who(), ": ", files.place(offset), " is damaged: ", what,
       "; an undamaged file of records is expected");
}

/// What reads one range in its order; none where all files are of this machine.
std::unique_ptr<ReadAhead> read_ahead_if_remote(const RecordFiles& files, Range range) {
  if (!files.has_remote()) return nullptr;
  return std::make_unique<ReadAhead>(files, [left = range]() mutable {
    return left.size() > 0 ? std::optional(std::exchange(left, Range{})) : std::nullopt;
  });
}

}  // namespace

RecordReader::RecordReader(const RecordFiles& files, int64_t begin, int64_t end)
    : files_(&files), position_(begin), end_(end) {
  ahead_ = read_ahead_if_remote(files, {begin, end});
}

RecordReader::RecordReader(const RecordFiles& files, RangePlan plan)
    : files_(&files), position_(0), end_(files.size()) {
  if (files.has_remote()) ahead_ = std::make_unique<ReadAhead>(files, std::move(plan));
}

void RecordReader::damaged(int64_t offset, const std::string& what) const {
  is_damaged(*files_, offset, what);
}

const uint8_t* RecordReader::bytes_at(int64_t offset, int64_t count) {
  const int64_t inside = offset - buffer_begin_;
  if (inside >= 0 && inside + count <= static_cast<int64_t>(buffer_size_)) {
    return buffer_.data() + inside;
  }
  // Checked before memory is taken for a length that a damaged file claims.
  if (count > files_->end_of_file(offset) - offset) damaged(offset, "it ends inside a record");
  buffer_.resize(static_cast<size_t>(std::max(count, kBufferBytes)));
  buffer_begin_ = offset;
  buffer_size_ = 0;  // until it is read
  buffer_size_ = ahead_ ? ahead_->read(offset, static_cast<size_t>(count), buffer_)
                        : files_->read(offset, buffer_);
  if (static_cast<int64_t>(buffer_size_) < count) damaged(offset, "it ends inside a record");
  return buffer_.data();
}

RecordReader::Part RecordReader::read_part(std::vector<uint8_t>& record) {
  const uint8_t* head = bytes_at(position_, kHeadBytes);
  if (word_at(head) != kMagic) damaged(position_, "no record begins there");
  const uint32_t word = word_at(head + 4);
  const Part part{word >> kLengthBits, length_in(word)};
  const int64_t padded = (part.length + 3) / 4 * 4;
  const uint8_t* bytes = bytes_at(position_ + kHeadBytes, padded);
  record.insert(record.end(), bytes, bytes + part.length);
  return part;
}

bool RecordReader::next(std::vector<uint8_t>& record) {
  record.clear();
  if (position_ >= end_) return false;
  bool inside = false;
  for (;;) {
    if (inside) {
      // A record was cut where its bytes hold the magic number.
      const uint8_t* magic = reinterpret_cast<const uint8_t*>(&kMagic);
      record.insert(record.end(), magic, magic + sizeof kMagic);
    }
    const Part part = read_part(record);
    const bool fits = inside ? part.kind == kMiddle || part.kind == kLast
                             : part.kind == kWhole || part.kind == kFirst;
    if (!fits) damaged(position_, concat("a part of kind ", part.kind, " is out of place"));
    position_ += kHeadBytes + (part.length + 3) / 4 * 4;
    if (part.kind == kWhole || part.kind == kLast) return true;
    inside = true;
    if (position_ >= files_->size()) damaged(position_, "it ends inside a record");
  }
}

std::vector<int64_t> count_records(const RecordFiles& files, std::span<const int64_t> bounds) {
  std::vector<int64_t> counts(bounds.size() - 1);
  const int64_t end = bounds.back();
  std::unique_ptr<ReadAhead> ahead = read_ahead_if_remote(files, {bounds.front(), end});
  uint8_t head[kHeadBytes];
  size_t part = 0;
  for (int64_t offset = bounds.front(); offset < end;) {
    const bool is_whole = kHeadBytes <= files.end_of_file(offset) - offset;
    if (is_whole) ahead ? ahead->read(offset, sizeof head, head) : files.read(offset, head);
    if (!is_whole || word_at(head) != kMagic) is_damaged(files, offset, "no record begins there");
    const uint32_t word = word_at(head + 4), kind = word >> kLengthBits;
    while (offset >= bounds[part + 1]) ++part;
    // The parts of a cut record are behind its first one, perhaps behind the next bound.
    if (kind == kWhole || kind == kFirst) ++counts[part];
    const int64_t padded = (length_in(word) + 3) / 4 * 4;
    offset += kHeadBytes + padded;
    // What is under way is of no use behind a record that is longer than all of it.
    if (ahead && padded > kAheadBytes) ahead = read_ahead_if_remote(files, {offset, end});
  }
  return counts;
}

}  // namespace mx::records

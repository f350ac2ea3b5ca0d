#include "io/records/record_source.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "base/error.h"
#include "io/records/record_index.h"
#include "io/records/record_reader.h"

namespace mx::records {
namespace {

// The seed of MXNet 1.9.1 for shuffle_chunk_seed=0.
constexpr int64_t kPieceSeed = 666;
// What MXNet 1.9.1 reads at a time, and shuffles when there is no index.
constexpr int64_t kChunkBytes = int64_t{8} << 20;

uint32_t seed_of(int64_t value) { return static_cast<uint32_t>(value); }

/// Records as they lie in the file.
class OrderedSource : public RecordSource {
 public:
  OrderedSource(const RecordFiles& files, int64_t begin, int64_t end)
      : files_(files), reader_(files, begin, end), begin_(begin), end_(end) {}
  bool next(Record& record) override {
    record.offset = reader_.position();
    record.ordinal = ordinal_++;
    return reader_.next(record.bytes);
  }
  void rewind() override { reader_ = RecordReader(files_, begin_, end_); }

 private:
  const RecordFiles& files_;
  int64_t ordinal_ = 0;
  RecordReader reader_;
  int64_t begin_, end_;
};

/// Records of an index, shuffled or not.
class IndexedSource : public RecordSource {
 public:
  /// `ranges` go from each record to the next one of the index.
  IndexedSource(const RecordFiles& files, std::vector<Range> ranges, const SourceOptions& options)
      : files_(files),
        reader_(files, 0, 0),
        ranges_(std::move(ranges)),
        draws_(seed_of(options.base_seed + options.seed)),
        shuffle_(options.shuffle) {
    rewind();
  }
  bool next(Record& record) override {
    if (position_ == order_.size()) return false;
    const size_t at = order_[position_++];
    record.offset = ranges_[at].begin;
    record.ordinal = static_cast<int64_t>(at + passes_ * ranges_.size());
    reader_.seek(record.offset);
    return reader_.next(record.bytes);
  }
  void rewind() override {
    if (!order_.empty()) ++passes_;
    position_ = 0;
    order_.resize(ranges_.size());
    for (size_t i = 0; i < order_.size(); ++i) order_[i] = i;
    if (shuffle_) draws_.shuffle(order_);
    reader_ = RecordReader(files_, [this, position = size_t{0}]() mutable {
      return position < order_.size() ? std::optional(planned(ranges_[order_[position++]]))
                                      : std::nullopt;
    });
  }

 private:
  /// What of a range is read ahead: an index that lacks records has long ones.
  static Range planned(const Range& range) {
    return {range.begin, std::min(range.end, range.begin + ReadAhead::kBlockBytes)};
  }

  const RecordFiles& files_;
  RecordReader reader_;
  std::vector<Range> ranges_;
  std::vector<size_t> order_;
  size_t position_ = 0, passes_ = 0;
  Draws draws_;
  bool shuffle_;
};

/// In how many pieces a part is shuffled.
int64_t count_pieces(const RecordFiles& files, const SourceOptions& options) {
  if (!options.shuffle || options.shuffle_chunk_megabytes <= 0) return 1;
  // A tenth more than fit, as MXNet 1.9.1 takes.
  const double bytes = static_cast<double>(options.shuffle_chunk_megabytes) * 1048576.0;
  return std::max<int64_t>(
      1, std::llround(std::ceil(static_cast<double>(files.size()) * 1.1 / bytes)));
}

/// Pieces of the file in a drawn order, and in each the records of one chunk after the other.
class ChunkShuffledSource : public RecordSource {
 public:
  ChunkShuffledSource(const RecordFiles& files, const SourceOptions& options)
      : files_(files),
        options_(options),
        num_pieces_(count_pieces(files, options)),
        draws_(seed_of(options.base_seed + options.seed)),
        piece_draws_(seed_of(kPieceSeed + options.part + options.num_parts + num_pieces_ +
                             options.shuffle_chunk_seed)),
        reader_(files, 0, 0) {
    for (int64_t i = 0; i < num_pieces_; ++i) pieces_.push_back(i);
    rewind();
  }

  bool next(Record& record) override {
    while (position_ == chunk_.size()) {
      if (!read_chunk()) return false;
    }
    std::swap(record, chunk_[order_[position_++]]);
    return true;
  }

  void rewind() override {
    chunk_.clear();
    held_.bytes.clear();
    has_held_ = false;
    position_ = 0;
    next_piece_ = 0;
    if (num_pieces_ > 1) piece_draws_.shuffle(pieces_);
    reader_ = RecordReader(files_, 0, 0);
  }

 private:
  /// Fills the chunk with whole records of one piece; false at the end of the pass.
  bool read_chunk() {
    chunk_.clear();
    position_ = 0;
    int64_t bytes = 0;
    while (chunk_.empty() || bytes <= kChunkBytes) {
      if (!has_held_ && !read_held()) {
        if (!chunk_.empty()) break;
        if (!open_piece()) return false;
        continue;
      }
      bytes += held_bytes_;
      if (!chunk_.empty() && bytes > kChunkBytes) break;
      chunk_.push_back(std::exchange(held_, Record{}));
      has_held_ = false;
    }
    order_.resize(chunk_.size());
    for (size_t i = 0; i < order_.size(); ++i) order_[i] = i;
    draws_.shuffle(order_);
    return true;
  }

  bool read_held() {
    held_.offset = reader_.position();
    held_.ordinal = ordinal_++;
    has_held_ = reader_.next(held_.bytes);
    held_bytes_ = reader_.position() - held_.offset;
    return has_held_;
  }

  bool open_piece() {
    if (next_piece_ == num_pieces_) return false;
    const int64_t piece = options_.part * num_pieces_ + pieces_[static_cast<size_t>(next_piece_++)];
    const int64_t all = options_.num_parts * num_pieces_;
    reader_ =
        RecordReader(files_, files_.part_begin(piece, all), files_.part_begin(piece + 1, all));
    return true;
  }

  const RecordFiles& files_;
  SourceOptions options_;
  int64_t num_pieces_;
  Draws draws_, piece_draws_;
  RecordReader reader_;
  std::vector<int64_t> pieces_;
  int64_t next_piece_ = 0;
  std::vector<Record> chunk_;
  std::vector<size_t> order_;
  size_t position_ = 0;
  Record held_;  ///< read, and for the next chunk if it does not fit
  int64_t held_bytes_ = 0;
  int64_t ordinal_ = 0;
  bool has_held_ = false;
};

/// Passes of a given number of records over a source that has more or fewer.
class EqualSource : public RecordSource {
 public:
  EqualSource(std::unique_ptr<RecordSource> source, int64_t count)
      : source_(std::move(source)), count_(count) {}
  bool next(Record& record) override {
    if (given_ == count_) return false;
    if (!source_->next(record)) {
      source_->rewind();
      if (!source_->next(record)) return false;  // there is none at all
    }
    ++given_;
    return true;
  }
  void rewind() override {
    source_->rewind();
    given_ = 0;
  }

 private:
  std::unique_ptr<RecordSource> source_;
  int64_t count_, given_ = 0;
};

/// The records of one part of an index.
std::vector<Range> part_of(const std::vector<int64_t>& offsets, const RecordFiles& files,
                           const SourceOptions& options) {
  const int64_t count = static_cast<int64_t>(offsets.size());
  const bool discards = options.part_handle == PartHandle::kDiscard;
  const int64_t share = (count + (discards ? 0 : options.num_parts - 1)) / options.num_parts;
  const bool pads = options.part_handle == PartHandle::kPad;
  const int64_t begin = std::min(share * options.part, pads ? count - share : count);
  const int64_t end = std::min(begin + share, count);
  std::vector<Range> ranges;
  for (auto at = offsets.begin() + begin; at != offsets.begin() + end; ++at) {
    const auto next = std::upper_bound(at, offsets.end(), *at);
    const int64_t end_of_file = files.end_of_file(*at);
    ranges.push_back({*at, next == offsets.end() ? end_of_file : std::min(*next, end_of_file)});
  }
  return ranges;
}

/// How many records each part is to have where parts are shares of the bytes, each of them cut into
/// pieces.
int64_t equal_length(const RecordFiles& files, const SourceOptions& options, int64_t num_pieces) {
  std::vector<int64_t> bounds;
  for (int64_t part = 0; part <= options.num_parts; ++part)
    bounds.push_back(files.part_begin(part * num_pieces, options.num_parts * num_pieces));
  const auto [least, most] = std::ranges::minmax(count_records(files, bounds));
  return options.part_handle == PartHandle::kPad ? most : least;
}

}  // namespace

std::unique_ptr<RecordSource> make_record_source(const RecordFiles& files,
                                                 const SourceOptions& options) {
  require(options.num_parts >= 1 && options.part >= 0 && options.part < options.num_parts,
          files.who(), ": part_index=", options.part,
          " is out of range; 0 to num_parts-1=", options.num_parts - 1, " is expected");
  if (!options.index_path.empty()) {
    return std::make_unique<IndexedSource>(
        files, part_of(read_record_index(options.index_path, files), files, options), options);
  }
  std::unique_ptr<RecordSource> source;
  if (options.shuffle)
    source = std::make_unique<ChunkShuffledSource>(files, options);
  else
    source =
        std::make_unique<OrderedSource>(files, files.part_begin(options.part, options.num_parts),
                                        files.part_begin(options.part + 1, options.num_parts));
  if (options.num_parts == 1 || options.part_handle == PartHandle::kKeep) return source;
  const int64_t length = equal_length(files, options, count_pieces(files, options));
  return std::make_unique<EqualSource>(std::move(source), length);
}

}  // namespace mx::records

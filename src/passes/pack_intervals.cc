#include "passes/pack_intervals.h"

#include <algorithm>
#include <numeric>
#include <vector>

namespace mx {
namespace {

/// For each step the end of what lies there so far.
class Skyline {
 public:
  explicit Skyline(int64_t steps) {
    while (leaves_ < steps) leaves_ *= 2;
    raised_.resize(static_cast<size_t>(2 * leaves_), 0);
    highest_ = raised_;
  }

  void raise(int64_t first, int64_t last, size_t end) { raise(1, 0, leaves_, first, last, end); }
  size_t highest(int64_t first, int64_t last) const { return highest(1, 0, leaves_, first, last); }

 private:
  /// A node covers [begin, end); `raised_` holds for all of it, `highest_` for some of it.
  void raise(size_t node, int64_t begin, int64_t end, int64_t first, int64_t last, size_t to) {
    if (last < begin || end <= first) return;
    highest_[node] = std::max(highest_[node], to);
    if (first <= begin && end <= last + 1) {
      raised_[node] = std::max(raised_[node], to);
      return;
    }
    const int64_t middle = (begin + end) / 2;
    raise(2 * node, begin, middle, first, last, to);
    raise(2 * node + 1, middle, end, first, last, to);
  }

  size_t highest(size_t node, int64_t begin, int64_t end, int64_t first, int64_t last) const {
    if (last < begin || end <= first) return 0;
    if (first <= begin && end <= last + 1) return highest_[node];
    const int64_t middle = (begin + end) / 2;
    return std::max({raised_[node], highest(2 * node, begin, middle, first, last),
                     highest(2 * node + 1, middle, end, first, last)});
  }

  int64_t leaves_ = 1;
  std::vector<size_t> raised_, highest_;
};

class Packer {
 public:
  Packer(std::span<Interval> intervals, int64_t steps)
      : intervals_(intervals),
        skyline_(steps),
        buckets_(static_cast<size_t>(steps / kBucketSteps + 1)) {}

  size_t run() {
    std::vector<size_t> order(intervals_.size());
    std::iota(order.begin(), order.end(), size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](size_t a, size_t b) { return intervals_[a].bytes > intervals_[b].bytes; });
    size_t total = 0;
    for (size_t i : order) {
      Interval& interval = intervals_[i];
      interval.offset = find_neighbours(interval) ? lowest_free(interval)
                                                  : skyline_.highest(interval.first, interval.last);
      add(i);
      total = std::max(total, interval.offset + interval.bytes);
    }
    return total;
  }

 private:
  static constexpr int64_t kBucketSteps = 64, kShortBuckets = 16;
  static constexpr size_t kMostLookedAt = 4096;

  static size_t bucket(int64_t step) { return static_cast<size_t>(step / kBucketSteps); }

  void add(size_t i) {
    const Interval& interval = intervals_[i];
    skyline_.raise(interval.first, interval.last, interval.offset + interval.bytes);
    if ((interval.last - interval.first) / kBucketSteps >= kShortBuckets)
      return long_lived_.push_back(i);
    for (size_t b = bucket(interval.first); b <= bucket(interval.last); ++b)
      buckets_[b].push_back(i);
  }

  /// Fills `neighbours_` with those placed so far that are needed at the same time, by offset.
  /// Returns false when there are too many to look at.
  bool find_neighbours(const Interval& interval) {
    neighbours_.clear();
    size_t looked_at = 0;
    const auto look_at = [&](const std::vector<size_t>& list) {
      looked_at += list.size();
      if (looked_at > kMostLookedAt) return false;
      for (size_t i : list)
        if (intervals_[i].first <= interval.last && interval.first <= intervals_[i].last)
          neighbours_.push_back(i);
      return true;
    };
    if (!look_at(long_lived_)) return false;
    for (size_t b = bucket(interval.first); b <= bucket(interval.last); ++b)
      if (!look_at(buckets_[b])) return false;
    std::sort(neighbours_.begin(), neighbours_.end(),
              [&](size_t a, size_t b) { return intervals_[a].offset < intervals_[b].offset; });
    return true;
  }

  size_t lowest_free(const Interval& interval) const {
    size_t offset = 0;
    for (size_t i : neighbours_) {
      const Interval& other = intervals_[i];
      if (offset + interval.bytes <= other.offset) break;
      offset = std::max(offset, other.offset + other.bytes);
    }
    return offset;
  }

  std::span<Interval> intervals_;
  Skyline skyline_;
  std::vector<std::vector<size_t>> buckets_;  ///< of the steps in which short ones are needed
  std::vector<size_t> long_lived_, neighbours_;
};

}  // namespace

size_t pack_intervals(std::span<Interval> intervals, int64_t steps) {
  return Packer(intervals, std::max<int64_t>(steps, 1)).run();
}

}  // namespace mx

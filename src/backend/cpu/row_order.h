#pragma once
// The order of the elements of one row. Equal elements come in the order in which MXNet 1.9.1 puts
// them, which is that of the library's sort functions: these compare values and move items whatever
// the items are, so that sorting (value, index) pairs gives what sorting indices would. Where no
// two elements are equal there is one order only, and sorting keys finds it faster.
#include <algorithm>
#include <atomic>
#include <vector>

#include "backend/cpu/key_sort.h"
#include "base/dtype.h"
#include "dispatch/kernel.h"

namespace mx::cpu {

/// Orders rows of one length, one after the other. T: any dtype's but bool. Index: unsigned type
/// that holds the length. NaN has no place in an order, but does no harm.
template <typename T, typename Index>
class RowOrder {
 public:
  /// Of each row, the first k elements of the order are wanted.
  RowOrder(int64_t length, int64_t k, bool ascending)
      : length_(length), k_(k), ascending_(ascending), flip_(ascending ? Key(0) : Key(~Key(0))) {}

  /// Where the first k elements of the order are, until the next call.
  const int64_t* first(const T* x) {
    where_.resize(static_cast<size_t>(k_));
    if (k_ * 8 <= length_)
      ascending_ ? select(x, Less{}) : select(x, Greater{});
    else if (!order_distinct(x))
      ascending_ ? order_by_value(x, Less{}) : order_by_value(x, Greater{});
    return where_.data();
  }

  /// All elements in order, without their indices, `step` elements of y apart.
  void sort_values(const T* x, T* y, int64_t step) {
    if (!keys_) keys_ = room_.get_array<Key>(2 * length_);
    std::atomic<bool> nan{false};
    parallel_for(length_, kWorthAThread, [&](int64_t begin, int64_t end) {
      bool found = false;
      for (int64_t i = begin; i < end; ++i) {
        found |= x[i] != x[i];
        keys_[i] = sort_key(x[i], flip_);
      }
      if (found) nan = true;
    });
    if (nan) return sort_values_with_nan(x, y, step);
    const Key* keys = parallel_sort(keys_, keys_ + length_, length_);
    parallel_for(length_, kWorthAThread, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) y[i * step] = number_of_key<T>(keys[i], flip_);
    });
  }

 private:
  using Key = UnsignedOf<sizeof(T)>;
  using Value = ComputeType<T>;
  using Keyed = std::conditional_t<sizeof(T) <= 4 && sizeof(Index) == 4, NarrowPair, WidePair>;
  static constexpr int64_t kWorthKeys = 64;  // from this length on

  struct Valued {
    Value key;
    Index place;
    int64_t index() const { return static_cast<int64_t>(place); }
  };

  struct Less {
    static bool before(Value a, Value b) { return a < b; }
    bool operator()(const Valued& a, const Valued& b) const { return a.key < b.key; }
  };
  struct Greater {
    static bool before(Value a, Value b) { return a > b; }
    bool operator()(const Valued& a, const Valued& b) const { return a.key > b.key; }
  };

  static Valued item(const T* x, int64_t i) {
    return {static_cast<Value>(x[i]), static_cast<Index>(i)};
  }

  /// std::partial_sort with a heap beside the row, so that blocks of elements without a place in it
  /// are passed over in vectors.
  template <typename Before>
  void select(const T* x, const Before& before) {
    constexpr int64_t kBlock = 32;
    valued_.resize(static_cast<size_t>(k_) + 1);
    Valued* heap = valued_.data();
    for (int64_t i = 0; i < k_; ++i) heap[i] = item(x, i);
    std::make_heap(heap, heap + k_, before);
    for (int64_t first = k_; first < length_ && k_ > 0; first += kBlock) {
      const int64_t stop = std::min(length_, first + kBlock);
      const Value last = heap[0].key;
      int any = 0;
      for (int64_t i = first; i < stop; ++i) any |= Before::before(static_cast<Value>(x[i]), last);
      if (!any) continue;
      for (int64_t i = first; i < stop; ++i) {
        heap[k_] = item(x, i);
        if (before(heap[k_], heap[0])) std::pop_heap(heap, heap + k_ + 1, before);
      }
    }
    std::sort_heap(heap, heap + k_, before);
    write_places(heap);
  }

  template <typename Before>
  void order_by_value(const T* x, const Before& before) {
    valued_.resize(static_cast<size_t>(length_));
    bool nan = false;
    for (int64_t i = 0; i < length_; ++i) {
      nan |= x[i] != x[i];
      valued_[static_cast<size_t>(i)] = item(x, i);
    }
    if (nan && length_ > 16)  // only std::sort's long rows would run out of bounds
      std::stable_sort(valued_.begin(), valued_.end(), before);
    else
      std::sort(valued_.begin(), valued_.end(), before);
    write_places(valued_.data());
  }

  /// By keys, unless two elements are equal or one is NaN. Returns whether it did. Where most rows
  /// had equal elements it tries few of those that follow.
  bool order_distinct(const T* x) {
    if (length_ < kWorthKeys || sizeof(T) == 1) return false;
    if (repeated_ > distinct_ && ++passed_over_ % 8 != 0) return false;
    if (!keyed_) keyed_ = room_.get_array<Keyed>(2 * length_);
    bool nan = false;
    for (int64_t i = 0; i < length_; ++i) {
      nan |= x[i] != x[i];
      const T value = x[i] == T(0) ? T(0) : x[i];  // -0 equals 0
      keyed_[i] = Keyed(sort_key(value, flip_), static_cast<uint64_t>(i));
    }
    if (nan) return false;
    Keyed* items = parallel_sort(keyed_, keyed_ + length_, length_);
    int equal = 0;
    for (int64_t i = 1; i < length_; ++i) equal |= items[i - 1].key() == items[i].key();
    ++(equal ? repeated_ : distinct_);
    if (!equal) write_places(items);
    return !equal;
  }

  void sort_values_with_nan(const T* x, T* y, int64_t step) {
    const std::vector<T> row(x, x + length_);
    where_.resize(static_cast<size_t>(k_));
    ascending_ ? order_by_value(row.data(), Less{}) : order_by_value(row.data(), Greater{});
    for (int64_t i = 0; i < length_; ++i) y[i * step] = row[static_cast<size_t>(where_[i])];
  }

  template <typename Item>
  void write_places(const Item* items) {
    for (int64_t i = 0; i < k_; ++i) where_[static_cast<size_t>(i)] = items[i].index();
  }

  int64_t length_, k_;
  bool ascending_;
  int64_t distinct_ = 0, repeated_ = 0, passed_over_ = 0;  // rows
  Key flip_;
  std::vector<int64_t> where_;
  Workspace room_{Device{}};  // pooled: pages of new memory cost as much as a short sort
  Key* keys_ = nullptr;
  Keyed* keyed_ = nullptr;
  std::vector<Valued> valued_;
};

}  // namespace mx::cpu

#pragma once
// Sorting by unsigned keys, one byte of the key after the other. Cost: one pass over the items for
// each byte that is not the same in all of them.
#include <algorithm>
#include <bit>
#include <cstdint>
#include <type_traits>
#include <utility>

#include "base/dtype.h"
#include "base/parallel.h"

namespace mx::cpu {

template <size_t bytes>
using UnsignedOf = std::conditional_t<
    bytes == 1, uint8_t,
    std::conditional_t<bytes == 2, uint16_t, std::conditional_t<bytes == 4, uint32_t, uint64_t>>>;

/// A number as an unsigned one whose order is that of the numbers; `flip` (all bits) turns it
/// round. -0 comes before 0; NaN has no place.
template <typename T>
UnsignedOf<sizeof(T)> sort_key(T value, UnsignedOf<sizeof(T)> flip) {
  using U = UnsignedOf<sizeof(T)>;
  const U bits = std::bit_cast<U>(value), sign = U(U(1) << (8 * sizeof(U) - 1));
  if constexpr (std::is_integral_v<T>)
    return U((std::is_signed_v<T> ? bits ^ sign : bits) ^ flip);
  else
    return U((bits & sign ? ~bits : bits | sign) ^ flip);
}

/// The number with that key.
template <typename T>
T number_of_key(UnsignedOf<sizeof(T)> key, UnsignedOf<sizeof(T)> flip) {
  using U = UnsignedOf<sizeof(T)>;
  const U bits = U(key ^ flip), sign = U(U(1) << (8 * sizeof(U) - 1));
  if constexpr (std::is_integral_v<T>)
    return std::bit_cast<T>(U(std::is_signed_v<T> ? bits ^ sign : bits));
  else
    return std::bit_cast<T>(U(bits & sign ? bits ^ sign : ~bits));
}

/// A key and where it came from.
template <typename Key, typename Index>
struct KeyedIndex {
  Key key;
  Index index;
};

template <typename Key, typename Index>
Key key_of(const KeyedIndex<Key, Index>& item) {
  return item.key;
}
template <typename Key>
Key key_of(Key item) {
  return item;
}
template <typename Item>
using KeyOf = decltype(key_of(std::declval<Item>()));

/// Sorts n items by key, items with one key in the order in which they stand. `room` is as large as
/// `items`; returns which of the two holds the result.
template <typename Item>
Item* radix_sort(Item* items, Item* room, int64_t n) {
  constexpr int kBytes = sizeof(KeyOf<Item>), kBuckets = 256;
  int64_t count[kBytes][kBuckets] = {};
  for (int64_t i = 0; i < n; ++i) {
    const auto key = key_of(items[i]);
    for (int b = 0; b < kBytes; ++b) ++count[b][(key >> (8 * b)) & 255];
  }
  for (int b = 0; b < kBytes; ++b) {
    int64_t start = 0;
    bool one_bucket = false;
    for (int64_t& c : count[b]) {
      one_bucket = one_bucket || c == n;
      start += std::exchange(c, start);
    }
    if (one_bucket) continue;
    for (int64_t i = 0; i < n; ++i)
      room[count[b][(key_of(items[i]) >> (8 * b)) & 255]++] = items[i];
    std::swap(items, room);
  }
  return items;
}

/// Writes elements [begin, end) of what merging the sorted a and b gives; of equal ones a's first.
template <typename Item>
void merge_part(const Item* a, int64_t na, const Item* b, int64_t nb, int64_t begin, int64_t end,
                Item* out) {
  int64_t low = std::max<int64_t>(0, begin - nb), high = std::min(begin, na);
  while (low < high) {  // how many of a are among the first `begin`
    const int64_t middle = (low + high) / 2;
    if (key_of(a[middle]) <= key_of(b[begin - middle - 1]))
      low = middle + 1;
    else
      high = middle;
  }
  int64_t i = low, j = begin - low;
  for (int64_t to = begin; to < end;) {
    const int64_t steps = std::min({na - i, nb - j, end - to});  // neither ends before
    if (steps == 0) {
      std::copy_n(i < na ? a + i : b + j, end - to, out + to);
      return;
    }
    for (const int64_t stop = to + steps; to < stop; ++to) {
      const Item x = a[i], y = b[j];
      const bool from_b = key_of(y) < key_of(x);
      out[to] = from_b ? y : x;
      j += from_b;
      i += !from_b;
    }
  }
}

/// The same as radix_sort with all threads: each sorts a part, and the parts are merged in pairs.
template <typename Item>
Item* parallel_radix_sort(Item* items, Item* room, int64_t n) {
  constexpr int64_t kWorthAThread = 1 << 15;
  const int64_t threads = std::min<int64_t>(parallel_threads(), n / kWorthAThread);
  const auto parts = static_cast<int64_t>(std::bit_floor(static_cast<uint64_t>(threads)));
  if (parts <= 1) return radix_sort(items, room, n);
  const auto start = [&](int64_t part) { return n * part / parts; };
  parallel_for(parts, 1, [&](int64_t begin, int64_t end) {
    for (int64_t p = begin; p < end; ++p) {
      const int64_t at = start(p), length = start(p + 1) - at;
      const Item* sorted = radix_sort(items + at, room + at, length);
      if (sorted != items + at) std::copy_n(sorted, length, items + at);
    }
  });
  for (int64_t width = 1; width < parts; width *= 2) {
    parallel_for(parts, 1, [&](int64_t begin, int64_t end) {
      for (int64_t p = begin; p < end; ++p) {  // each writes as much as a part
        const int64_t pair = p / (2 * width) * 2 * width;
        const int64_t first = start(pair), middle = start(pair + width);
        merge_part(items + first, middle - first, items + middle, start(pair + 2 * width) - middle,
                   start(p) - first, start(p + 1) - first, room + first);
      }
    });
    std::swap(items, room);
  }
  return items;
}

}  // namespace mx::cpu

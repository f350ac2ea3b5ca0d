#pragma once
// Sorting by unsigned keys with vector instructions, chosen at run time (Highway's sort).
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

/// A key of up to 4 bytes and an index of up to 32 bits.
struct NarrowPair {
  uint64_t bits;
  NarrowPair() = default;
  NarrowPair(uint32_t key, uint64_t index) : bits(uint64_t{key} << 32 | index) {}
  uint32_t key() const { return static_cast<uint32_t>(bits >> 32); }
  int64_t index() const { return static_cast<int64_t>(bits & 0xffffffffu); }
};

/// A key and an index of any size.
struct alignas(16) WidePair {
  uint64_t place, number;
  WidePair() = default;
  WidePair(uint64_t key, uint64_t index) : place(index), number(key) {}
  uint64_t key() const { return number; }
  int64_t index() const { return static_cast<int64_t>(place); }
};

/// Sorts n keys, or pairs by their keys; pairs with one key come in any order.
void sort_items(uint8_t* items, int64_t n);
void sort_items(uint16_t* items, int64_t n);
void sort_items(uint32_t* items, int64_t n);
void sort_items(uint64_t* items, int64_t n);
void sort_items(NarrowPair* items, int64_t n);
void sort_items(WidePair* items, int64_t n);

template <typename Item>
auto key_of(const Item& item) {
  if constexpr (std::is_integral_v<Item>)
    return item;
  else
    return item.key();
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

/// The same as sort_items with all threads: each sorts a part, and the parts are merged in pairs.
/// `room` is as large as `items`; returns which of the two holds the result.
template <typename Item>
Item* parallel_sort(Item* items, Item* room, int64_t n) {
  constexpr int64_t kWorthAThread = 1 << 15;
  const int64_t threads = std::clamp<int64_t>(n / kWorthAThread, 1, parallel_threads());
  const auto parts = static_cast<int64_t>(std::bit_floor(static_cast<uint64_t>(threads)));
  const auto start = [&](int64_t part) { return n * part / parts; };
  parallel_for(parts, 1, [&](int64_t begin, int64_t end) {
    for (int64_t p = begin; p < end; ++p) sort_items(items + start(p), start(p + 1) - start(p));
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

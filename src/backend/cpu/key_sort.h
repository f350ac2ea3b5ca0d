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

inline constexpr int64_t kWorthAThread = 1 << 15;  ///< elements of a row

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

/// A part of what merging two sorted runs gives, written from `out` to `end`; of equal ones those
/// of `a` come first.
template <typename Item>
struct Merge {
  const Item *a, *a_end, *b, *b_end;
  Item *out, *end;

  /// Elements [begin, last) of the merged runs.
  Merge(const Item* a_run, int64_t na, const Item* b_run, int64_t nb, int64_t begin, int64_t last,
        Item* to)
      : a_end(a_run + na), b_end(b_run + nb), out(to + begin), end(to + last) {
    int64_t low = std::max<int64_t>(0, begin - nb), high = std::min(begin, na);
    while (low < high) {  // how many of a are among the first `begin`
      const int64_t middle = (low + high) / 2;
      if (key_of(a_run[middle]) <= key_of(b_run[begin - middle - 1]))
        low = middle + 1;
      else
        high = middle;
    }
    a = a_run + low, b = b_run + (begin - low);
  }

  /// Steps before which none of the runs ends.
  int64_t safe_steps() const { return std::min({a_end - a, b_end - b, end - out}); }
  void step() {
    const Item x = *a, y = *b;
    const bool from_b = key_of(y) < key_of(x);
    *out++ = from_b ? y : x;
    b += from_b;
    a += !from_b;
  }
  void finish() {
    for (int64_t steps = safe_steps(); steps > 0; steps = safe_steps())
      for (; steps > 0; --steps) step();
    std::copy_n(a < a_end ? a : b, end - out, out);
  }
};

/// Writes elements [begin, end) of what merging the sorted a and b gives. Each step waits for the
/// one before, so that four merges that know nothing of each other go side by side.
template <typename Item>
void merge_part(const Item* a, int64_t na, const Item* b, int64_t nb, int64_t begin, int64_t end,
                Item* out) {
  const auto quarter = [&](int64_t i) { return begin + (end - begin) * i / 4; };
  const auto merge = [&](int64_t i) {
    return Merge<Item>(a, na, b, nb, quarter(i), quarter(i + 1), out);
  };
  Merge<Item> first = merge(0), second = merge(1), third = merge(2), fourth = merge(3);
  int64_t steps =
      std::min({first.safe_steps(), second.safe_steps(), third.safe_steps(), fourth.safe_steps()});
  for (; steps > 0; --steps) {
    first.step();
    second.step();
    third.step();
    fourth.step();
  }
  for (Merge<Item>* rest : {&first, &second, &third, &fourth}) rest->finish();
}

/// The same as sort_items with all threads: each sorts a part, and the parts are merged in pairs.
/// `room` is as large as `items`; returns which of the two holds the result.
template <typename Item>
Item* parallel_sort(Item* items, Item* room, int64_t n) {
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

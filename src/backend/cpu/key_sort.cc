#include "backend/cpu/key_sort.h"

#include <hwy/contrib/sort/vqsort.h>

namespace mx::cpu {
namespace {

template <typename Key>
void sort_with_vectors(Key* keys, int64_t n) {
  // It owns some memory for the pivots; one for each thread, as a sort may be short.
  thread_local const hwy::Sorter sorter;
  sorter(keys, static_cast<size_t>(n), hwy::SortAscending());
}

}  // namespace

void sort_items(uint8_t* items, int64_t n) {
  int64_t count[256] = {};
  for (int64_t i = 0; i < n; ++i) ++count[items[i]];
  for (int key = 0; key < 256; ++key)
    items = std::fill_n(items, count[key], static_cast<uint8_t>(key));
}

void sort_items(uint16_t* items, int64_t n) { sort_with_vectors(items, n); }
void sort_items(uint32_t* items, int64_t n) { sort_with_vectors(items, n); }
void sort_items(uint64_t* items, int64_t n) { sort_with_vectors(items, n); }

void sort_items(NarrowPair* items, int64_t n) {
  static_assert(sizeof(NarrowPair) == sizeof(uint64_t));
  if (n > 0) sort_with_vectors(&items->bits, n);  // without items there may be no memory either
}

void sort_items(WidePair* items, int64_t n) {
  static_assert(sizeof(WidePair) == sizeof(hwy::uint128_t));
  sort_with_vectors(reinterpret_cast<hwy::uint128_t*>(items), n);
}

}  // namespace mx::cpu

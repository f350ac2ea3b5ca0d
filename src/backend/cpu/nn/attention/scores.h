#pragma once
// Scores of attention from products of queries and keys: scale, mask and lengths.
#include <algorithm>
#include <limits>

#include "backend/cpu/nn/attention/views.h"

namespace mx::cpu {

inline constexpr int64_t kQueryBlock = 8 * kPanelRows;
inline constexpr int64_t kKeyBlock = 480;               // a multiple of the columns of every panel
inline constexpr int64_t kScoresStep = kKeyBlock + 16;  // no power of two: caches dislike them

/// The scores of a call, in the type of the computation. T: the dtype of queries, keys and values.
template <typename T>
class Scores {
 public:
  using C = ComputeType<T>;

  Scores(const FusedAttentionParam& p, Inputs in)
      : p_(p),
        in_(in),
        mask_(p.has_mask() ? HeadView::of(p.mask_view) : HeadView()),
        lengths_(p.has_lengths() ? HeadView::of(p.length_view) : HeadView()),
        scale_(static_cast<C>(p.scale)),
        mask_factor_(static_cast<C>(p.mask_factor)),
        // As the scores would have it, in which the operators one by one put it.
        fill_(static_cast<C>(static_cast<T>(static_cast<C>(p.fill)))) {}

  /// Of each of `count` queries, how many keys count; returns the largest number.
  int64_t read_lengths(int64_t head, int64_t first, int64_t count, int64_t* valid) const {
    std::fill_n(valid, count, p_.keys);
    if (!p_.has_lengths()) return p_.keys;
    const int64_t at = head_offset(lengths_, head, p_.heads) + first * lengths_.row_step;
    const Tensor& lengths = in_[static_cast<size_t>(lengths_.tensor)];
    for (int64_t i = 0; i < count; ++i)
      valid[i] = length_at(lengths, at + i * lengths_.row_step, p_.keys);
    return *std::max_element(valid, valid + count);
  }

  /// The mask of a query for keys [key, key + n), where it is or in `room`; nullptr without one.
  const C* mask_row(int64_t head, int64_t query, int64_t key, int64_t n, C* room) const {
    if (!p_.has_mask()) return nullptr;
    const int64_t at =
        head_offset(mask_, head, p_.heads) + query * mask_.row_step + key * mask_.column_step;
    return row_elements(in_[static_cast<size_t>(mask_.tensor)], at, mask_.column_step, n, room);
  }

  /// Makes scores of n products.
  void finish(C* s, const C* mask, int64_t n) const {
    const C scale = scale_, factor = mask_factor_, fill = fill_;
    switch (p_.mask) {
      case AttentionMask::kNone:
        for (int64_t j = 0; j < n; ++j) s[j] *= scale;
        return;
      case AttentionMask::kAdd:
        for (int64_t j = 0; j < n; ++j) s[j] = s[j] * scale + mask[j] * factor;
        return;
      case AttentionMask::kWhere:
        for (int64_t j = 0; j < n; ++j) s[j] = mask[j] != 0 ? s[j] * scale : fill;
        return;
    }
  }

 private:
  const FusedAttentionParam& p_;
  Inputs in_;
  HeadView mask_, lengths_;
  C scale_, mask_factor_, fill_;
};

}  // namespace mx::cpu

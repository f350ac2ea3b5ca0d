// Each anchor's best class, its box, and non-maximum suppression over the boxes in falling order
// of their probability.
#include "ops/detection/multibox_detection.h"

#include <type_traits>
#include <vector>

#include "backend/cpu/common/boxes.h"
#include "backend/cpu/common/fill.h"
#include "backend/cpu/key_sort.h"
#include "dispatch/kernel.h"

namespace mx {
namespace {

template <typename C>
struct Detection {
  C id, score;
  Box<C> box;
};

/// The box that an anchor and four offsets (x, y, log width, log height) say.
template <typename C>
Box<C> decode(const Box<C>& anchor, const Box<C>& offset, const MultiBoxDetectionParam& p) {
  const auto variance = [&](size_t i) { return static_cast<C>(p.variances[i]); };
  const C width = anchor.x1 - anchor.x0, height = anchor.y1 - anchor.y0;
  const C x = (anchor.x0 + anchor.x1) / 2 + offset.x0 * variance(0) * width;
  const C y = (anchor.y0 + anchor.y1) / 2 + offset.y0 * variance(1) * height;
  const C half_w = std::exp(offset.x1 * variance(2)) * width / 2;
  const C half_h = std::exp(offset.y1 * variance(3)) * height / 2;
  Box<C> box{x - half_w, y - half_h, x + half_w, y + half_h};
  if (!p.clip) return box;
  for (C* side : {&box.x0, &box.y0, &box.x1, &box.y1}) *side = std::clamp<C>(*side, 0, 1);
  return box;
}

/// Pointers to one image's predictions.
template <typename T>
struct Predictions {
  const T *probability, *offset, *anchor;
  int64_t classes, anchors;
};

/// Finds the objects of image after image, and uses its memory again.
template <typename T>
class Finder {
 public:
  using C = ComputeType<T>;

  explicit Finder(const MultiBoxDetectionParam& p)
      : p_(p), kept_(Suppression<C>::at_least(static_cast<C>(p.nms_threshold), p.force_suppress)) {}

  /// Those of one image, best first where boxes suppress each other; ones that do not stay have
  /// class -1, as MXNet 1.9.1 leaves them in the result.
  const std::vector<Detection<C>>& run(const Predictions<T>& in) {
    find(in);
    if (p_.nms_threshold > 0 && p_.nms_threshold <= 1) suppress();
    return found_;
  }

 private:
  using Ranked = std::conditional_t<sizeof(C) <= 4, cpu::NarrowPair, cpu::WidePair>;

  /// All anchors whose best class is probable enough, in the order of the anchors.
  void find(const Predictions<T>& in) {
    const auto count = static_cast<size_t>(in.anchors);
    best_.assign(count, -1);
    id_.assign(count, -1);
    for (int64_t k = 1; k < in.classes; ++k) {
      const T* scores = in.probability + k * in.anchors;
      for (size_t a = 0; a < count; ++a) {
        const C score = static_cast<C>(scores[a]);
        id_[a] = score > best_[a] ? static_cast<int32_t>(k - 1) : id_[a];
        best_[a] = score > best_[a] ? score : best_[a];
      }
    }
    found_.clear();
    for (size_t a = 0; a < count; ++a)
      if (id_[a] >= 0 && best_[a] >= static_cast<C>(p_.threshold))
        found_.push_back({static_cast<C>(id_[a]), best_[a],
                          decode(load_box(in.anchor + 4 * a), load_box(in.offset + 4 * a), p_)});
  }

  /// Puts the most probable ones in front, in order; those behind them keep their places. Returns
  /// how many were put in front.
  size_t sort_best() {
    constexpr auto kFalling = static_cast<cpu::UnsignedOf<sizeof(C)>>(-1);
    ranked_.clear();
    for (size_t i = 0; i < found_.size(); ++i)  // -0 is 0, and the first one of equals is better
      ranked_.emplace_back(cpu::sort_key<C>(found_[i].score + 0, kFalling), i);
    cpu::sort_items(ranked_.data(), static_cast<int64_t>(ranked_.size()));
    const auto most = static_cast<size_t>(std::max(p_.nms_topk, 0));
    const size_t count = most > 0 ? std::min(found_.size(), most) : found_.size();
    front_.clear();
    for (size_t i = 0; i < count; ++i)
      front_.push_back(found_[static_cast<size_t>(ranked_[i].index())]);
    std::copy(front_.begin(), front_.end(), found_.begin());
    return count;
  }

  void suppress() {
    const size_t sorted = sort_best();
    kept_.clear();
    for (size_t i = 0; i < found_.size(); ++i) {
      Detection<C>& d = found_[i];
      if (i >= sorted || !kept_.keep(d.box, d.box.area(), d.id)) d.id = -1;
    }
  }

  const MultiBoxDetectionParam& p_;
  Suppression<C> kept_;
  std::vector<C> best_;
  std::vector<int32_t> id_;
  std::vector<Ranked> ranked_;
  std::vector<Detection<C>> found_, front_;
};

void detection(const Params& params, KernelContext&, Inputs in, Outputs out) {
  const auto& p = params.as<MultiBoxDetectionParam>();
  const int64_t images = in[0].shape[0], classes = in[0].shape[1], anchors = in[0].shape[2];
  fill_value(out[0], -1);
  visit_floating(out[0].dtype, "_contrib_MultiBoxDetection", [&]<typename T>(TypeTag<T>) {
    parallel_for(images, 1, [&](int64_t begin, int64_t end) {
      Finder<T> finder(p);
      for (int64_t n = begin; n < end; ++n) {
        const auto& found =
            finder.run({in[0].as<T>() + n * classes * anchors, in[1].as<T>() + n * anchors * 4,
                        in[2].as<T>(), classes, anchors});
        T* row = out[0].as<T>() + n * anchors * 6;
        for (const auto& d : found)
          for (auto v : {d.id, d.score, d.box.x0, d.box.y0, d.box.x1, d.box.y1})
            *row++ = static_cast<T>(v);
      }
    });
  });
}

const KernelBuilder k1 = KernelBuilder("_contrib_MultiBoxDetection", "native").run(detection);

}  // namespace
}  // namespace mx

// Each anchor's best class, its box, and non-maximum suppression over the boxes in falling order
// of their probability.
#include "ops/detection/multibox_detection.h"

#include <numeric>

#include "backend/cpu/common/boxes.h"
#include "backend/cpu/common/fill.h"
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

/// All anchors whose best class is probable enough, in the order of the anchors.
template <typename T>
std::vector<Detection<ComputeType<T>>> find(const Predictions<T>& in,
                                            const MultiBoxDetectionParam& p) {
  using C = ComputeType<T>;
  const auto count = static_cast<size_t>(in.anchors);
  std::vector<C> best(count, -1);
  std::vector<int32_t> id(count, -1);
  for (int64_t k = 1; k < in.classes; ++k)
    for (size_t a = 0; a < count; ++a) {
      const C score = static_cast<C>(in.probability[k * in.anchors + static_cast<int64_t>(a)]);
      id[a] = score > best[a] ? static_cast<int32_t>(k - 1) : id[a];
      best[a] = score > best[a] ? score : best[a];
    }
  std::vector<Detection<C>> found;
  for (size_t a = 0; a < count; ++a)
    if (id[a] >= 0 && best[a] >= static_cast<C>(p.threshold))
      found.push_back({static_cast<C>(id[a]), best[a],
                       decode(load_box(in.anchor + 4 * a), load_box(in.offset + 4 * a), p)});
  return found;
}

/// Puts the most probable ones in front, in order; those behind them keep their places. Returns
/// how many were put in front.
template <typename C>
size_t sort_best(std::vector<Detection<C>>& found, int32_t topk) {
  std::vector<size_t> order(found.size());
  std::iota(order.begin(), order.end(), size_t{0});
  const size_t count = topk > 0 ? std::min(found.size(), static_cast<size_t>(topk)) : found.size();
  // Ties by position make the order that of a stable sort.
  const auto better = [&](size_t a, size_t b) {
    const C x = found[a].score, y = found[b].score;
    return x > y || (x == y && a < b);
  };
  const auto middle = order.begin() + static_cast<std::ptrdiff_t>(count);
  if (middle == order.end())
    std::sort(order.begin(), order.end(), better);
  else
    std::partial_sort(order.begin(), middle, order.end(), better);
  std::vector<Detection<C>> front;
  front.reserve(count);
  for (size_t i = 0; i < count; ++i) front.push_back(found[order[i]]);
  std::copy(front.begin(), front.end(), found.begin());
  return count;
}

/// Marks what does not stay with class -1, as MXNet 1.9.1 leaves it in the result.
template <typename C>
void suppress(std::vector<Detection<C>>& found, const MultiBoxDetectionParam& p) {
  if (!(p.nms_threshold > 0 && p.nms_threshold <= 1)) return;
  const size_t sorted = sort_best(found, p.nms_topk);
  auto kept = Suppression<C>::at_least(static_cast<C>(p.nms_threshold), p.force_suppress);
  for (size_t i = 0; i < found.size(); ++i) {
    Detection<C>& d = found[i];
    if (i >= sorted || !kept.keep(d.box, d.box.area(), d.id)) d.id = -1;
  }
}

void detection(const Params& params, KernelContext&, Inputs in, Outputs out) {
  const auto& p = params.as<MultiBoxDetectionParam>();
  const int64_t images = in[0].shape[0], classes = in[0].shape[1], anchors = in[0].shape[2];
  fill_value(out[0], -1);
  visit_floating(out[0].dtype, "_contrib_MultiBoxDetection", [&]<typename T>(TypeTag<T>) {
    parallel_for(images, 1, [&](int64_t begin, int64_t end) {
      for (int64_t n = begin; n < end; ++n) {
        auto found =
            find(Predictions<T>{in[0].as<T>() + n * classes * anchors,
                                in[1].as<T>() + n * anchors * 4, in[2].as<T>(), classes, anchors},
                 p);
        suppress(found, p);
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

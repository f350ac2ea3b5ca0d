// Matching of anchors and objects. Every pair is looked at once, and an object whose best anchor
// was given away looks at the anchors again: time anchors * objects, memory anchors + objects.
#include "ops/detection/multibox_target.h"

#include <limits>
#include <numeric>

#include "backend/cpu/common/boxes.h"
#include "backend/cpu/common/fill.h"
#include "dispatch/kernel.h"

namespace mx {
namespace {

enum class Kind : int8_t { kIgnored, kBackground, kObject };

/// Which object each anchor of one image belongs to.
template <typename C>
class Matching {
 public:
  Matching(const BoxColumns<C>& anchors, std::vector<Box<C>> objects)
      : kinds(static_cast<size_t>(anchors.size()), Kind::kIgnored),
        object(kinds.size()),
        overlap(kinds.size(), -1),
        anchors_(anchors),
        objects_(std::move(objects)),
        row_(kinds.size()) {}

  std::vector<Kind> kinds;
  std::vector<size_t> object;  ///< the one that the anchor overlaps most or belongs to
  std::vector<C> overlap;      ///< with the object that it overlaps most
  size_t matched = 0;

  /// Gives the pair with the largest overlap to each other, then the next of those left.
  void match_best() {
    std::vector<Best> best;
    for (size_t k = 0; k < objects_.size(); ++k) {
      best.push_back(best_free_anchor(k));
      for (size_t a = 0; a < row_.size(); ++a) {
        const bool more = row_[a] > overlap[a];
        object[a] = more ? k : object[a];
        overlap[a] = more ? row_[a] : overlap[a];
      }
    }
    for (size_t round = 0; round < objects_.size(); ++round) {
      size_t next = 0;
      for (size_t k = 1; k < best.size(); ++k)
        if (best[k].beats(best[next])) next = k;
      if (!(best[next].overlap > static_cast<C>(1e-6))) return;
      const size_t taken = best[next].anchor;
      give(taken, next);
      best[next].overlap = -1;
      for (size_t k = 0; k < best.size(); ++k)
        if (best[k].overlap >= 0 && best[k].anchor == taken) best[k] = best_free_anchor(k);
    }
  }

  /// Gives each anchor left to the object that it overlaps by more than `threshold`.
  void match_overlapping(C threshold) {
    for (size_t a = 0; a < kinds.size(); ++a)
      if (kinds[a] != Kind::kObject && overlap[a] > threshold) give(a, object[a]);
  }

  const Box<C>& box(size_t a) const { return objects_[object[a]]; }

 private:
  struct Best {
    C overlap;
    size_t anchor;
    bool beats(const Best& other) const {
      return overlap > other.overlap || (overlap == other.overlap && anchor < other.anchor);
    }
  };

  void give(size_t a, size_t k) {
    kinds[a] = Kind::kObject;
    object[a] = k;
    ++matched;
  }

  Best best_free_anchor(size_t k) {
    const C area = objects_[k].area();
    for (size_t a = 0; a < row_.size(); ++a) row_[a] = anchors_.iou(a, objects_[k], area);
    Best best{-1, 0};
    for (size_t a = 0; a < row_.size(); ++a)
      if (row_[a] > best.overlap && kinds[a] != Kind::kObject) best = {row_[a], a};
    return best;
  }

  const BoxColumns<C>& anchors_;
  std::vector<Box<C>> objects_;
  std::vector<C> row_;
};

/// Probability of the background for each anchor.
template <typename T>
std::vector<ComputeType<T>> background(const T* scores, int64_t classes, int64_t anchors) {
  using C = ComputeType<T>;
  const auto count = static_cast<size_t>(anchors);
  std::vector<C> top(count, std::numeric_limits<C>::lowest()), sum(count, 0);
  const auto score = [&](int64_t k, size_t a) {
    return static_cast<C>(scores[k * anchors + static_cast<int64_t>(a)]);
  };
  for (int64_t k = 0; k < classes; ++k)
    for (size_t a = 0; a < count; ++a) top[a] = std::max(top[a], score(k, a));
  for (int64_t k = 0; k < classes; ++k)
    for (size_t a = 0; a < count; ++a) sum[a] += std::exp(score(k, a) - top[a]);
  for (size_t a = 0; a < count; ++a) sum[a] = std::exp(score(0, a) - top[a]) / sum[a];
  return sum;
}

/// Marks as background the anchors far from every object that look least like it.
template <typename C>
void mine_negatives(Matching<C>& m, const std::vector<C>& probability,
                    const MultiBoxTargetParam& p) {
  std::vector<size_t> open;
  for (size_t a = 0; a < m.kinds.size(); ++a)
    if (m.kinds[a] != Kind::kObject && m.overlap[a] < static_cast<C>(p.negative_mining_thresh))
      open.push_back(a);
  const double wanted = std::floor(static_cast<float>(m.matched) * p.negative_mining_ratio);
  const auto count = static_cast<size_t>(std::min(wanted, static_cast<double>(open.size())));
  std::partial_sort(open.begin(), open.begin() + static_cast<std::ptrdiff_t>(count), open.end(),
                    [&](size_t a, size_t b) {
                      return probability[a] < probability[b] ||
                             (probability[a] == probability[b] && a < b);
                    });
  for (size_t i = 0; i < count; ++i) m.kinds[open[i]] = Kind::kBackground;
}

/// Pointers to one image's labels and targets.
template <typename T>
struct Image {
  const T *anchors, *label, *scores;
  int64_t num_labels, label_width, classes;
  T *loc_target, *loc_mask, *cls_target;
};

template <typename T>
std::vector<Box<ComputeType<T>>> read_objects(const Image<T>& image) {
  std::vector<Box<ComputeType<T>>> objects;
  for (int64_t i = 0; i < image.num_labels; ++i) {
    const T* row = image.label + i * image.label_width;
    const auto box = load_box(row + 1);
    if (static_cast<double>(row[0]) != -1) {
      objects.push_back(box);
      continue;
    }
    require(box.x0 == -1 && box.y0 == -1 && box.x1 == -1 && box.y1 == -1,
            "_contrib_MultiBoxTarget: label=(-1, ", box.x0, ", ", box.y0, ", ", box.x1, ", ",
            box.y1, ") has a box but no class; expected -1 in all five columns of the last row");
    break;
  }
  return objects;
}

template <typename T>
void write_object(const Image<T>& image, size_t a, const Matching<ComputeType<T>>& m,
                  const MultiBoxTargetParam& p) {
  using C = ComputeType<T>;
  const Box<C> anchor = load_box(image.anchors + 4 * a), box = m.box(a);
  const C width = anchor.x1 - anchor.x0, height = anchor.y1 - anchor.y0;
  const auto middle = [](C low, C high) { return (low + high) / 2; };
  const C offsets[] = {(middle(box.x0, box.x1) - middle(anchor.x0, anchor.x1)) / width,
                       (middle(box.y0, box.y1) - middle(anchor.y0, anchor.y1)) / height,
                       std::log((box.x1 - box.x0) / width), std::log((box.y1 - box.y0) / height)};
  for (size_t i = 0; i < 4; ++i) {
    image.loc_target[4 * a + i] = static_cast<T>(offsets[i] / static_cast<C>(p.variances[i]));
    image.loc_mask[4 * a + i] = static_cast<T>(1);
  }
  const T* row = image.label + static_cast<int64_t>(m.object[a]) * image.label_width;
  image.cls_target[a] = static_cast<T>(static_cast<C>(row[0]) + 1);
}

template <typename T>
void write_targets(const Image<T>& image, const BoxColumns<ComputeType<T>>& anchors,
                   const MultiBoxTargetParam& p) {
  using C = ComputeType<T>;
  auto objects = read_objects(image);
  if (objects.empty()) return;
  Matching<C> m(anchors, std::move(objects));
  m.match_best();
  if (p.overlap_threshold > 0) m.match_overlapping(static_cast<C>(p.overlap_threshold));
  const bool mines = p.negative_mining_ratio > 0;
  if (mines && m.matched > 0)
    mine_negatives(m, background(image.scores, image.classes, anchors.size()), p);
  for (size_t a = 0; a < m.kinds.size(); ++a) {
    if (m.kinds[a] == Kind::kObject)
      write_object(image, a, m, p);
    else if (m.kinds[a] == Kind::kBackground || !mines)
      image.cls_target[a] = static_cast<T>(0);
  }
}

void target(const Params& params, KernelContext&, Inputs in, Outputs out) {
  const auto& p = params.as<MultiBoxTargetParam>();
  const int64_t images = in[1].shape[0], anchors = in[0].shape[1];
  const int64_t objects = in[1].shape[1], width = in[1].shape[2], classes = in[2].shape[1];
  fill_value(out[0], 0);
  fill_value(out[1], 0);
  fill_value(out[2], p.ignore_label);
  visit_floating(out[0].dtype, "_contrib_MultiBoxTarget", [&]<typename T>(TypeTag<T>) {
    BoxColumns<ComputeType<T>> columns;
    for (int64_t a = 0; a < anchors; ++a) {
      const auto box = load_box(in[0].as<T>() + 4 * a);
      columns.push(box, box.area());
    }
    parallel_for(images, 1, [&](int64_t begin, int64_t end) {
      for (int64_t n = begin; n < end; ++n)
        write_targets(Image<T>{in[0].as<T>(), in[1].as<T>() + n * objects * width,
                               in[2].as<T>() + n * classes * anchors, objects, width, classes,
                               out[0].as<T>() + n * anchors * 4, out[1].as<T>() + n * anchors * 4,
                               out[2].as<T>() + n * anchors},
                      columns, p);
    });
  });
}

const KernelBuilder k1 = KernelBuilder("_contrib_MultiBoxTarget", "native").run(target);

}  // namespace
}  // namespace mx

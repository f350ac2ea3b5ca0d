// Region proposals: anchors moved by the network's offsets, non-maximum suppression over the best.
// Boxes include their last pixel: a box from 0 to 15 is 16 wide.
#include "ops/detection/proposal.h"

#include <numeric>

#include "backend/cpu/common/boxes.h"
#include "dispatch/kernel.h"

namespace mx {
namespace {

/// Anchors of the cell at the origin.
template <typename C>
std::vector<Box<C>> base_anchors(const ProposalParam& p) {
  std::vector<Box<C>> anchors;
  const C stride = static_cast<C>(p.feature_stride), middle = (stride - 1) / 2;
  for (double ratio : p.ratios) {
    const C r = static_cast<C>(ratio);
    const C width = std::floor(std::sqrt(std::floor(stride * stride / r)) + C(0.5));
    const C height = std::floor(width * r + C(0.5));
    for (double scale : p.scales) {
      const C w = width * static_cast<C>(scale), h = height * static_cast<C>(scale);
      anchors.push_back(
          {middle - (w - 1) / 2, middle - (h - 1) / 2, middle + (w - 1) / 2, middle + (h - 1) / 2});
    }
  }
  return anchors;
}

/// The box that an anchor and four offsets say.
template <typename C>
Box<C> move_anchor(const Box<C>& a, const Box<C>& offset, bool moves_corners) {
  if (moves_corners)
    return {a.x0 + offset.x0, a.y0 + offset.y0, a.x1 + offset.x1, a.y1 + offset.y1};
  const C width = a.x1 - a.x0 + 1, height = a.y1 - a.y0 + 1;
  const C x = offset.x0 * width + (a.x0 + (width - 1) / 2);
  const C y = offset.y0 * height + (a.y0 + (height - 1) / 2);
  const C half_w = (std::exp(offset.x1) * width - 1) / 2;
  const C half_h = (std::exp(offset.y1) * height - 1) / 2;
  return {x - half_w, y - half_h, x + half_w, y + half_h};
}

/// One image's scores and boxes, for all anchors of all cells in turn.
template <typename T>
class Proposals {
 public:
  using C = ComputeType<T>;
  std::vector<Box<C>> boxes;
  std::vector<C> scores;

  Proposals(const ProposalParam& p, const T* score, const T* offset, const T* info, int64_t height,
            int64_t width)
      : p_(p), info_(info) {
    const auto base = base_anchors<C>(p);
    const int64_t count = p.anchors(), cells = height * width;
    const int64_t rows = cells_of(0, height), columns = cells_of(1, width);
    for (int64_t cell = 0; cell < cells; ++cell)
      for (int64_t a = 0; a < count; ++a) {
        const int64_t y = cell / width, x = cell % width;
        const auto delta = [&](int64_t k) {
          return static_cast<C>(offset[(4 * a + k) * cells + cell]);
        };
        const C dx = static_cast<C>(x * p.feature_stride),
                dy = static_cast<C>(y * p.feature_stride);
        const Box<C>& b = base[static_cast<size_t>(a)];
        add(move_anchor<C>({b.x0 + dx, b.y0 + dy, b.x1 + dx, b.y1 + dy},
                           {delta(0), delta(1), delta(2), delta(3)}, p.iou_loss),
            y < rows && x < columns ? static_cast<C>(score[(count + a) * cells + cell]) : C(-1));
      }
  }

  /// The boxes that stay, best first.
  std::vector<size_t> select() const {
    std::vector<size_t> order(boxes.size());
    std::iota(order.begin(), order.end(), size_t{0});
    const size_t count = p_.rpn_pre_nms_top_n > 0
                             ? std::min(order.size(), static_cast<size_t>(p_.rpn_pre_nms_top_n))
                             : order.size();
    const auto middle = order.begin() + static_cast<std::ptrdiff_t>(count);
    std::partial_sort(order.begin(), middle, order.end(), [&](size_t a, size_t b) {
      return scores[a] > scores[b] || (scores[a] == scores[b] && a < b);
    });
    Suppression<C> kept(static_cast<C>(p_.threshold), true);
    std::vector<size_t> selected;
    const auto wanted = static_cast<size_t>(p_.rpn_post_nms_top_n);
    for (size_t i = 0; i < count && selected.size() < wanted; ++i) {
      Box<C> box = boxes[order[i]];
      box.x1 += 1, box.y1 += 1;
      if (kept.keep(box, box.area())) selected.push_back(order[i]);
    }
    return selected;
  }

 private:
  C info(int i) const { return static_cast<C>(info_[i]); }

  /// Cells that the image covers along an axis; the rest of the feature map is padding.
  int64_t cells_of(int axis, int64_t there_are) const {
    const auto cells = static_cast<double>(info(axis)) / static_cast<double>(p_.feature_stride);
    require(std::floor(cells) <= static_cast<double>(there_are), "_contrib_Proposal: im_info=(",
            info(0), ", ", info(1), ", ", info(2),
            ") is an image of more cells of feature_stride=", p_.feature_stride, " than the ",
            there_are, " of cls_prob; expected at most as many");
    return static_cast<int64_t>(std::max(cells, 0.0));
  }

  void add(Box<C> b, C score) {
    const auto inside = [](C v, C size) { return std::max<C>(std::min(v, size - 1), 0); };
    b = {inside(b.x0, info(1)), inside(b.y0, info(0)), inside(b.x1, info(1)),
         inside(b.y1, info(0))};
    const C least = static_cast<C>(p_.rpn_min_size) * info(2);
    if (b.x1 - b.x0 + 1 < least || b.y1 - b.y0 + 1 < least) {
      b = {b.x0 - least / 2, b.y0 - least / 2, b.x1 + least / 2, b.y1 + least / 2};
      score = -1;
    }
    boxes.push_back(b);
    scores.push_back(score);
  }

  const ProposalParam& p_;
  const T* info_;
};

/// Rows of one image; when fewer boxes stay than there are rows they repeat.
template <typename T>
void write_rows(const Proposals<T>& found, int64_t image, int64_t rows, T* out, T* score) {
  using C = ComputeType<T>;
  const auto selected = found.select();
  for (int64_t r = 0; r < rows; ++r) {
    Box<C> box{};
    C value = 0;
    if (!selected.empty()) {
      const size_t i = selected[static_cast<size_t>(r) % selected.size()];
      box = found.boxes[i], value = found.scores[i];
    }
    for (C v : {static_cast<C>(image), box.x0, box.y0, box.x1, box.y1}) *out++ = static_cast<T>(v);
    if (score) *score++ = static_cast<T>(value);
  }
}

void proposal(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const auto& p = params.as<ProposalParam>();
  const int64_t images = in[0].shape[0], height = in[0].shape[2], width = in[0].shape[3];
  const int64_t size = p.anchors() * height * width, rows = p.rpn_post_nms_top_n;
  visit_floating(in[0].dtype, "_contrib_Proposal", [&]<typename T>(TypeTag<T>) {
    parallel_for(images, 1, [&](int64_t begin, int64_t end) {
      for (int64_t n = begin; n < end; ++n)
        write_rows(Proposals<T>(p, in[0].as<T>() + 2 * n * size, in[1].as<T>() + 4 * n * size,
                                in[2].as<T>() + 3 * n, height, width),
                   n, rows, out[0].as<T>() + 5 * n * rows,
                   context.wants(1) ? out[1].as<T>() + n * rows : nullptr);
    });
  });
}

const KernelBuilder k1 = KernelBuilder("_contrib_Proposal", "native").run(proposal);
const KernelBuilder k2 = KernelBuilder("_contrib_MultiProposal", "native").run(proposal);

}  // namespace
}  // namespace mx

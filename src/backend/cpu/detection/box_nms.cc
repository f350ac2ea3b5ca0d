#include "ops/detection/box_nms.h"

#include <numeric>

#include "backend/common/bounded_index.h"
#include "backend/cpu/common/boxes.h"
#include "backend/cpu/common/fill.h"
#include "dispatch/kernel.h"

namespace mx {
namespace {

/// The rows of one list of boxes that take part, best first; of equal scores the first one.
template <typename T>
std::vector<int64_t> candidates(const T* data, int64_t count, int64_t width, const BoxNmsParam& p) {
  using C = ComputeType<T>;
  const auto score = [&](int64_t i) { return static_cast<C>(data[i * width + p.score_index]); };
  const auto is_background = [&](int64_t i) {
    return p.id_index >= 0 && to_index(data[i * width + p.id_index]) == p.background_id;
  };
  std::vector<int64_t> rows;
  for (int64_t i = 0; i < count; ++i)
    if (score(i) > static_cast<C>(p.valid_thresh) && !is_background(i)) rows.push_back(i);
  const size_t wanted =
      p.topk < 0 ? rows.size() : std::min(rows.size(), static_cast<size_t>(p.topk));
  const auto middle = rows.begin() + static_cast<std::ptrdiff_t>(wanted);
  const auto better = [&](int64_t a, int64_t b) {
    return score(a) > score(b) || (score(a) == score(b) && a < b);
  };
  if (middle == rows.end())
    std::sort(rows.begin(), rows.end(), better);
  else
    std::partial_sort(rows.begin(), middle, rows.end(), better);
  rows.resize(wanted);
  return rows;
}

/// Those of the candidates that no better one suppresses.
template <typename T>
std::vector<int64_t> select(const T* data, int64_t count, int64_t width, const BoxNmsParam& p) {
  using C = ComputeType<T>;
  Suppression<C> kept(static_cast<C>(p.overlap_thresh), p.force_suppress || p.id_index < 0);
  std::vector<int64_t> rows = candidates(data, count, width, p);
  std::erase_if(rows, [&](int64_t i) {
    const T* row = data + i * width;
    const Box<C> box = p.in_format == BoxFormat::kCorner ? load_box(row + p.coord_start)
                                                         : load_center_box(row + p.coord_start);
    const C area = box.x1 < box.x0 || box.y1 < box.y0 ? 0 : box.area();
    return !kept.keep(box, area, p.id_index < 0 ? 0 : static_cast<C>(row[p.id_index]));
  });
  return rows;
}

template <typename T>
void convert(T* p, BoxFormat to) {
  using C = ComputeType<T>;
  Box<C> b;
  if (to == BoxFormat::kCorner) {
    b = load_center_box(p);
  } else {
    const Box<C> in = load_box(p);
    b = {(in.x0 + in.x1) / 2, (in.y0 + in.y1) / 2, in.x1 - in.x0, in.y1 - in.y0};
  }
  for (C v : {b.x0, b.y0, b.x1, b.y1}) *p++ = static_cast<T>(v);
}

void nms(const Params& params, KernelContext&, Inputs in, Outputs out) {
  const auto& p = params.as<BoxNmsParam>();
  const int ndim = in[0].ndim();
  const int64_t lists = in[0].shape.size(0, ndim - 2), count = in[0].shape[ndim - 2];
  const int64_t width = in[0].shape.back();
  auto* index = out[1].as<int64_t>();
  if (p.topk != 0) fill_value(out[0], -1);
  visit_floating(in[0].dtype, "_contrib_box_nms", [&]<typename T>(TypeTag<T>) {
    if (p.topk == 0) {
      std::copy_n(in[0].as<T>(), in[0].size(), out[0].as<T>());
      return std::iota(index, index + lists * count, int64_t{0});
    }
    std::fill_n(index, lists * count, int64_t{-1});
    parallel_for(lists, 1, [&](int64_t begin, int64_t end) {
      for (int64_t list = begin; list < end; ++list) {
        const T* data = in[0].as<T>() + list * count * width;
        T* row = out[0].as<T>() + list * count * width;
        int64_t* from = index + list * count;
        for (int64_t i : select(data, count, width, p)) {
          *from++ = list * count + i;
          std::copy_n(data + i * width, width, row);
          if (p.in_format != p.out_format) convert(row + p.coord_start, p.out_format);
          row += width;
        }
      }
    });
  });
}

const KernelBuilder k1 = KernelBuilder("_contrib_box_nms", "native").run(nms);

}  // namespace
}  // namespace mx

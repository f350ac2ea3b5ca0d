#include "ops/detection/box_encode.h"

#include "backend/cpu/common/boxes.h"
#include "dispatch/kernel.h"

namespace mx {
namespace {

/// A box as centre x, centre y, width and height.
template <typename C>
struct CenterBox {
  C x, y, w, h;
  explicit CenterBox(const Box<C>& b)
      : x((b.x0 + b.x1) / 2), y((b.y0 + b.y1) / 2), w(b.x1 - b.x0), h(b.y1 - b.y0) {}
};

/// Row of refs that an element of matches names. Throws: IndexError when there is none.
template <typename C>
int64_t row_of(C match, int64_t rows) {
  if (!(match >= 0 && match < static_cast<C>(rows)))
    fail(ErrorKind::kIndex, "_contrib_box_encode: matches=", match,
         " is out of range; expected a row of refs, 0 to ", rows - 1);
  return static_cast<int64_t>(match);
}

template <typename T>
void encode_anchor(int64_t i, int64_t row, Inputs in, Outputs out) {
  using C = ComputeType<T>;
  const CenterBox<C> box(load_box(in[3].as<T>() + 4 * row));
  const CenterBox<C> anchor(load_box(in[2].as<T>() + 4 * i));
  const C offsets[] = {(box.x - anchor.x) / anchor.w, (box.y - anchor.y) / anchor.h,
                       std::log(box.w / anchor.w), std::log(box.h / anchor.h)};
  for (int64_t k = 0; k < 4; ++k) {
    const C mean = static_cast<C>(in[4].as<T>()[k]), deviation = static_cast<C>(in[5].as<T>()[k]);
    out[0].as<T>()[4 * i + k] = static_cast<T>((offsets[k] - mean) / deviation);
    out[1].as<T>()[4 * i + k] = static_cast<T>(1);
  }
}

void encode(const Params&, KernelContext&, Inputs in, Outputs out) {
  const int64_t anchors = in[0].shape[1], rows = in[3].shape[1];
  visit_floating(in[0].dtype, "_contrib_box_encode", [&]<typename T>(TypeTag<T>) {
    using C = ComputeType<T>;
    parallel_for(in[0].size(), grain_for(30), [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) {
        for (size_t o : {0u, 1u}) std::fill_n(out[o].as<T>() + 4 * i, 4, static_cast<T>(0));
        if (!(static_cast<C>(in[0].as<T>()[i]) > static_cast<C>(0.5))) continue;
        const int64_t row = row_of(static_cast<C>(in[1].as<T>()[i]), rows);
        encode_anchor<T>(i, i / anchors * rows + row, in, out);
      }
    });
  });
}

void decode(const Params& params, KernelContext&, Inputs in, Outputs out) {
  const auto& p = params.as<BoxDecodeParam>();
  const int64_t anchors = in[1].shape[1];
  visit_floating(in[0].dtype, "_contrib_box_decode", [&]<typename T>(TypeTag<T>) {
    using C = ComputeType<T>;
    const auto limit = [&](C v) { return p.clip > 0 ? std::min(v, static_cast<C>(p.clip)) : v; };
    parallel_for(in[0].size() / 4, grain_for(20), [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) {
        const T* at = in[1].as<T>() + 4 * (i % anchors);
        const Box<C> given = load_box(at), offset = load_box(in[0].as<T>() + 4 * i);
        CenterBox<C> a(given);
        if (p.format == BoxFormat::kCenter)
          a.x = given.x0, a.y = given.y0, a.w = given.x1, a.h = given.y1;
        const C x = offset.x0 * static_cast<C>(p.std0) * a.w + a.x;
        const C y = offset.y0 * static_cast<C>(p.std1) * a.h + a.y;
        const C half_w = std::exp(limit(offset.x1 * static_cast<C>(p.std2))) * a.w / 2;
        const C half_h = std::exp(limit(offset.y1 * static_cast<C>(p.std3))) * a.h / 2;
        T* box = out[0].as<T>() + 4 * i;
        for (C v : {x - half_w, y - half_h, x + half_w, y + half_h}) *box++ = static_cast<T>(v);
      }
    });
  });
}

const KernelBuilder k1 = KernelBuilder("_contrib_box_encode", "native").run(encode);
const KernelBuilder k2 = KernelBuilder("_contrib_box_decode", "native").run(decode);

}  // namespace
}  // namespace mx

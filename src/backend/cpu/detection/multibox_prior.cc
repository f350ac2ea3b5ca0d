#include "ops/detection/multibox_prior.h"

#include <cmath>

#include "dispatch/kernel.h"

namespace mx {
namespace {

/// Half the width and height of each box of a cell.
template <typename C>
std::vector<std::pair<C, C>> half_sides(const MultiBoxPriorParam& p, C height, C width) {
  std::vector<std::pair<C, C>> sides;
  const auto add = [&](double size, double ratio) {
    const C s = static_cast<C>(size), root = std::sqrt(static_cast<C>(ratio));
    sides.emplace_back(s * height / width * root / 2, s / root / 2);
  };
  for (double size : p.sizes) add(size, p.ratios[0]);
  for (size_t i = 1; i < p.ratios.size(); ++i) add(p.sizes[0], p.ratios[i]);
  return sides;
}

template <typename T>
void write_boxes(const MultiBoxPriorParam& p, int64_t height, int64_t width, T* out) {
  using C = ComputeType<T>;
  const auto sides = half_sides(p, static_cast<C>(height), static_cast<C>(width));
  const auto step = [&](size_t axis, int64_t cells) {
    const C given = static_cast<C>(p.steps[axis]);
    return p.steps[0] > 0 && p.steps[1] > 0 ? given : 1 / static_cast<C>(cells);
  };
  const auto place = [&](C v) { return static_cast<T>(p.clip ? std::clamp<C>(v, 0, 1) : v); };
  const C step_y = step(0, height), step_x = step(1, width);
  const auto off_y = static_cast<C>(p.offsets[0]), off_x = static_cast<C>(p.offsets[1]);
  parallel_for(height * width, grain_for(4.0 * static_cast<double>(sides.size())),
               [&](int64_t begin, int64_t end) {
                 T* box = out + begin * p.per_cell() * 4;
                 for (int64_t i = begin; i < end; ++i) {
                   const C y = (static_cast<C>(i / width) + off_y) * step_y;
                   const C x = (static_cast<C>(i % width) + off_x) * step_x;
                   for (const auto& [w, h] : sides) {
                     *box++ = place(x - w);
                     *box++ = place(y - h);
                     *box++ = place(x + w);
                     *box++ = place(y + h);
                   }
                 }
               });
}

void prior(const Params& params, KernelContext&, Inputs in, Outputs out) {
  visit_floating(out[0].dtype, "_contrib_MultiBoxPrior", [&]<typename T>(TypeTag<T>) {
    write_boxes(params.as<MultiBoxPriorParam>(), in[0].shape[2], in[0].shape[3], out[0].as<T>());
  });
}

const KernelBuilder k1 = KernelBuilder("_contrib_MultiBoxPrior", "native").run(prior);

}  // namespace
}  // namespace mx

#include "ops/image/normalize.h"

#include "ir/op.h"
#include "ops/image/picture.h"
#include "ops/init/fill.h"
#include "ops/matrix/concat.h"

namespace mx {
namespace {

void check_count(const ShapeContext& c, const char* name, const std::vector<double>& values) {
  const int64_t channels = c.in(0)[c.in(0).ndim() - 3];
  if (channels < 0 || values.size() == 1 || values.size() == static_cast<size_t>(channels)) return;
  fail(ErrorKind::kValue, c.op_name(), ": ", name, " has ", values.size(),
       " numbers for data=", c.in(0), "; expected one, or one for each of ", channels, " channels");
}

void infer_normalize(ShapeContext& c) {
  const auto& p = c.params<ImageNormalizeParam>();
  c.unify_all();
  if (!c.in(0).has_rank()) return;
  picture::check_rank(c, "(channels, height, width)");
  picture::check_channels(c, 3);
  check_count(c, "mean", p.mean);
  check_count(c, "std", p.std);
}

void normalize_gradient(GradContext& g) {
  const auto& p = g.params<ImageNormalizeParam>();
  g.set(0, g.call("_image_normalize", {g.d_out()}, ImageNormalizeParam{{0}, p.std}));
}

/// The numbers as an array that broadcasts over pictures.
Value per_channel(DecomposeContext& c, const std::vector<double>& values) {
  std::vector<Value> parts;
  for (size_t i = 0; i < values.size(); ++i) {
    const auto value =
        static_cast<double>(ImageNormalizeParam::of_channel(values, static_cast<int64_t>(i)));
    parts.push_back(c.call("_full", {}, FullParam{{1, 1, 1}, "", c.in_dtype(0), value}));
  }
  if (parts.size() == 1) return parts[0];
  const auto count = static_cast<int64_t>(parts.size());
  return c.call("Concat", std::move(parts), ConcatParam{count, 0});
}

/// Whole numbers are computed in float32.
void decompose_normalize(DecomposeContext& c) {
  const auto& p = c.params<ImageNormalizeParam>();
  const Value shifted = c.call("broadcast_sub", {c.in(0), per_channel(c, p.mean)});
  c.set(0, c.call("broadcast_div", {shifted, per_channel(c, p.std)}));
}

const OpBuilder normalize =
    OpBuilder("_image_normalize")
        .alias("_npx__image_normalize")
        .doc("Subtracts a mean from each channel and divides it by a standard deviation.")
        .params<ImageNormalizeParam>()
        .input("data", "Picture (channels, height, width), or a batch of such.")
        .infer_shape(infer_normalize)
        .decomposition(decompose_normalize)
        .gradient(normalize_gradient)
        .inplace(0, 0);

}  // namespace
}  // namespace mx

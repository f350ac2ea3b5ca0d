#include "ops/matrix/split.h"

#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "base/checked.h"
#include "ir/op.h"
#include "ops/matrix/concat.h"

namespace mx {
namespace {

/// Part `i` of an axis that is cut at `begins`, as a shape.
void set_parts(ShapeContext& c, int axis, const std::vector<int64_t>& begins, bool squeeze) {
  const Shape data = c.in(0);
  for (size_t i = 0; i < c.num_out(); ++i) {
    const int64_t end = i + 1 < begins.size() ? begins[i + 1] : data[axis];
    const int64_t size = end < 0 || begins[i] < 0 ? -1 : end - begins[i];
    require(!squeeze || size < 0 || size == 1, c.op_name(), ": squeeze_axis=1 needs parts of size ",
            "1 along axis ", axis, "; expected that of data=", data);
    Shape part = Shape({});
    for (int d = 0; d < data.ndim(); ++d)
      if (d != axis)
        part.push_back(data[d]);
      else if (!squeeze)
        part.push_back(size);
    c.set_out(i, part);
  }
}

/// What the outputs know about data; the size of the cut axis only if every part has the same.
void set_data_from_parts(ShapeContext& c, int64_t given_axis, bool squeeze, bool equal) {
  for (size_t i = 0; i < c.num_out(); ++i) {
    const Shape& part = c.out(i);
    if (!part.has_rank()) continue;
    const int ndim = part.ndim() + (squeeze ? 1 : 0);
    const int axis = normalize_axis(given_axis, ndim, c.op_name());
    Shape data = Shape({});
    for (int d = 0, o = 0; d < ndim; ++d)
      if (d == axis && squeeze)
        data.push_back(static_cast<int64_t>(c.num_out()));
      else if (const int64_t size = part[o++]; d != axis)
        data.push_back(size);
      else
        data.push_back(equal && size >= 0 ? (Checked(size) * static_cast<int64_t>(c.num_out()))
                                                .get(c.op_name(), "num_outputs", c.num_out())
                                          : -1);
    c.set_in(0, data);
  }
}

void infer_slice_channel(ShapeContext& c) {
  const auto& p = c.params<SliceChannelParam>();
  if (!c.in(0).has_rank()) set_data_from_parts(c, p.axis, p.squeeze_axis, true);
  if (!c.in(0).has_rank()) return;
  const int axis = normalize_axis(p.axis, c.in(0).ndim(), c.op_name());
  if (c.in(0)[axis] >= 0 && c.in(0)[axis] % p.num_outputs != 0)
    c.fail_in(0, "cannot be cut into ", p.num_outputs, " equal parts along axis ", axis,
              "; expected a size that ", p.num_outputs, " divides");
  set_parts(c, axis, equal_parts(c.in(0)[axis], p.num_outputs), p.squeeze_axis);
  set_data_from_parts(c, p.axis, p.squeeze_axis, true);
}

void infer_split_along(ShapeContext& c, const SplitParam& p) {
  if (!c.in(0).has_rank()) set_data_from_parts(c, p.axis, p.squeeze_axis, false);
  if (!c.in(0).has_rank()) return;
  const int axis = normalize_axis(p.axis, c.in(0).ndim(), c.op_name());
  const int64_t size = c.in(0)[axis];
  const int64_t most = size < 0 ? std::numeric_limits<int64_t>::max() : size;
  require(p.num_outputs() > 0, c.op_name(), ": indices=", p.indices,
          " name no part; expected 0 and rising numbers");
  for (int i = 0; p.sections == 0 && i < p.indices.ndim(); ++i) {
    const int64_t end = i + 1 < p.indices.ndim() ? p.indices[i + 1] : most;
    require((i > 0 || p.indices[0] == 0) && p.indices[i] <= end, c.op_name(),
            ": indices=", p.indices, " do not rise from 0 within axis ", axis, " of data=", c.in(0),
            "; expected 0 and rising numbers up to its size");
  }
  set_parts(c, axis, split_begins(p, size), p.squeeze_axis);
  set_data_from_parts(c, p.axis, p.squeeze_axis, false);
}

void infer_split(ShapeContext& c) { infer_split_along(c, c.params<SplitParam>()); }

/// Parts that nobody used have gradient zero.
std::vector<Value> gradients_of_parts(GradContext& g) {
  std::vector<Value> parts;
  for (size_t i = 0; i < g.num_out(); ++i)
    parts.push_back(g.has_d_out(i) ? g.d_out(i) : g.zeros_like(g.out(i)));
  return parts;
}

void join_parts(GradContext& g, int64_t axis, bool squeeze) {
  std::vector<Value> parts = gradients_of_parts(g);
  const auto count = static_cast<int64_t>(parts.size());
  g.set(0, squeeze ? g.call("stack", std::move(parts), StackParam{axis, count})
                   : g.call("Concat", std::move(parts), ConcatParam{count, axis}));
}

void slice_channel_gradient(GradContext& g) {
  const auto& p = g.params<SliceChannelParam>();
  join_parts(g, p.axis, p.squeeze_axis);
}

void split_gradient(GradContext& g) {
  const auto& p = g.params<SplitParam>();
  join_parts(g, p.axis, p.squeeze_axis);
}

/// A single part has its number in its name too.
std::vector<std::string> numbered_outputs(int64_t count) {
  std::vector<std::string> names;
  for (int64_t i = 0; i < count; ++i) names.push_back("output" + std::to_string(i));
  return names;
}

const OpBuilder slice_channel =
    OpBuilder("SliceChannel")
        .alias("split")
        .trait("method", "split")
        .doc("Cuts an axis into equal parts, one output each.")
        .trait("low_precision", "follow")
        .params<SliceChannelParam>()
        .input("data", "Array of any shape.")
        .num_outputs([](const Params& params) {
          return static_cast<uint32_t>(params.as<SliceChannelParam>().num_outputs);
        })
        .output_names([](const Params& params) {
          return numbered_outputs(params.as<SliceChannelParam>().num_outputs);
        })
        .infer_shape(infer_slice_channel)
        .gradient(slice_channel_gradient);

const OpBuilder split_v2 =
    OpBuilder("_split_v2")
        .alias("_npi_split")
        .doc("Cuts an axis at given indices, or into equal parts, one output each.")
        .params<SplitParam>()
        .input("data", "Array of any shape.")
        .num_outputs([](const Params& params) {
          return static_cast<uint32_t>(params.as<SplitParam>().num_outputs());
        })
        .infer_shape(infer_split)
        .gradient(split_gradient);

/// mx.np's splits along one certain axis; the parameter `axis` is not read.
template <int kAxis>
SplitParam along(const SplitParam& p, int ndim, std::string_view op) {
  require(ndim >= (kAxis == 1 ? 1 : kAxis + 1), op, ": data has ", ndim,
          " axes; expected at least ", kAxis == 1 ? 1 : kAxis + 1);
  SplitParam result = p;
  result.axis = ndim == 1 ? 0 : kAxis;
  return result;
}

template <int kAxis>
OpBuilder split_axis(const char* name, const char* doc) {
  return OpBuilder(name)
      .doc(doc)
      .params<SplitParam>()
      .input("data", "Array of any shape.")
      .num_outputs([](const Params& params) {
        return static_cast<uint32_t>(params.as<SplitParam>().num_outputs());
      })
      .infer_shape([](ShapeContext& c) {
        if (!c.in(0).has_rank()) return;
        infer_split_along(c, along<kAxis>(c.params<SplitParam>(), c.in(0).ndim(), c.op_name()));
      })
      .decomposition([name](DecomposeContext& c) {
        const SplitParam p = along<kAxis>(c.params<SplitParam>(), c.in_shape(0).ndim(), name);
        const NodePtr node = c.call_node("_split_v2", {c.in(0)}, Params::of(p));
        for (uint32_t i = 0; i < p.num_outputs(); ++i) c.set(i, {node, i});
      });
}

const OpBuilder hsplit =
    split_axis<1>("_npi_hsplit", "Cuts the second axis, or the only one, as _npi_split does.");
const OpBuilder dsplit = split_axis<2>("_npi_dsplit", "Cuts the third axis, as _npi_split does.");

}  // namespace
}  // namespace mx

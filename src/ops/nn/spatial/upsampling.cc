// lint: no-kernel (the operator is written in terms of others)
#include "base/checked.h"
#include "ir/common_params.h"
#include "ir/op.h"
#include "ops/matrix/concat.h"
#include "ops/matrix/reshape.h"
#include "ops/nn/conv/deconvolution.h"

namespace mx {
namespace {

enum class SampleType : int32_t { kNearest, kBilinear };
enum class MultiInput : int32_t { kConcat, kSum };

struct UpSamplingParam {
  int32_t scale = 1;
  int32_t num_filter = 0;
  SampleType sample_type = SampleType::kNearest;
  MultiInput multi_input_mode = MultiInput::kConcat;
  int32_t num_args = 1;
  uint64_t workspace = 512;

  static void describe(ParamBuilder<UpSamplingParam>& fields) {
    using P = UpSamplingParam;
    fields.add("scale", &P::scale, "Factor of height and width of the first input.").required();
    fields.add("num_filter", &P::num_filter, "Channels, with sample_type='bilinear'.");
    fields.add("sample_type", &P::sample_type, "Repeat elements, or a deconvolution by a weight.")
        .required()
        .choice("bilinear", SampleType::kBilinear)
        .choice("nearest", SampleType::kNearest);
    fields.add("multi_input_mode", &P::multi_input_mode, "What is made of several inputs.")
        .choice("concat", MultiInput::kConcat)
        .choice("sum", MultiInput::kSum);
    fields.add("num_args", &P::num_args, "Number of inputs; bilinear has 2 whatever it says.")
        .required();
    fields.add("workspace", &P::workspace, "Not used.").at_least(0);
  }
  void validate(std::string_view op) const {
    require(scale > 0, op, ": scale=", scale, " is out of range; expected at least 1");
    require(num_args > 0, op, ": num_args=", num_args, " is out of range; expected at least 1");
    if (sample_type != SampleType::kBilinear) return;
    require(num_filter > 0, op, ": num_filter=", num_filter,
            " is out of range; expected the number of channels");
  }
  /// Size of the bilinear filter.
  int64_t kernel() const { return 2 * int64_t{scale} - scale % 2; }
};

bool is_bilinear(const Params& params) {
  return params.as<UpSamplingParam>().sample_type == SampleType::kBilinear;
}

int64_t scaled(const ShapeContext& c, int64_t size, int64_t scale) {
  return size < 0 ? -1 : (Checked(size) * scale).get(c.op_name(), "scale", scale);
}

void infer_nearest(ShapeContext& c, const UpSamplingParam& p) {
  const Shape first = c.in(0);
  Shape out{first[0], 0, scaled(c, first[2], p.scale), scaled(c, first[3], p.scale)};
  for (size_t i = 0; i < c.num_in(); ++i) {
    const Shape& in = c.in(i);
    if (!in.has_rank()) return;
    if (in.ndim() != 4) c.fail_in(i, "has ", in.ndim(), " axes; expected 4");
    for (int axis : {2, 3})
      if (in[axis] > 0 && out[axis] >= 0 && out[axis] % in[axis] != 0)
        c.fail_in(i, "cannot be repeated to ", out[axis], " in axis ", axis,
                  "; expected a divisor of it");
    if (p.multi_input_mode == MultiInput::kSum)
      out[1] = in[1];
    else
      out[1] = in[1] < 0 || out[1] < 0 ? -1 : out[1] + in[1];
  }
  c.set_out(0, out);
}

void infer_upsampling_shape(ShapeContext& c) {
  const auto& p = c.params<UpSamplingParam>();
  if (!c.in(0).has_rank()) return;
  if (c.in(0).ndim() != 4) c.fail_in(0, "has ", c.in(0).ndim(), " axes; expected 4");
  if (p.sample_type == SampleType::kNearest) return infer_nearest(c, p);
  Shape out = c.in(0);
  for (int axis : {2, 3}) out[axis] = scaled(c, out[axis], p.scale);
  c.set_in(0, Shape{-1, p.num_filter, -1, -1});
  c.set_in(1, Shape{p.num_filter, 1, p.kernel(), p.kernel()});
  c.set_out(0, out);
}

/// Each element as a block of `rows` x `columns`.
Value repeat(DecomposeContext& c, const Value& x, const Shape& s, int64_t rows, int64_t columns) {
  if (rows == 1 && columns == 1) return x;
  const auto reshape = [&](const Value& v, const Shape& shape) {
    return c.call("Reshape", {v}, ReshapeParam{shape});
  };
  const Value apart = reshape(x, Shape{s[0], s[1], s[2], 1, s[3], 1});
  const Value blocks =
      c.call("broadcast_to", {apart}, ShapeParam{Shape{s[0], s[1], s[2], rows, s[3], columns}});
  return reshape(blocks, Shape{s[0], s[1], s[2] * rows, s[3] * columns});
}

Value nearest(DecomposeContext& c, const UpSamplingParam& p) {
  const Shape& first = c.in_shape(0);
  std::vector<Value> parts;
  for (size_t i = 0; i < c.num_in(); ++i) {
    const Shape& in = c.in_shape(i);
    parts.push_back(repeat(c, c.in(i), in, first[2] * p.scale / in[2], first[3] * p.scale / in[3]));
  }
  if (parts.size() == 1) return parts[0];
  if (p.multi_input_mode == MultiInput::kConcat)
    return c.call("Concat", parts, ConcatParam{static_cast<int64_t>(parts.size()), 1});
  Value sum = parts[0];
  for (size_t i = 1; i < parts.size(); ++i) sum = c.add(sum, parts[i]);
  return sum;
}

void decompose_upsampling(DecomposeContext& c) {
  const auto& p = c.params<UpSamplingParam>();
  if (p.sample_type == SampleType::kNearest) return c.set(0, nearest(c, p));
  DeconvolutionParam d;
  d.kernel = Shape{p.kernel(), p.kernel()};
  d.stride = Shape{p.scale, p.scale};
  d.pad = Shape{p.scale / 2, p.scale / 2};  // ceil((scale - 1) / 2)
  d.num_filter = d.num_group = static_cast<uint32_t>(p.num_filter);
  c.set(0, c.call("Deconvolution", {c.in(0), c.in(1)}, d));
}

const OpBuilder upsampling =
    OpBuilder("UpSampling")
        .doc("Enlarges images, repeating elements or by a (bilinear) deconvolution.")
        .params<UpSamplingParam>()
        .variadic("num_args")
        .fixed_inputs(is_bilinear, {{"data", "Images."},
                                    {"weight", "Filter of each channel.", InputKind::kParameter}})
        .trait("init.weight", R"(["bilinear", {}])")
        .infer_shape(infer_upsampling_shape)
        .decomposition(decompose_upsampling)
        .trait("low_precision", "follow");

}  // namespace
}  // namespace mx

// Deformable convolutions: the elements of each window are moved, and weighed by a mask, before
// they are multiplied. Both are a matrix product with columns that _deformable_columns makes.
#include "ops/nn/conv/deformable_convolution.h"

#include <type_traits>
#include <utility>
#include <vector>

#include "base/checked.h"
#include "ir/op.h"
#include "ops/matrix/dot.h"
#include "ops/matrix/reshape.h"
#include "ops/matrix/transpose.h"
#include "ops/nn/conv/convolution.h"

namespace mx {
namespace {

enum class ImageLayout : int32_t { kNCW, kNCHW, kNCDHW };

/// Fields of both operators, whose numbers are written as Count.
template <typename Count>
struct DeformableFields : Im2ColParam {
  Count num_filter = 0, num_group = 1, num_deformable_group = 1;
  uint64_t workspace = 1024;
  bool no_bias = false;
  std::optional<ImageLayout> layout;

  template <typename P>
  static void describe_filters(ParamBuilder<P>& fields) {
    Im2ColParam::describe_as(fields);
    fields.template add<Count>("num_filter", &P::num_filter, "Number of output channels.")
        .required()
        .at_least(0);
    fields.template add<Count>("num_group", &P::num_group, "Number of separate channel groups.")
        .at_least(0);
    fields
        .template add<Count>("num_deformable_group", &P::num_deformable_group,
                             "Groups of channels that move together.")
        .at_least(0);
    fields.template add<uint64_t>("workspace", &P::workspace, "Not used.").at_least(0);
    fields.template add<bool>("no_bias", &P::no_bias, "Whether there is no bias.");
  }
  template <typename P>
  static void describe_layout(ParamBuilder<P>& fields) {
    fields.template add<std::optional<ImageLayout>>("layout", &P::layout, "Only NCHW is there.")
        .choice("NCDHW", ImageLayout::kNCDHW)
        .choice("NCHW", ImageLayout::kNCHW)
        .choice("NCW", ImageLayout::kNCW);
  }
  void validate(std::string_view op) const {
    Im2ColParam::validate(op);
    require(kernel.ndim() == 2, op, ": kernel=", kernel, " has ", kernel.ndim(),
            " numbers; expected 2, height and width");
    require(!layout || *layout == ImageLayout::kNCHW, op,
            ": layout is not that of images; expected "
            "NCHW or None");
    require(num_filter > 0, op, ": num_filter=", num_filter,
            " is out of range; expected at least 1");
    require(num_group > 0, op, ": num_group=", num_group, " is out of range; expected at least 1");
    require(num_deformable_group > 0, op, ": num_deformable_group=", num_deformable_group,
            " is out of range; expected at least 1");
    require(num_filter % num_group == 0, op, ": num_filter=", num_filter,
            " cannot be divided into groups; expected a multiple of num_group=", num_group);
  }
};

struct DeformableConvolutionParam : DeformableFields<int32_t> {
  static void describe(ParamBuilder<DeformableConvolutionParam>& fields) {
    describe_filters(fields);
    describe_layout(fields);
  }
};

struct ModulatedConvolutionParam : DeformableFields<uint32_t> {
  uint32_t im2col_step = 64;
  static void describe(ParamBuilder<ModulatedConvolutionParam>& fields) {
    describe_filters(fields);
    fields.add("im2col_step", &ModulatedConvolutionParam::im2col_step, "Not used.").at_least(0);
    describe_layout(fields);
  }
};

/// Spatial size of the output for data of that shape; -1 where it is unknown.
Shape out_size(const ShapeContext& c, const Im2ColParam& p, const Shape& data) {
  Shape out{-1, -1};
  for (int i = 0; i < 2; ++i) {
    if (data[i + 2] < 0) continue;
    if (data[i + 2] == 0) c.fail_in(0, "has no pixels; expected at least one");
    out[i] = p.windows(data[i + 2], i);
    if (out[i] == 0)
      c.fail_in(0, "is smaller than the window in spatial axis ", i, "; expected at least ",
                dilated(p.kernel[i], spatial_tuple(p.dilate, 2, 1)[i]) -
                    2 * spatial_tuple(p.pad, 2, 0)[i]);
  }
  return out;
}

/// Data, offsets and masks, wherever they stand: inputs 0, 1 and, with `has_mask`, 2.
Shape infer_moved(ShapeContext& c, const Im2ColParam& p, int64_t groups, bool has_mask) {
  c.set_in(0, Shape::unknown_dims(4));
  const Shape data = c.in(0);
  if (data[1] >= 0 && data[1] % groups != 0)
    c.fail_in(0, "has ", data[1], " channels; expected a multiple of the ", groups,
              " groups that move together");
  const Shape out = out_size(c, p, data);
  const int64_t moved =
      (Checked(p.kernel[0]) * p.kernel[1] * groups * 2).get(c.op_name(), "kernel", p.kernel);
  c.set_in(1, Shape{data[0], moved, out[0], out[1]});
  if (has_mask) c.set_in(2, Shape{data[0], moved / 2, out[0], out[1]});
  return out;
}

template <typename P>
constexpr bool kHasMask = std::is_same_v<P, ModulatedConvolutionParam>;

template <typename P>
void infer_convolution_shape(ShapeContext& c) {
  const auto& p = c.params<P>();
  constexpr size_t kWeight = kHasMask<P> ? 3 : 2;
  const Shape out = infer_moved(c, p, p.num_deformable_group, kHasMask<P>);
  const int64_t channels = c.in(0)[1];
  if (channels >= 0 && channels % p.num_group != 0)
    c.fail_in(0, "has ", channels, " channels; expected a multiple of num_group=", p.num_group);
  c.set_in(kWeight, Shape{p.num_filter, channels < 0 ? -1 : channels / p.num_group, p.kernel[0],
                          p.kernel[1]});
  if (!p.no_bias) c.set_in(kWeight + 1, Shape{p.num_filter});
  c.set_out(0, Shape{c.in(0)[0], p.num_filter, out[0], out[1]});
  c.set_in(0, Shape{c.out(0)[0], -1, -1, -1});
}

/// (num_filter, channels of a group * window) times the columns, for each group of channels.
template <typename P>
void decompose_convolution(DecomposeContext& c) {
  const auto& p = c.params<P>();
  constexpr size_t kWeight = kHasMask<P> ? 3 : 2;
  const Shape &data = c.in_shape(0), &offset = c.in_shape(1);
  const int64_t groups = p.num_group, filters = p.num_filter, batch = data[0];
  const int64_t rows = data[1] / groups * p.kernel.size();
  const int64_t height = offset[2], width = offset[3];
  const auto reshape = [&](const Value& v, Shape shape) {
    return c.call("Reshape", {v}, ReshapeParam{std::move(shape)});
  };
  DeformableColumnsParam columns;
  static_cast<Im2ColParam&>(columns) = p;
  columns.groups = p.num_deformable_group;
  columns.abrupt_border = !kHasMask<P>;
  std::vector<Value> in{c.in(0), c.in(1)};
  if (kHasMask<P>) in.push_back(c.in(2));
  const Value moved = reshape(c.call("_deformable_columns", in, columns),
                              Shape{groups, rows, batch * height * width});
  const Value weight = reshape(c.in(kWeight), Shape{groups, filters / groups, rows});
  Value out = c.call("batch_dot", {weight, moved}, DotParam{});
  out = reshape(out, Shape{filters, batch, height, width});
  out = c.call("transpose", {out}, TransposeParam{Shape{1, 0, 2, 3}});
  if (!p.no_bias)
    out = c.call("broadcast_add", {out, reshape(c.in(kWeight + 1), Shape{1, filters, 1, 1})});
  c.set(0, out);
}

void infer_columns_shape(ShapeContext& c) {
  const auto& p = c.params<DeformableColumnsParam>();
  const Shape out = infer_moved(c, p, p.groups, c.num_in() > 2);
  const int64_t channels = c.in(0)[1];
  c.set_out(0, Shape{channels < 0 ? -1 : channels * p.kernel.size(), c.in(0)[0], out[0], out[1]});
}

void columns_gradient(GradContext& g) {
  std::vector<Value> in{g.d_out()};
  for (size_t i = 0; i < g.num_in(); ++i) in.push_back(g.in(i));
  const NodePtr node = g.call_node("_backward_deformable_columns", in, g.raw_params());
  for (uint32_t i = 0; i < g.num_in(); ++i) g.set(i, {node, i});
}

void infer_backward_shape(ShapeContext& c) {
  for (size_t i = 0; i < c.num_out(); ++i) c.set_out(i, c.in(i + 1));
}

/// The convolution with masks is the one whose zeros do not begin at once.
bool has_mask(const Params& params) { return !params.as<DeformableColumnsParam>().abrupt_border; }

const OpBuilder columns =
    OpBuilder("_deformable_columns")
        .doc(
            "Windows of images as columns (channels * window, batch, height, width), each of whose "
            "elements is moved and read between pixels.")
        .params<DeformableColumnsParam>()
        .input("data", "(batch, channels, height, width)")
        .input("offset", "(batch, groups * window * 2, out height, out width): down, then right.")
        .input("mask", "(batch, groups * window, out height, out width): factors of the elements.")
        .input_used([](const Params& params, size_t i) { return i < 2 || has_mask(params); })
        .infer_shape(infer_columns_shape)
        .infer_dtype(infer::floating_dtype)
        .gradient(columns_gradient);

const OpBuilder columns_backward =
    OpBuilder("_backward_deformable_columns")
        .doc("Gradients of _deformable_columns.")
        .params<DeformableColumnsParam>()
        .input("d_out")
        .input("data")
        .input("offset")
        .input("mask")
        .input_used([](const Params& params, size_t i) { return i < 3 || has_mask(params); })
        .outputs({"d_data", "d_offset", "d_mask"})
        .num_outputs([](const Params& params) { return has_mask(params) ? 3u : 2u; })
        .infer_shape(infer_backward_shape)
        .infer_dtype(infer::floating_dtype)
        .not_differentiable("its derivatives jump where elements cross pixels");

const OpBuilder deformable =
    OpBuilder("_contrib_DeformableConvolution")
        .doc("Convolution whose windows' elements are moved by given offsets.")
        .params<DeformableConvolutionParam>()
        .input("data", "(batch, channels, height, width)")
        .input("offset", "(batch, num_deformable_group * window * 2, out height, out width)")
        .parameter("weight", "(num_filter, channels / num_group, kernel...)")
        .parameter("bias", "(num_filter,)")
        .input_used([](const Params& params, size_t i) {
          return i < 3 || !params.as<DeformableConvolutionParam>().no_bias;
        })
        .infer_shape(infer_convolution_shape<DeformableConvolutionParam>)
        .infer_dtype(infer::floating_dtype)
        .decomposition(decompose_convolution<DeformableConvolutionParam>);

const OpBuilder modulated =
    OpBuilder("_contrib_ModulatedDeformableConvolution")
        .doc("Convolution whose windows' elements are moved and weighed as given.")
        .params<ModulatedConvolutionParam>()
        .input("data", "(batch, channels, height, width)")
        .input("offset", "(batch, num_deformable_group * window * 2, out height, out width)")
        .input("mask", "(batch, num_deformable_group * window, out height, out width)")
        .parameter("weight", "(num_filter, channels / num_group, kernel...)")
        .parameter("bias", "(num_filter,)")
        .input_used([](const Params& params, size_t i) {
          return i < 4 || !params.as<ModulatedConvolutionParam>().no_bias;
        })
        .infer_shape(infer_convolution_shape<ModulatedConvolutionParam>)
        .infer_dtype(infer::floating_dtype)
        .decomposition(decompose_convolution<ModulatedConvolutionParam>);

}  // namespace
}  // namespace mx

#include "ops/detection/deformable_psroi_pooling.h"

#include "ir/op.h"

namespace mx {

void DeformablePsRoiPoolingParam::describe(ParamBuilder<DeformablePsRoiPoolingParam>& fields) {
  using P = DeformablePsRoiPoolingParam;
  fields
      .add("spatial_scale", &P::spatial_scale,
           "Size of data over size of the image that rois count in.")
      .required()
      .range(0, 1);
  fields.add("output_dim", &P::output_dim, "Channels of the result.").required();
  fields.add("group_size", &P::group_size, "Height and width of the grid of channels.").required();
  fields.add("pooled_size", &P::pooled_size, "Height and width of the result.").required();
  fields.add("part_size", &P::part_size, "Height and width of trans; pooled_size when 0.")
      .at_least(0);
  fields.add("sample_per_part", &P::sample_per_part, "Points in each direction of a cell.")
      .range(1, 1 << 16);
  fields.add("trans_std", &P::trans_std, "Factor of trans, which counts in sizes of the region.")
      .range(0, 1);
  fields.add("no_trans", &P::no_trans, "Whether cells stay where they are.");
}

void DeformablePsRoiPoolingParam::validate(std::string_view op) const {
  PsRoiPoolingParam::check_sizes(op, output_dim, pooled_size);
  require(group_size > 0 && group_size <= (1 << 10), op, ": group_size=", group_size,
          " is out of range; expected 1 to 1024");
}

namespace {

/// Data, rois and trans, which begin at input `first`.
void infer_inputs(ShapeContext& c, size_t first) {
  const auto& p = c.params<DeformablePsRoiPoolingParam>();
  c.set_in(first, Shape{-1, p.channels(), -1, -1});
  c.set_in(first + 1, Shape{-1, 5});
  if (p.no_trans) return;
  c.set_in(first + 2, Shape{c.in(first + 1)[0], -1, p.parts(), p.parts()});
  const int64_t moves = c.in(first + 2)[1];
  if (moves < 0) return;
  if (moves % 2 != 0 || moves == 0 || p.output_dim % (moves / 2) != 0)
    c.fail_in(first + 2, "has ", moves,
              " channels; expected two for each of a number of classes "
              "that divides output_dim=",
              p.output_dim);
}

Shape pooled_shape(const ShapeContext& c, size_t rois) {
  const auto& p = c.params<DeformablePsRoiPoolingParam>();
  return Shape{c.in(rois)[0], p.output_dim, p.pooled_size, p.pooled_size};
}

void infer_pooling_shape(ShapeContext& c) {
  infer_inputs(c, 0);
  c.set_out(0, pooled_shape(c, 1));
  c.set_in(1, Shape{c.out(0)[0], 5});
}

void infer_backward_shape(ShapeContext& c) {
  infer_inputs(c, 1);
  c.set_in(0, pooled_shape(c, 2));
  c.set_out(0, c.in(1));
  if (c.num_out() > 1) c.set_out(1, c.in(3));
}

bool moves(const Params& params) { return !params.as<DeformablePsRoiPoolingParam>().no_trans; }

void pooling_gradient(GradContext& g) {
  std::vector<Value> in{g.d_out()};
  for (size_t i = 0; i < g.num_in(); ++i) in.push_back(g.in(i));
  const NodePtr node = g.call_node("_backward_contrib_DeformablePSROIPooling", in, g.raw_params());
  g.set(0, {node, 0});
  if (g.num_in() > 2) g.set(2, {node, 1});
}

const OpBuilder pooling =
    OpBuilder("_contrib_DeformablePSROIPooling")
        .doc(
            "Means of points of the cells of regions, each moved and read from channels of its "
            "own.")
        .params<DeformablePsRoiPoolingParam>()
        .input("data", "Feature maps (N, output_dim * group_size * group_size, H, W).")
        .input("rois", "Rows (image, x0, y0, x1, y1); an image that data lacks gives zeros.")
        .input("trans", "Moves (R, 2 * classes, part_size, part_size): right, then down.")
        .input_used([](const Params& params, size_t i) { return i < 2 || moves(params); })
        .infer_shape(infer_pooling_shape)
        .infer_dtype(infer::floating_dtype)
        .gradient(pooling_gradient);

const OpBuilder backward =
    OpBuilder("_backward_contrib_DeformablePSROIPooling")
        .doc("Gradients of _contrib_DeformablePSROIPooling for data and trans.")
        .params<DeformablePsRoiPoolingParam>()
        .input("d_out")
        .input("data")
        .input("rois")
        .input("trans")
        .input_used([](const Params& params, size_t i) { return i < 3 || moves(params); })
        .outputs({"d_data", "d_trans"})
        .num_outputs([](const Params& params) { return moves(params) ? 2u : 1u; })
        .infer_shape(infer_backward_shape)
        .infer_dtype(infer::floating_dtype)
        .not_differentiable("its derivatives jump where points cross pixels");

}  // namespace
}  // namespace mx

#include "ops/nn/spatial/bilinear_resize.h"

#include <cmath>

#include "ir/op.h"

namespace mx {

void BilinearResizeParam::describe(ParamBuilder<BilinearResizeParam>& fields) {
  using P = BilinearResizeParam;
  constexpr int32_t kMost = 10000;
  fields.add("height", &P::height, "Height of the result, with mode='size' and no scale_height.")
      .range(1, kMost);
  fields.add("width", &P::width, "Width of the result, with mode='size' and no scale_width.")
      .range(1, kMost);
  fields.add("scale_height", &P::scale_height,
             "Factor of the height, with 'size' and 'odd_scale'.");
  fields.add("scale_width", &P::scale_width, "Factor of the width, with 'size' and 'odd_scale'.");
  fields
      .add("mode", &P::mode,
           "size: as the other arguments say; odd_scale: the factors make an odd size; like: that "
           "of the second input; the others: one more or less where the size is odd or even.")
      .choice("like", ResizeMode::kLike)
      .choice("odd_scale", ResizeMode::kOddScale)
      .choice("size", ResizeMode::kSize)
      .choice("to_even_down", ResizeMode::kToEvenDown)
      .choice("to_even_up", ResizeMode::kToEvenUp)
      .choice("to_odd_down", ResizeMode::kToOddDown)
      .choice("to_odd_up", ResizeMode::kToOddUp);
  fields.add("align_corners", &P::align_corners,
             "Whether the corners' middles stay where they are, or their outer edges.");
}

namespace {

void check_scale(std::string_view op, const char* name, const std::optional<float>& scale,
                 bool needed) {
  require(scale.has_value() || !needed, op, ": ", name,
          " is missing; expected a factor for height and one for width");
  if (scale)
    require(*scale > 0 && std::isfinite(*scale), op, ": ", name, "=", *scale,
            " is no factor; expected a number above 0");
}

}  // namespace

void BilinearResizeParam::validate(std::string_view op) const {
  if (mode != ResizeMode::kSize && mode != ResizeMode::kOddScale) return;
  const bool needed = mode == ResizeMode::kOddScale || scale_height || scale_width;
  check_scale(op, "scale_height", scale_height, needed);
  check_scale(op, "scale_width", scale_width, needed);
}

namespace {

/// Size of an axis of `in` elements after the resize; `like` is that of the second input.
int64_t resized(const ShapeContext& c, int64_t in, int64_t like, bool is_height) {
  const auto& p = c.params<BilinearResizeParam>();
  const auto& scale = is_height ? p.scale_height : p.scale_width;
  if (p.mode == ResizeMode::kLike) return like;
  if (p.mode == ResizeMode::kSize && !scale) return is_height ? p.height : p.width;
  if (in < 0) return Shape::kUnknownDim;
  const bool is_odd = in % 2 != 0;
  const auto times = [&](int64_t size) {
    const double wanted = std::floor(static_cast<double>(*scale) * static_cast<double>(size));
    require(wanted < 2147483648.0, c.op_name(), ": ",
            is_height ? "scale_height=" : "scale_width=", *scale,
            " makes a size beyond 2147483647; expected a smaller factor");
    return static_cast<int64_t>(wanted);
  };
  switch (p.mode) {
    case ResizeMode::kOddScale:
      return is_odd ? times(in - 1) + 1 : times(in);
    case ResizeMode::kToEvenDown:
      return is_odd ? in - 1 : in;
    case ResizeMode::kToEvenUp:
      return is_odd ? in + 1 : in;
    case ResizeMode::kToOddDown:
      return is_odd ? in : in - 1;
    case ResizeMode::kToOddUp:
      return is_odd ? in : in + 1;
    default:
      return times(in);
  }
}

void infer_resize_shape(ShapeContext& c) {
  for (size_t i = 0; i < c.num_in(); ++i) {
    if (c.in(i).has_rank() && c.in(i).ndim() != 4)
      c.fail_in(i, "has ", c.in(i).ndim(), " axes; expected 4: batch, channels, height, width");
    c.set_in(i, Shape::unknown_dims(4));
  }
  Shape out = c.in(0);
  for (int axis : {2, 3}) {
    const int64_t like = c.num_in() > 1 ? c.in(1)[axis] : Shape::kUnknownDim;
    out[axis] = resized(c, c.in(0)[axis], like, axis == 2);
    if (c.in(0)[axis] == 0 && out[axis] > 0) c.fail_in(0, "has no pixels; expected at least one");
  }
  c.set_out(0, out);
  c.set_in(0, Shape{c.out(0)[0], c.out(0)[1], -1, -1});
}

void resize_gradient(GradContext& g) {
  const auto& p = g.params<BilinearResizeParam>();
  g.set(0, g.call("_backward_contrib_BilinearResize2D", {g.d_out()},
                  BilinearResizeBackwardParam{g.in_shape(0), p.align_corners}));
}

/// Linear in d_out: its gradient is the resize itself.
void backward_gradient(GradContext& g) {
  BilinearResizeParam p;
  p.height = static_cast<int32_t>(g.in_shape(0)[2]);
  p.width = static_cast<int32_t>(g.in_shape(0)[3]);
  p.align_corners = g.params<BilinearResizeBackwardParam>().align_corners;
  g.set(0, g.call("_contrib_BilinearResize2D", {g.d_out()}, p));
}

const OpBuilder resize =
    OpBuilder("_contrib_BilinearResize2D")
        .doc("Images of another size, with values between neighbours on straight lines.")
        .params<BilinearResizeParam>()
        .input("data", "(batch, channels, height, width)")
        .input("like", "With mode='like': an array that has the height and width wanted.")
        .input_used([](const Params& params, size_t input) {
          return input == 0 || params.as<BilinearResizeParam>().mode == ResizeMode::kLike;
        })
        .infer_shape(infer_resize_shape)
        .infer_dtype(infer::floating_dtype)
        .gradient(resize_gradient)
        .trait("low_precision", "follow");

const OpBuilder backward = OpBuilder("_backward_contrib_BilinearResize2D")
                               .doc("Gradient of _contrib_BilinearResize2D for data.")
                               .params<BilinearResizeBackwardParam>()
                               .input("d_out", "(batch, channels, height, width)")
                               .infer_shape([](ShapeContext& c) {
                                 c.set_out(0, c.params<BilinearResizeBackwardParam>().data_shape);
                               })
                               .infer_dtype(infer::floating_dtype)
                               .gradient(backward_gradient);

}  // namespace
}  // namespace mx

#include "ops/nn/spatial/grid_generator.h"

#include "ir/op.h"

namespace mx {

void check_target_shape(std::string_view op, const Shape& shape) {
  require(shape.ndim() == 2 && shape[0] > 0 && shape[1] > 0, op, ": target_shape=", shape,
          " is no size; expected two numbers above 0, height and width");
}

void GridGeneratorParam::validate(std::string_view op) const {
  if (transform_type == TransformType::kAffine) check_target_shape(op, target_shape);
}

namespace {

/// Shapes of data and of the grid, of which either may be the input.
struct GridShapes {
  Shape data, grid;
  GridShapes(const GridGeneratorParam& p, int64_t batch, int64_t height, int64_t width) {
    const bool affine = p.transform_type == TransformType::kAffine;
    if (affine) height = p.target_shape[0], width = p.target_shape[1];
    grid = Shape{batch, 2, height, width};
    data = affine ? Shape{batch, 6} : grid;
  }
};

void infer_grid_shape(ShapeContext& c) {
  const auto& p = c.params<GridGeneratorParam>();
  c.set_in(0, GridShapes(p, -1, -1, -1).data);
  c.set_out(0, GridShapes(p, -1, -1, -1).grid);
  const bool affine = p.transform_type == TransformType::kAffine;
  c.set_out(0, affine ? GridShapes(p, c.in(0)[0], -1, -1).grid : c.in(0));
  const Shape& out = c.out(0);
  c.set_in(0, GridShapes(p, out[0], out[2], out[3]).data);
}

void infer_backward_shape(ShapeContext& c) {
  const auto& p = c.params<GridGeneratorParam>();
  c.set_in(0, GridShapes(p, -1, -1, -1).grid);
  const Shape& d = c.in(0);
  c.set_out(0, GridShapes(p, d[0], d[2], d[3]).data);
}

void grid_gradient(GradContext& g) {
  g.set(0, g.call("_backward_GridGenerator", {g.d_out()}, g.raw_params()));
}

/// An affine grid is linear in the matrices; that of a flow is a scale, and a shift that has gone.
void backward_gradient(GradContext& g) {
  const bool affine = g.params<GridGeneratorParam>().transform_type == TransformType::kAffine;
  g.set(0,
        g.call(affine ? "GridGenerator" : "_backward_GridGenerator", {g.d_out()}, g.raw_params()));
}

const OpBuilder grid =
    OpBuilder("GridGenerator")
        .doc(
            "Points (x, y) at which BilinearSampler reads, in [-1, 1] inside of an image: a "
            "regular "
            "grid moved by an affine map, or by a flow in pixels.")
        .params<GridGeneratorParam>()
        .input("data", "Matrices (batch, 6), row by row, or flows (batch, 2, height, width).")
        .infer_shape(infer_grid_shape)
        .infer_dtype(infer::floating_dtype)
        .gradient(grid_gradient);

const OpBuilder backward = OpBuilder("_backward_GridGenerator")
                               .doc("Gradient of GridGenerator for data.")
                               .params<GridGeneratorParam>()
                               .input("d_out", "(batch, 2, height, width)")
                               .infer_shape(infer_backward_shape)
                               .infer_dtype(infer::floating_dtype)
                               .gradient(backward_gradient);

}  // namespace
}  // namespace mx

// im2col and col2im: windows as columns of a matrix, and the sum of such columns over data.
#include "ops/nn/conv/im2col.h"

#include "base/checked.h"
#include "ir/op.h"
#include "ops/nn/conv/convolution.h"

namespace mx {

void Im2ColParam::validate(std::string_view op) const {
  check_kernel(op, kernel, {});
  check_tuple(op, "stride", stride, kernel.ndim(), 1);
  check_tuple(op, "dilate", dilate, kernel.ndim(), 1);
  check_tuple(op, "pad", pad, kernel.ndim(), 0);
}

void Col2ImParam::validate(std::string_view op) const {
  Im2ColParam::validate(op);
  require(output_size.ndim() == kernel.ndim(), op, ": output_size=", output_size, " has ",
          output_size.ndim(), " numbers; expected ", kernel.ndim(), ", as many as kernel has");
  for (int i = 0; i < kernel.ndim(); ++i)
    require(output_size[i] > 0 && windows(output_size[i], i) > 0, op, ": output_size=", output_size,
            " is smaller than the window in spatial axis ", i, "; expected at least ",
            dilated(kernel[i], spatial_tuple(dilate, kernel.ndim(), 1)[i]) -
                2 * spatial_tuple(pad, kernel.ndim(), 0)[i]);
}

int64_t Im2ColParam::windows(int64_t in, int i) const {
  const int rank = kernel.ndim();
  const int64_t window = dilated(kernel[i], spatial_tuple(dilate, rank, 1)[i]);
  const int64_t free = in + 2 * spatial_tuple(pad, rank, 0)[i] - window;
  return free < 0 ? 0 : free / spatial_tuple(stride, rank, 1)[i] + 1;
}

namespace {

int64_t window_size(const ShapeContext& c, const Im2ColParam& p, int64_t channels) {
  Checked size = channels;
  for (int64_t k : p.kernel) size *= k;
  return size.get(c.op_name(), "kernel", p.kernel);
}

void infer_im2col_shape(ShapeContext& c) {
  const auto& p = c.params<Im2ColParam>();
  const int rank = p.kernel.ndim();
  if (c.in(0).has_rank() && c.in(0).ndim() != rank + 2)
    c.fail_in(0, "has ", c.in(0).ndim(), " axes; expected ", rank + 2,
              " for the given kernel: batch, channels and ", rank, " spatial");
  c.set_in(0, Shape::unknown_dims(rank + 2));
  Checked count = 1;
  bool known = true;
  for (int i = 0; i < rank; ++i) {
    const int64_t in = c.in(0)[i + 2], windows = in < 0 ? -1 : p.windows(in, i);
    if (windows == 0)
      c.fail_in(0, "is smaller than the window in spatial axis ", i, "; expected at least ",
                dilated(p.kernel[i], spatial_tuple(p.dilate, rank, 1)[i]) -
                    2 * spatial_tuple(p.pad, rank, 0)[i]);
    known = known && windows > 0;
    count *= windows;
  }
  const int64_t channels = c.in(0)[1];
  c.set_out(0, Shape{c.in(0)[0], channels < 0 ? -1 : window_size(c, p, channels),
                     known ? count.get(c.op_name(), "pad", p.pad) : -1});
}

void infer_col2im_shape(ShapeContext& c) {
  const auto& p = c.params<Col2ImParam>();
  Checked count = 1;
  for (int i = 0; i < p.kernel.ndim(); ++i) count *= p.windows(p.output_size[i], i);
  if (c.in(0).has_rank() && c.in(0).ndim() != 3)
    c.fail_in(0, "has ", c.in(0).ndim(), " axes; expected 3: batch, elements of a window, windows");
  c.set_in(0, Shape{-1, -1, count.get(c.op_name(), "output_size", p.output_size)});
  const int64_t rows = c.in(0)[1], window = window_size(c, p, 1);
  if (rows >= 0 && rows % window != 0)
    c.fail_in(0, "has ", rows, " elements in a column; expected a multiple of the ", window,
              " of kernel=", p.kernel);
  Shape out{c.in(0)[0], rows < 0 ? -1 : rows / window};
  for (int64_t size : p.output_size) out.push_back(size);
  c.set_out(0, out);
}

/// Each of the two is linear and the other's transpose.
void im2col_gradient(GradContext& g) {
  Col2ImParam p;
  static_cast<Im2ColParam&>(p) = g.params<Im2ColParam>();
  p.output_size = Shape(std::span(g.in_shape(0).begin() + 2, g.in_shape(0).end()));
  g.set(0, g.call("col2im", {g.d_out()}, p));
}

void col2im_gradient(GradContext& g) {
  g.set(0, g.call("im2col", {g.d_out()}, Im2ColParam(g.params<Col2ImParam>())));
}

const OpBuilder im2col =
    OpBuilder("im2col")
        .doc("Windows over data as columns: the matrix that makes a convolution a product.")
        .params<Im2ColParam>()
        .input("data", "(batch, channels, spatial...)")
        .infer_shape(infer_im2col_shape)
        .infer_dtype(infer::floating_dtype)
        .gradient(im2col_gradient);

const OpBuilder col2im =
    OpBuilder("col2im")
        .doc("Puts the columns that im2col made back and adds up where windows overlap.")
        .params<Col2ImParam>()
        .input("data", "(batch, channels * elements of a window, windows)")
        .infer_shape(infer_col2im_shape)
        .infer_dtype(infer::floating_dtype)
        .gradient(col2im_gradient);

}  // namespace
}  // namespace mx

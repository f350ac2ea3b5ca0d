// The distributions of mx.np.random. Numbers are made of standard ones by their parameters, so that
// parameters have gradients where 1.9.1 gives them some.
#include "ops/random/numpy_distribution.h"

#include "ir/op.h"
#include "ir/shape_meaning.h"
#include "ops/elemwise/common.h"

namespace mx {
namespace {

using namespace numpy_distribution;

/// The shape that all inputs are broadcast to; unknown while one of theirs is.
Shape broadcast_inputs(ShapeContext& c) {
  Shape shape({});
  for (size_t i = 0; i < c.num_in(); ++i) shape = broadcast_shapes(shape, c.in(i), c.op_name());
  return shape;
}

void infer_size(ShapeContext& c, const std::optional<Shape>& size) {
  if (!size) return c.set_out(0, broadcast_inputs(c));
  set_written_shape(c, *size);
  if (!c.out(0).is_known()) return;
  for (size_t i = 0; i < c.num_in(); ++i)
    if (c.in(i).has_rank() && broadcast_shapes(c.in(i), c.out(0), c.op_name()) != c.out(0))
      c.fail_in(i, "has shape ", c.in(i), ", which is not broadcast to size=", c.out(0),
                "; expected dimensions of 1 or of that size");
}

/// `size` stands before the shape of the parameters.
void infer_batch_size(ShapeContext& c, const std::optional<Shape>& size) {
  const Shape one = broadcast_inputs(c);
  if (!one.has_rank()) return;
  Shape out = size ? *size : Shape({});
  for (int i = 0; i < one.ndim(); ++i) out.push_back(one[i]);
  c.set_out(0, out);
}

template <typename D, bool kBatch>
void infer_shape(ShapeContext& c) {
  const auto& p = c.params<NumpyRandomParam<D>>();
  // The kernel looks at parameters in inputs; 1 makes sense for those.
  const float first = p.first.value_or(1), second = p.second.value_or(1);
  if (!D::valid(first, second))
    fail(ErrorKind::kValue, c.op_name(), ": ", D::kFirst, "=", first,
         D::kSecond ? concat(" and ", D::kSecond, "=", second) : "",
         " make no distribution; expected ", D::kLimits);
  (kBatch ? infer_batch_size : infer_size)(c, p.size);
  for (size_t i = 1; i < c.num_out(); ++i) c.set_out(i, c.out(0));
}

void infer_parameters_dtype(DTypeContext& c) {
  for (size_t i = 0; i < c.num_in(); ++i)
    if (c.in(i) == DType::kUnknown) c.set_in(i, DType::kFloat32);
}

template <typename D>
void infer_dtype(DTypeContext& c) {
  infer_parameters_dtype(c);
  c.set_out(0, c.params<NumpyRandomParam<D>>().dtype);
  if (c.num_out() > 1) c.set_out(1, DType::kFloat32);
}

/// Sets the gradient of an input from one in the dtype and shape of the output.
void set_broadcast(GradContext& g, size_t input, Value d) {
  d = elemwise::sum_to_input(g, std::move(d), input);
  g.set(input, g.in_dtype(input) == g.out_dtype(0) ? d : g.cast(d, g.in_dtype(input)));
}

/// out = loc + scale * noise; the noise is the second output.
template <typename D>
void location_scale_gradient(GradContext& g) {
  const auto at = g.params<NumpyRandomParam<D>>().inputs();
  const auto [loc, scale] =
      D::kSecond ? std::pair(at[0], at[1]) : std::pair(std::optional<size_t>(), at[0]);
  if (loc) set_broadcast(g, *loc, g.d_out());
  if (!scale) return;
  const bool is_float = g.out_dtype(0) == DType::kFloat32;
  const Value noise = is_float ? g.out(1) : g.cast(g.out(1), g.out_dtype(0));
  set_broadcast(g, *scale, g.mul(g.d_out(), noise));
}

/// y = z^(1/a) for a standard number z that stays, so that dy/da = -y log(y) / a; the output is
/// y - offset. The limit of y log(y) at 0 is 0.
void power_gradient(GradContext& g, double offset) {
  if (g.num_in() == 0) return;
  const Value y = offset == 0 ? g.out(0) : g.add_scalar(g.out(0), offset);
  const Value a = g.in_dtype(0) == g.out_dtype(0) ? g.in(0) : g.cast(g.in(0), g.out_dtype(0));
  const Value positive = g.call("_maximum_scalar", {y}, ScalarParam{1e-37, false});
  const Value slope = g.mul(y, g.call("log", {positive}));
  const Value d = g.call("broadcast_div", {g.mul(g.d_out(), slope), a});
  set_broadcast(g, 0, g.negative(d));
}

template <typename D>
bool uses_input(const Params& params, size_t i) {
  return i < params.as<NumpyRandomParam<D>>().num_inputs();
}

template <typename D, bool kBatch = false>
OpBuilder distribution_op() {
  OpBuilder builder(concat("_npi_", D::kName, kBatch ? "_n" : ""));
  builder
      .doc(concat("Random numbers of mx.np's ", D::kName, " distribution",
                  kBatch ? ", `size` arrays of the parameters' shape." : "."))
      .template params<NumpyRandomParam<D>>()
      .input("input1", "The first parameter that is None, broadcast to the result.");
  // Operators of one parameter have a second input in 1.9.1, too, which is never there.
  builder.input("input2", "The second one.");
  return builder.input_used(uses_input<D>)
      .infer_shape(infer_shape<D, kBatch>)
      .infer_dtype(infer_dtype<D>)
      .random();
}

template <typename D, bool kBatch = false>
OpBuilder location_scale_op() {
  return distribution_op<D, kBatch>()
      .outputs({"output0", "noise"})
      .num_visible_outputs([](const Params&) -> uint32_t { return 1; })
      .gradient(location_scale_gradient<D>);
}

constexpr const char* kFlat = "random numbers do not change with these parameters here";

const OpBuilder uniform = distribution_op<Uniform>().zero_gradient(kFlat);
const OpBuilder uniform_n = distribution_op<Uniform, true>().zero_gradient(kFlat);
const OpBuilder gamma_numbers = distribution_op<Gamma>().zero_gradient(kFlat);
const OpBuilder powerd = distribution_op<Power>().zero_gradient(kFlat);
const OpBuilder normal = location_scale_op<Normal>();
const OpBuilder normal_n = location_scale_op<Normal, true>();
const OpBuilder gumbel = location_scale_op<Gumbel>();
const OpBuilder logistic = location_scale_op<Logistic>();
const OpBuilder exponential = location_scale_op<Exponential>();
const OpBuilder rayleigh = location_scale_op<Rayleigh>();
const OpBuilder pareto =
    distribution_op<Pareto>().outputs({"output0"}).gradient([](GradContext& g) {
      power_gradient(g, 1);
    });
const OpBuilder weibull =
    distribution_op<Weibull>().outputs({"output0"}).gradient([](GradContext& g) {
      power_gradient(g, 0);
    });

void infer_bernoulli(ShapeContext& c) {
  const auto& p = c.params<NumpyBernoulliParam>();
  const std::optional<float>& number = p.number();
  require(!number || p.is_logit || (*number >= 0 && *number <= 1), c.op_name(),
          ": prob=", number.value_or(0), " is no probability; expected a number from 0 to 1");
  infer_size(c, p.size);
}

const OpBuilder bernoulli =
    OpBuilder("_npi_bernoulli")
        .doc("1 with a given probability, and else 0.")
        .params<NumpyBernoulliParam>()
        .input("input1", "The parameter when it is None, broadcast to the result.")
        .input_used(
            [](const Params& params, size_t) { return !params.as<NumpyBernoulliParam>().number(); })
        .infer_shape(infer_bernoulli)
        .infer_dtype([](DTypeContext& c) {
          infer_parameters_dtype(c);
          c.set_out(0, c.params<NumpyBernoulliParam>().dtype);
        })
        .random()
        .zero_gradient(kFlat);

}  // namespace
}  // namespace mx

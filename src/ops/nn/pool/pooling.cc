#include "ops/nn/pool/pooling.h"

#include <algorithm>

#include "ir/op.h"

namespace mx {

void PoolingParam::validate(std::string_view op) const {
  if (!global_pool || !kernel.empty()) check_kernel(op, kernel, layout);
  const bool pads = !global_pool && pooling_convention != PoolConvention::kSame;
  if (!global_pool) check_tuple(op, "stride", stride, kernel.ndim(), 1);
  if (pads) check_tuple(op, "pad", pad, kernel.ndim(), 0);
  if (pads)
    for (int i = 0; i < pad.ndim(); ++i)
      require(pad[i] < kernel[i], op, ": pad=", pad,
              " leaves windows without data; expected less "
              "than kernel=",
              kernel);
  if (pool_type != PoolKind::kLp) return;
  require(p_value.has_value(), op, ": p_value is missing; expected 1, 2 or 3 with pool_type=lp");
  require(*p_value >= 1 && *p_value <= 3, op, ": p_value=", *p_value,
          " is out of range; expected 1, 2 or 3");
}

namespace {

/// Number of windows along one axis of `in` elements; -1 when that is unknown.
int64_t count_windows(const PoolingParam& p, int64_t in, int i) {
  if (p.global_pool) return 1;
  if (in < 0) return Shape::kUnknownDim;
  const int64_t stride = p.stride.empty() ? 1 : p.stride[i];
  if (p.pooling_convention == PoolConvention::kSame) return in > 0 ? (in - 1) / stride + 1 : 0;
  const int64_t pad = p.pad.empty() ? 0 : p.pad[i], free = in + 2 * pad - p.kernel[i];
  if (free < 0) return -2;
  const bool rounds_up = p.pooling_convention == PoolConvention::kFull;
  return (rounds_up ? free + stride - 1 : free) / stride + 1;
}

/// With `same`, what the windows need beyond the data goes to both sides, the odd one behind.
void pad_for_same(PoolingSizes& s) {
  for (int i = 0; i < s.rank; ++i) {
    const int64_t missing = (s.out[i] - 1) * s.stride[i] + s.kernel[i] - s.in[i];
    s.pad[i] = std::max<int64_t>(missing, 0) / 2;
    s.pad_end[i] = std::max<int64_t>(missing, 0) - s.pad[i];
  }
}

}  // namespace

PoolingSizes pooling_sizes(const PoolingParam& param, const Shape& data) {
  PoolingSizes s;
  s.channels_last = is_channels_last(param.layout);
  const Shape first = to_channels_first(data, s.channels_last);
  s.rank = first.ndim() - 2;
  s.batch = first[0];
  s.channels = first[1];
  s.in = Shape(std::span(first.data() + 2, static_cast<size_t>(s.rank)));
  s.out = Shape::filled(s.rank, 1);
  s.kernel = param.global_pool ? s.in : param.kernel;
  s.stride = param.global_pool ? s.out : spatial_tuple(param.stride, s.rank, 1);
  for (int i = 0; i < s.rank; ++i) s.out[i] = count_windows(param, s.in[i], i);
  const bool same = param.pooling_convention == PoolConvention::kSame;
  const Shape none = Shape::filled(s.rank, 0);  // global pooling and `same` ignore the argument
  s.pad = param.global_pool || same ? none : spatial_tuple(param.pad, s.rank, 0);
  s.pad_end = s.pad;
  if (!param.global_pool && same) pad_for_same(s);
  return s;
}

namespace {

void infer_pooling_shape(ShapeContext& c) {
  const auto& p = c.params<PoolingParam>();
  if (!c.in(0).has_rank()) return;
  const int ndim = c.in(0).ndim();
  if (p.kernel.empty() ? ndim < 3 || ndim > 5 : ndim != p.kernel.ndim() + 2)
    c.fail_in(0, "has ", ndim, " axes; expected ",
              p.kernel.empty() ? std::string("3 to 5") : std::to_string(p.kernel.ndim() + 2),
              ": batch, channels and those of the window");
  const bool last = is_channels_last(p.layout);
  Shape out = to_channels_first(c.in(0), last);
  for (int i = 0; i + 2 < ndim; ++i) {
    const int64_t in = out[i + 2];
    out[i + 2] = count_windows(p, in, i);
    if (out[i + 2] == -2)
      c.fail_in(0, "is smaller than the window in spatial axis ", i, "; expected at least ",
                p.kernel[i] - 2 * (p.pad.empty() ? 0 : p.pad[i]));
  }
  c.set_out(0, from_channels_first(out, last));
  if (c.num_out() > 1) c.set_out(1, c.out(0));
  Shape back = Shape::unknown_dims(ndim);
  const int channel = last ? ndim - 1 : 1;
  back[0] = c.out(0)[0];
  back[channel] = c.out(0)[channel];
  c.set_in(0, back);
}

/// The positions of the maxima have a type of their own, which only depends on the window. With
/// global_pool that is known with the shape; 32 bits always do.
DType index_dtype(const PoolingParam& p) {
  return !p.global_pool && p.kernel.size() <= 256 ? DType::kUint8 : DType::kInt32;
}

void require_floating(DTypeContext& c) {
  if (c.in(0) != DType::kUnknown && !is_floating(c.in(0)))
    fail(ErrorKind::kType, c.op_name(), ": ", c.in_name(0), " has dtype ", dtype_name(c.in(0)),
         "; expected a floating dtype");
}

void infer_pooling_dtype(DTypeContext& c) {
  c.set_out(0, c.in(0));
  c.set_in(0, c.out(0));
  require_floating(c);
  if (c.num_out() > 1) c.set_out(1, index_dtype(c.params<PoolingParam>()));
}

bool is_max(const PoolingParam& p) { return p.pool_type == PoolKind::kMax; }

/// Whether the positions of the maxima are an output: where 1.9.1 has a second output too, so that
/// files count the same.
bool keeps_indices(const PoolingParam& p) {
  return is_max(p) && !p.kernel.empty() && !is_channels_last(p.layout);
}

/// lp: y = (sum x^p)^(1/p), so d_x = x^(p-1) * spread(d_y / y^(p-1)), where spread is the gradient
/// of a sum over the window.
Value lp_gradient(GradContext& g, const PoolingParam& p) {
  PoolingBackwardParam spread{{p}, g.in_shape(0)};
  spread.pool_type = PoolKind::kSum;
  const auto power = [&](const Value& x) { return *p.p_value == 2 ? x : g.call("square", {x}); };
  if (*p.p_value == 1) return g.call("_backward_Pooling", {g.d_out()}, spread);
  const Value share = g.div(g.d_out(), power(g.out(0)));
  return g.mul(power(g.in(0)), g.call("_backward_Pooling", {share}, spread));
}

void pooling_gradient(GradContext& g) {
  const auto& p = g.params<PoolingParam>();
  if (p.pool_type == PoolKind::kLp) return g.set(0, lp_gradient(g, p));
  std::vector<Value> in{g.d_out()};
  if (is_max(p))
    in.push_back(keeps_indices(p) ? g.out(1)
                                  : g.call("_pooling_indices", {g.in(0)}, g.raw_params()));
  g.set(0, g.call("_backward_Pooling", in, PoolingBackwardParam{{p}, g.in_shape(0)}));
}

/// Inputs of the gradient operators: the positions of the maxima only for max.
bool uses_indices(const Params& params, size_t input) {
  return input == 0 || is_max(params.as<PoolingBackwardParam>());
}

void infer_backward_shape(ShapeContext& c) {
  c.set_out(0, c.params<PoolingBackwardParam>().data_shape);
  if (c.num_in() > 1) c.set_in(1, c.in(0));
}

void infer_backward_dtype(DTypeContext& c) {
  c.set_out(0, c.in(0));
  c.set_in(0, c.out(0));
  if (c.num_in() > 1) c.set_in(1, index_dtype(c.params<PoolingBackwardParam>()));
}

/// The gradient is linear in d_out: averages and sums are pooled again, of maxima the same elements
/// are taken.
void backward_gradient(GradContext& g) {
  const auto& p = g.params<PoolingBackwardParam>();
  if (is_max(p))
    g.set(0, g.call("_pooling_take", {g.d_out(), g.in(1)}, p));
  else
    g.set(0, g.call("Pooling", {g.d_out()}, PoolingParam(p)));
}

void infer_take_shape(ShapeContext& c) {
  c.set_in(0, c.params<PoolingBackwardParam>().data_shape);
  c.set_out(0, c.in(1));
}

const OpBuilder pooling =
    OpBuilder("Pooling")
        .alias("_npx_pooling")
        .doc("Maximum, average, sum or p-norm of windows in 1 to 3 spatial dimensions.")
        .trait("low_precision", "follow")
        .params<PoolingParam>()
        .input("data", "(batch, channels, spatial...), or channels last as `layout` says.")
        .outputs({"output", "indices"})
        .num_outputs([](const Params& params) -> uint32_t {
          return keeps_indices(params.as<PoolingParam>()) ? 2 : 1;
        })
        .num_visible_outputs([](const Params&) -> uint32_t { return 1; })
        .infer_shape(infer_pooling_shape)
        .infer_dtype(infer_pooling_dtype)
        .gradient(pooling_gradient);

const OpBuilder pooling_indices =
    OpBuilder("_pooling_indices")
        .doc("Positions of the maxima of data inside their windows, in row-major order.")
        .params<PoolingParam>()
        .input("data")
        .outputs({"indices"})
        .infer_shape(infer_pooling_shape)
        .infer_dtype([](DTypeContext& c) {
          require_floating(c);
          c.set_out(0, index_dtype(c.params<PoolingParam>()));
        })
        .zero_gradient("positions are whole numbers");

const OpBuilder pooling_backward =
    OpBuilder("_backward_Pooling")
        .doc("Gradient of Pooling's data: spreads d_out over the windows.")
        .params<PoolingBackwardParam>()
        .input("d_out")
        .input("indices", "Positions of the maxima inside their windows, in row-major order.")
        .input_used(uses_indices)
        .infer_shape(infer_backward_shape)
        .infer_dtype(infer_backward_dtype)
        .gradient(backward_gradient);

const OpBuilder pooling_take =
    OpBuilder("_pooling_take")
        .doc("From each window of data, the element at the given position inside the window.")
        .params<PoolingBackwardParam>()
        .input("data")
        .input("indices", "Positions inside the windows, in row-major order.")
        .infer_shape(infer_take_shape)
        .infer_dtype(infer_backward_dtype)
        .gradient([](GradContext& g) {
          g.set(0, g.call("_backward_Pooling", {g.d_out(), g.in(1)}, g.raw_params()));
        });

/// The older operator. Its averages always divide by the whole window.
struct PoolingV1Param {
  Shape kernel = Shape({});
  PoolKind pool_type = PoolKind::kMax;
  bool global_pool = false;
  PoolConvention pooling_convention = PoolConvention::kValid;
  Shape stride = Shape({});
  Shape pad = Shape({});

  static void describe(ParamBuilder<PoolingV1Param>& fields) {
    fields.add("kernel", &PoolingV1Param::kernel, "As in Pooling.");
    fields.add("pool_type", &PoolingV1Param::pool_type, "As in Pooling.")
        .choice("avg", PoolKind::kAvg)
        .choice("max", PoolKind::kMax)
        .choice("sum", PoolKind::kSum);
    fields.add("global_pool", &PoolingV1Param::global_pool, "As in Pooling.");
    fields.add("pooling_convention", &PoolingV1Param::pooling_convention, "As in Pooling.")
        .choice("full", PoolConvention::kFull)
        .choice("valid", PoolConvention::kValid);
    fields.add("stride", &PoolingV1Param::stride, "As in Pooling.");
    fields.add("pad", &PoolingV1Param::pad, "As in Pooling.");
  }
  void validate(std::string_view op) const { pooling().validate(op); }
  /// The same as parameters of Pooling.
  PoolingParam pooling() const {
    PoolingParam p;
    p.kernel = kernel;
    p.pool_type = pool_type;
    p.global_pool = global_pool;
    p.pooling_convention = pooling_convention;
    p.stride = stride;
    p.pad = pad;
    return p;
  }
};

void infer_pooling_v1_shape(ShapeContext& c) {
  const Params params = Params::of(c.params<PoolingV1Param>().pooling());
  Shape in[] = {c.in(0)}, out[] = {c.out(0)};
  ShapeContext as_pooling(c.op(), params, in, out);
  infer_pooling_shape(as_pooling);
  c.set_in(0, in[0]);
  c.set_out(0, out[0]);
}

void decompose_pooling_v1(DecomposeContext& c) {
  PoolingParam p = c.params<PoolingV1Param>().pooling();
  const bool is_avg = p.pool_type == PoolKind::kAvg;
  if (is_avg) p.pool_type = PoolKind::kSum;
  const Value out = c.call("Pooling", {c.in(0)}, p);
  const auto area = static_cast<double>(pooling_sizes(p, c.in_shape(0)).kernel.size());
  c.set(0, is_avg ? c.mul_scalar(out, 1.0 / area) : out);
}

const OpBuilder pooling_v1 = OpBuilder("Pooling_v1")
                                 .doc("Older form of Pooling: averages count the whole window.")
                                 .params<PoolingV1Param>()
                                 .input("data", "(batch, channels, height, width)")
                                 .infer_shape(infer_pooling_v1_shape)
                                 .infer_dtype([](DTypeContext& c) {
                                   c.unify_all();
                                   require_floating(c);
                                 })
                                 .decomposition(decompose_pooling_v1);

}  // namespace
}  // namespace mx

// lint: no-kernel (densities are written in terms of pointwise operators, which fuse)
// Densities and probabilities of samples: `_random_pdf_<distribution>`. Each row of samples has its
// own parameters. Numbers of successes or events have no gradient.
#include "ir/op.h"
#include "ops/elemwise/common.h"

namespace mx {
namespace {

using elemwise::reshape_to;

struct PdfParam {
  bool is_log = false;
  static void describe(ParamBuilder<PdfParam>& fields) {
    fields.add("is_log", &PdfParam::is_log, "Whether the logarithm is given.");
  }
};

/// The samples and their parameters, which have an axis of size 1 to be repeated along.
struct Given {
  GraphBuilder& b;
  Value x, first, second;

  Value plus(const Value& y, const Value& z) const { return b.call("broadcast_add", {y, z}); }
  Value minus(const Value& y, const Value& z) const { return b.call("broadcast_sub", {y, z}); }
  Value times(const Value& y, const Value& z) const { return b.call("broadcast_mul", {y, z}); }
  Value over(const Value& y, const Value& z) const { return b.call("broadcast_div", {y, z}); }
  Value log(const Value& y) const { return b.call("log", {y}); }
  Value log_gamma(const Value& y) const { return b.call("gammaln", {y}); }
  Value one_less(const Value& y) const { return b.add_scalar(b.negative(y), 1.0); }
};

constexpr double kLogRootOfTwoPi = 0.91893853320467274178;

/// The same for all samples of a row.
Value log_uniform(const Given& g) { return g.b.negative(g.log(g.minus(g.second, g.first))); }

Value log_normal(const Given& g) {
  const Value z = g.over(g.minus(g.x, g.first), g.second);
  const Value half = g.b.mul_scalar(g.b.call("square", {z}), -0.5);
  return g.b.add_scalar(g.minus(half, g.log(g.second)), -kLogRootOfTwoPi);
}

/// alpha log(beta) + (alpha - 1) log(x) - beta x - log(gamma(alpha))
Value log_gamma_density(const Given& g) {
  const Value power = g.times(g.log(g.x), g.b.add_scalar(g.first, -1.0));
  const Value constant = g.minus(g.times(g.first, g.log(g.second)), g.log_gamma(g.first));
  return g.plus(g.minus(power, g.times(g.x, g.second)), constant);
}

Value log_exponential(const Given& g) { return g.minus(g.log(g.first), g.times(g.x, g.first)); }

Value log_poisson(const Given& g) {
  const Value many = g.minus(g.times(g.x, g.log(g.first)), g.first);
  return g.minus(many, g.log_gamma(g.b.add_scalar(g.x, 1.0)));
}

/// x failures before `limit` successes of probability p.
Value log_failures(const Given& g, const Value& limit, const Value& p) {
  const Value ways =
      g.minus(g.minus(g.log_gamma(g.plus(g.x, limit)), g.log_gamma(g.b.add_scalar(g.x, 1.0))),
              g.log_gamma(limit));
  const Value chance = g.plus(g.times(g.x, g.log(g.one_less(p))), g.times(limit, g.log(p)));
  return g.plus(ways, chance);
}

Value log_negative_binomial(const Given& g) { return log_failures(g, g.first, g.second); }

/// mu is the mean, alpha the inverse of the limit.
Value log_generalized(const Given& g) {
  const Value limit = g.b.call("reciprocal", {g.second});
  const Value p = g.b.call("reciprocal", {g.b.add_scalar(g.times(g.first, g.second), 1.0)});
  return log_failures(g, limit, p);
}

/// Sums over the last axis, which holds the shares of one sample.
Value log_dirichlet(const Given& g) {
  const Shape last{-1};
  const Value power = g.times(g.log(g.x), g.b.add_scalar(g.first, -1.0));
  const Value constant = g.minus(g.log_gamma(g.b.sum(g.first, last, false)),
                                 g.b.sum(g.log_gamma(g.first), last, false));
  return g.plus(g.b.sum(power, last, false), constant);
}

struct Distribution {
  const char *name, *doc, *first, *second;
  Value (*log_density)(const Given&);
  bool counts;           ///< samples are numbers of something
  int axes = 0;          ///< of one sample
  bool is_flat = false;  ///< it depends on the parameters alone
};

/// Shapes: parameters (rows..., sample axes), samples (rows..., any number of axes, sample axes).
void infer_pdf_shape(ShapeContext& c, int axes) {
  const Shape& sample = c.in(0);
  for (size_t i = 2; i < c.num_in(); ++i) {
    c.set_in(1, c.in(i));
    c.set_in(i, c.in(1));
  }
  const Shape& parameters = c.in(1);
  if (!sample.has_rank() || !parameters.has_rank()) return;
  const int rows = parameters.ndim() - axes;
  if (rows < 0 || sample.ndim() < parameters.ndim())
    c.fail_in(0, "has fewer axes than ", c.in_name(1), "=", parameters,
              "; expected those and axes of samples");
  Shape wanted = Shape::unknown_dims(sample.ndim()), out({});
  for (int i = 0; i < rows; ++i) wanted[i] = parameters[i];
  for (int i = 0; i < axes; ++i) wanted[sample.ndim() - 1 - i] = parameters[rows + axes - 1 - i];
  c.set_in(0, wanted);
  for (int i = 0; i + axes < sample.ndim(); ++i) out.push_back(c.in(0)[i]);
  c.set_out(0, out);
}

Value aligned(DecomposeContext& c, size_t i, int axes) {
  const Shape &sample = c.in_shape(0), &own = c.in_shape(i);
  const int rows = own.ndim() - axes;
  Shape shape({});
  for (int a = 0; a < rows; ++a) shape.push_back(own[a]);
  for (int a = own.ndim(); a < sample.ndim(); ++a) shape.push_back(1);
  for (int a = rows; a < own.ndim(); ++a) shape.push_back(own[a]);
  return shape == own ? c.in(i) : reshape_to(c, c.in(i), shape);
}

OpBuilder pdf(Distribution d) {
  const std::string name = std::string("random_pdf_") + d.name;
  OpBuilder builder("_" + name);
  builder.alias(name).doc(d.doc).params<PdfParam>().input("sample", "Samples, row by row.");
  builder.input(d.first, "Parameter of each row.");
  if (d.second) builder.input(d.second, "Parameter of each row.");
  builder.infer_shape([axes = d.axes](ShapeContext& c) { infer_pdf_shape(c, axes); });
  builder.infer_dtype([](DTypeContext& c) {
    elemwise::numeric_dtype(c);
    if (c.in(0) != DType::kUnknown && !is_floating(c.in(0)))
      fail(ErrorKind::kType, c.op_name(), ": sample has dtype ", dtype_name(c.in(0)),
           "; expected a floating dtype");
  });
  builder.decomposition([d](DecomposeContext& c) {
    const Value x = d.counts ? c.call("BlockGrad", {c.in(0)}) : c.in(0);
    const Given given{c, x, aligned(c, 1, d.axes), d.second ? aligned(c, 2, d.axes) : Value{}};
    Value density = d.log_density(given);
    if (!c.params<PdfParam>().is_log) density = c.call("exp", {density});
    c.set(0, d.is_flat ? c.call("broadcast_like", {density, x}) : density);
  });
  return builder;
}

const OpBuilder densities[] = {
    pdf({"uniform", "Density of the uniform distribution from low to high, for samples within.",
         "low", "high", log_uniform, false, 0, true}),
    pdf({"normal", "Density of the normal distribution.", "mu", "sigma", log_normal, false}),
    pdf({"gamma", "Density of the gamma distribution of shape alpha and rate beta.", "alpha",
         "beta", log_gamma_density, false}),
    pdf({"exponential", "Density of the exponential distribution of rate lam.", "lam", nullptr,
         log_exponential, false}),
    pdf({"poisson", "Probability of numbers of events of which lam are expected.", "lam", nullptr,
         log_poisson, true}),
    pdf({"negative_binomial",
         "Probability of numbers of failures before k successes of probability p.", "k", "p",
         log_negative_binomial, true}),
    pdf({"generalized_negative_binomial",
         "Probability of numbers with mean mu and dispersion alpha.", "mu", "alpha",
         log_generalized, true}),
    pdf({"dirichlet", "Density of the Dirichlet distribution of concentrations alpha.", "alpha",
         nullptr, log_dirichlet, false, 1}),
};

}  // namespace
}  // namespace mx

// Three operators for each distribution: with a shape, with the shape of an array, and with
// parameters in arrays; and randint.
#include "ops/random/distribution.h"

#include "ir/op.h"
#include "ir/shape_meaning.h"

namespace mx {
namespace {

using namespace distribution;

constexpr const char* kRandom = "random numbers do not change with their parameters here";

template <typename D>
void check_parameters(std::string_view op, double first, double second) {
  if (D::valid(first, second)) return;
  const std::string given = D::kSecond
                                ? concat(D::kFirst, "=", first, " and ", D::kSecond, "=", second)
                                : concat(D::kFirst, "=", first);
  fail(ErrorKind::kValue, op, ": ", given, " make no distribution; expected ", D::kLimits);
}

template <typename D>
void infer_random(ShapeContext& c) {
  const auto& p = c.params<RandomParam<D>>();
  check_parameters<D>(c.op_name(), static_cast<double>(p.first), p.second);
  set_written_shape(c, p.shape);
}

void set_dtype(DTypeContext& c, const std::optional<DType>& requested, DType otherwise) {
  if (requested)
    c.set_out(0, *requested);
  else if (c.out(0) == DType::kUnknown)
    c.set_out(0, otherwise);
}

template <typename D>
void infer_random_dtype(DTypeContext& c) {
  set_dtype(c, c.params<RandomParam<D>>().dtype, DType::kFloat32);
}

template <typename D>
void infer_like(ShapeContext& c) {
  const auto& p = c.params<RandomLikeParam<D>>();
  check_parameters<D>(c.op_name(), static_cast<double>(p.first), p.second);
  c.unify_all();
}

/// Parameters of one shape, and behind their axes the requested ones.
void infer_sample(ShapeContext& c) {
  const auto& p = c.params<SampleParam>();
  Shape common;
  for (size_t i = 0; i < c.num_in(); ++i) merge_shape(common, c.in(i));
  for (size_t i = 0; i < c.num_in(); ++i) c.set_in(i, common);
  if (!common.has_rank()) return;
  Shape out = c.in(0);
  for (int64_t size : p.shape) out.push_back(size);
  c.set_out(0, out);
}

void infer_sample_dtype(DTypeContext& c) {
  for (size_t i = 0; i < c.num_in(); ++i) c.set_in(0, c.in(i));
  if (c.in(0) == DType::kUnknown) c.set_in(0, DType::kFloat32);
  for (size_t i = 1; i < c.num_in(); ++i) c.set_in(i, c.in(0));
  set_dtype(c, c.params<SampleParam>().dtype, DType::kFloat32);
}

void infer_randint(ShapeContext& c) { set_written_shape(c, c.params<RandintParam>().shape); }
void infer_randint_dtype(DTypeContext& c) {
  set_dtype(c, c.params<RandintParam>().dtype, DType::kInt32);
}

template <typename D>
OpBuilder random_op() {
  return OpBuilder(concat("_random_", D::kName))
      .alias(concat("random_", D::kName))
      .doc(concat("Random numbers of the ", D::kName, " distribution."))
      .template params<RandomParam<D>>()
      .infer_shape(infer_random<D>)
      .infer_dtype(infer_random_dtype<D>)
      .random()
      .zero_gradient(kRandom);
}

template <typename D>
OpBuilder like_op() {
  return OpBuilder(concat("_random_", D::kName, "_like"))
      .doc(concat("Random numbers of the ", D::kName, " distribution, as many as data has."))
      .template params<RandomLikeParam<D>>()
      .input("data", "The shape and type; its elements are not read.")
      .infer_shape(infer_like<D>)
      .random()
      .zero_gradient(kRandom);
}

template <typename D>
OpBuilder sample_op(const char* first = D::kFirst, const char* second = D::kSecond) {
  OpBuilder builder(concat("_sample_", D::kName));
  builder.alias(concat("sample_", D::kName))
      .doc(concat("Random numbers of ", D::kName, " distributions, one for each parameter."))
      .template params<SampleParam>()
      .input(first, "First parameter of each distribution.");
  if (second) builder.input(second, "Second parameter of each distribution.");
  return builder.infer_shape(infer_sample)
      .infer_dtype(infer_sample_dtype)
      .random()
      .zero_gradient(kRandom);
}

const OpBuilder r1 = random_op<Uniform>().alias("uniform");
const OpBuilder r2 = random_op<Normal>().alias("normal");
const OpBuilder r3 = random_op<Gamma>();
const OpBuilder r4 = random_op<Exponential>();
const OpBuilder r5 = random_op<Poisson>();
const OpBuilder r6 = random_op<NegativeBinomial>();
const OpBuilder r7 = random_op<GeneralizedNegativeBinomial>();

const OpBuilder l1 = like_op<Uniform>();
const OpBuilder l2 = like_op<Normal>();
const OpBuilder l3 = like_op<Gamma>();
const OpBuilder l4 = like_op<Exponential>();
const OpBuilder l5 = like_op<Poisson>();
const OpBuilder l6 = like_op<NegativeBinomial>();
const OpBuilder l7 = like_op<GeneralizedNegativeBinomial>();

const OpBuilder s1 = sample_op<Uniform>();
const OpBuilder s2 = sample_op<Normal>("mu", "sigma");
const OpBuilder s3 = sample_op<Gamma>();
const OpBuilder s4 = sample_op<Exponential>();
const OpBuilder s5 = sample_op<Poisson>();
const OpBuilder s6 = sample_op<NegativeBinomial>();
const OpBuilder s7 = sample_op<GeneralizedNegativeBinomial>();

const OpBuilder randint = OpBuilder("_random_randint")
                              .alias("random_randint")
                              .alias("_npi_random_randint")
                              .doc("Random integers, each as likely as the others.")
                              .params<RandintParam>()
                              .infer_shape(infer_randint)
                              .infer_dtype(infer_randint_dtype)
                              .random()
                              .zero_gradient(kRandom);

}  // namespace
}  // namespace mx

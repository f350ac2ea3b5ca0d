#pragma once
#include <cmath>
#include <limits>
#include <optional>

#include "base/param.h"

namespace mx {

/// The distributions that operators draw from: names and defaults of their one or two parameters,
/// and which values make sense. One operator of each kind comes from each.
namespace distribution {

/// Parameters are computed with in float.
inline bool is_finite(double number) {
  return std::abs(number) <= std::numeric_limits<float>::max();
}

struct Uniform {
  using First = float;
  static constexpr const char *kName = "uniform", *kFirst = "low", *kSecond = "high";
  static constexpr float kFirstDefault = 0, kSecondDefault = 1;
  static constexpr const char* kLimits = "finite numbers, low at most high";
  static bool valid(double low, double high) {
    return low <= high && is_finite(low) && is_finite(high);
  }
};

struct Normal {
  using First = float;
  static constexpr const char *kName = "normal", *kFirst = "loc", *kSecond = "scale";
  static constexpr float kFirstDefault = 0, kSecondDefault = 1;
  static constexpr const char* kLimits = "finite numbers and a positive scale";
  static bool valid(double loc, double scale) {
    return is_finite(loc) && scale > 0 && is_finite(scale);
  }
};

struct Gamma {
  using First = float;
  static constexpr const char *kName = "gamma", *kFirst = "alpha", *kSecond = "beta";
  static constexpr float kFirstDefault = 1, kSecondDefault = 1;
  static constexpr const char* kLimits = "positive finite numbers";
  static bool valid(double alpha, double beta) {
    return alpha > 0 && beta > 0 && is_finite(alpha) && is_finite(beta);
  }
};

struct Exponential {
  using First = float;
  static constexpr const char *kName = "exponential", *kFirst = "lam", *kSecond = nullptr;
  static constexpr float kFirstDefault = 1, kSecondDefault = 0;
  static constexpr const char* kLimits = "a positive finite number";
  static bool valid(double lam, double) { return lam > 0 && is_finite(lam); }
};

struct Poisson {
  using First = float;
  static constexpr const char *kName = "poisson", *kFirst = "lam", *kSecond = nullptr;
  static constexpr float kFirstDefault = 1, kSecondDefault = 0;
  static constexpr const char* kLimits = "a finite number of at least 0";
  static bool valid(double lam, double) { return lam >= 0 && is_finite(lam); }
};

struct NegativeBinomial {
  using First = int64_t;
  static constexpr const char *kName = "negative_binomial", *kFirst = "k", *kSecond = "p";
  static constexpr int64_t kFirstDefault = 1;
  static constexpr float kSecondDefault = 1;
  static constexpr const char* kLimits = "finite numbers, k of at least 0 and p above 0";
  static bool valid(double k, double p) { return k >= 0 && p > 0 && is_finite(k) && is_finite(p); }
};

struct GeneralizedNegativeBinomial {
  using First = float;
  static constexpr const char *kName = "generalized_negative_binomial", *kFirst = "mu",
                              *kSecond = "alpha";
  static constexpr float kFirstDefault = 1, kSecondDefault = 1;
  static constexpr const char* kLimits = "finite numbers of at least 0";
  static bool valid(double mu, double alpha) {
    return mu >= 0 && alpha >= 0 && is_finite(mu) && is_finite(alpha);
  }
};

/// Adds the distribution's own parameters.
template <typename D, typename P>
void add_parameters(ParamBuilder<P>& fields) {
  fields.add(D::kFirst, &P::first, "First parameter of the distribution.");
  if (D::kSecond) fields.add(D::kSecond, &P::second, "Second parameter of the distribution.");
}

}  // namespace distribution

/// _random_<name>: one distribution, a given shape.
template <typename D>
struct RandomParam {
  typename D::First first = D::kFirstDefault;
  float second = D::kSecondDefault;
  Shape shape;
  std::string ctx;
  std::optional<DType> dtype;
  static void describe(ParamBuilder<RandomParam>& fields) {
    distribution::add_parameters<D>(fields);
    fields.add("shape", &RandomParam::shape, "Shape of the result, when `out` does not tell it.");
    fields.add("ctx", &RandomParam::ctx, "Device in words, for instance cpu(0).");
    fields.add("dtype", &RandomParam::dtype,
               "Type of the result; that of `out` or float32 if None.");
  }
};

/// _random_<name>_like: the shape and type of an array.
template <typename D>
struct RandomLikeParam {
  typename D::First first = D::kFirstDefault;
  float second = D::kSecondDefault;
  static void describe(ParamBuilder<RandomLikeParam>& fields) {
    distribution::add_parameters<D>(fields);
  }
};

/// _sample_<name>: parameters in arrays, `shape` numbers from each.
struct SampleParam {
  Shape shape = Shape({});
  std::optional<DType> dtype;
  static void describe(ParamBuilder<SampleParam>& fields) {
    fields.add("shape", &SampleParam::shape,
               "Shape of what each parameter gives; one number if ().");
    fields.add("dtype", &SampleParam::dtype, "Type of the result; float32 when None.");
  }
};

struct RandintParam {
  int64_t low = 0, high = 0;
  Shape shape;
  std::string ctx;
  std::optional<DType> dtype;
  static void describe(ParamBuilder<RandintParam>& fields) {
    fields.add("low", &RandintParam::low, "Least integer.").required();
    fields.add("high", &RandintParam::high, "One above the largest integer.").required();
    fields.add("shape", &RandintParam::shape, "Shape of the result, when `out` does not tell it.");
    fields.add("ctx", &RandintParam::ctx, "Device in words, for instance cpu(0).");
    fields.add("dtype", &RandintParam::dtype, "int32 or int64; that of `out` or int32 when None.");
  }
  void validate(std::string_view op) const {
    require(low < high, op, ": high=", high, " is not above low=", low, "; expected a larger one");
    require(!dtype || *dtype == DType::kInt32 || *dtype == DType::kInt64, op,
            ": dtype=", dtype_name(dtype.value_or(DType::kInt32)), " is no type of this operator; ",
            "expected int32 or int64");
  }
};

}  // namespace mx

#pragma once
#include <array>
#include <limits>
#include <optional>

#include "base/param.h"

namespace mx {

/// The distributions of mx.np.random: names and defaults of their one or two parameters, and which
/// values make sense. A parameter is a number or, where that is None, an input that is broadcast.
namespace numpy_distribution {

using Number = std::optional<float>;

/// What is written of a distribution when it is nothing else.
struct Two {
  static constexpr bool kRequired = true, kHasCtx = true, kHasDType = false;
  static constexpr Number kFirstDefault = std::nullopt;
  static constexpr const char* kLimits = "a scale of at least 0";
  static bool valid(float, float scale) { return scale >= 0; }
};

struct One {
  static constexpr bool kRequired = false, kHasCtx = true, kHasDType = false;
  static constexpr const char* kSecond = nullptr;
};
struct OneScale : One {
  static constexpr const char* kFirst = "scale";
  static constexpr Number kFirstDefault = 1.0f;
  static constexpr const char* kLimits = "a scale of at least 0";
  static bool valid(float scale, float) { return scale >= 0; }
};
struct OneShape : One {
  static constexpr const char* kFirst = "a";
  static constexpr Number kFirstDefault = std::nullopt;
  static constexpr const char* kLimits = "a number above 0";
  static bool valid(float a, float) { return a > 0; }
};

struct Uniform : Two {
  static constexpr bool kHasDType = true;
  static constexpr const char *kName = "uniform", *kFirst = "low", *kSecond = "high";
  static constexpr const char* kLimits = "numbers";
  static bool valid(float, float) { return true; }
};
struct Normal : Two {
  static constexpr bool kHasDType = true;
  static constexpr const char *kName = "normal", *kFirst = "loc", *kSecond = "scale";
};
struct Gamma : Two {
  static constexpr bool kHasDType = true;
  static constexpr const char *kName = "gamma", *kFirst = "shape", *kSecond = "scale";
  static constexpr const char* kLimits = "finite numbers above 0";
  static bool valid(float shape, float scale) {
    constexpr float kMost = std::numeric_limits<float>::max();
    return shape > 0 && shape <= kMost && scale > 0 && scale <= kMost;
  }
};
struct Gumbel : Two {
  static constexpr const char *kName = "gumbel", *kFirst = "loc", *kSecond = "scale";
};
struct Logistic : Two {
  static constexpr const char *kName = "logistic", *kFirst = "loc", *kSecond = "scale";
};
struct Exponential : OneScale {
  static constexpr const char* kName = "exponential";
};
struct Rayleigh : OneScale {
  static constexpr const char* kName = "rayleigh";
};
struct Pareto : OneShape {
  static constexpr const char* kName = "pareto";
};
struct Weibull : OneShape {
  static constexpr const char* kName = "weibull";
};
struct Power : OneShape {
  static constexpr bool kHasCtx = false;
  static constexpr const char* kName = "powerd";
};

}  // namespace numpy_distribution

/// _npi_<name>: numbers of one distribution.
template <typename D>
struct NumpyRandomParam {
  std::optional<float> first = D::kFirstDefault, second;
  std::optional<Shape> size;
  std::string ctx = "cpu";
  DType dtype = DType::kFloat32;

  static void describe(ParamBuilder<NumpyRandomParam>& fields) {
    using P = NumpyRandomParam;
    FieldInfo& first = fields.add(D::kFirst, &P::first, "First parameter; an input when None.");
    if (D::kRequired) first.required();
    if (D::kSecond)
      fields.add(D::kSecond, &P::second, "Second parameter; an input when None.").required();
    fields.add("size", &P::size, "Shape of the result; that of the inputs when None.");
    if (D::kHasCtx) fields.add("ctx", &P::ctx, "Device in words, for instance cpu(0).");
    if (D::kHasDType)
      fields.add("dtype", &P::dtype, "Type of the result: float16, float32 or float64.");
  }
  void validate(std::string_view op) const {
    require(is_floating(dtype), op, ": dtype=", dtype_name(dtype),
            " is no type of this operator; expected float16, float32 or float64");
  }
  /// Numbers of inputs that hold the parameters which are no number; none for a number.
  std::array<std::optional<size_t>, 2> inputs() const {
    std::array<std::optional<size_t>, 2> at;
    size_t used = 0;
    if (!first) at[0] = used++;
    if (D::kSecond && !second) at[1] = used;
    return at;
  }
  size_t num_inputs() const { return (first ? 0 : 1) + (D::kSecond && !second ? 1 : 0); }
};

struct NumpyBernoulliParam {
  std::optional<float> prob, logit;
  std::optional<Shape> size;
  std::string ctx = "cpu";
  DType dtype = DType::kFloat32;
  bool is_logit = false;

  static void describe(ParamBuilder<NumpyBernoulliParam>& fields) {
    using P = NumpyBernoulliParam;
    fields.add("prob", &P::prob, "Probability of 1.").required();
    fields.add("logit", &P::logit, "Logarithm of the odds of 1.").required();
    fields.add("size", &P::size, "Shape of the result; that of the input when None.");
    fields.add("ctx", &P::ctx, "Device in words, for instance cpu(0).");
    fields.add("dtype", &P::dtype, "Type of the result.");
    fields.add("is_logit", &P::is_logit, "Whether the parameter is `logit`.").required();
  }
  /// The parameter, unless input1 holds it.
  const std::optional<float>& number() const { return is_logit ? logit : prob; }
};

}  // namespace mx

#pragma once
#include <optional>

#include "base/param.h"

namespace mx {

struct ArangeParam {
  double start = 0;
  std::optional<double> stop;
  double step = 1;
  int64_t repeat = 1;
  bool infer_range = false;
  std::string ctx;
  DType dtype = DType::kFloat32;
  static void describe(ParamBuilder<ArangeParam>& fields) {
    fields.add("start", &ArangeParam::start, "The first number.").required();
    fields.add("stop", &ArangeParam::stop,
               "The end, not reached; when None numbers count from 0 "
               "to `start`.");
    fields.add("step", &ArangeParam::step, "The distance of two numbers.");
    fields.add("repeat", &ArangeParam::repeat, "How often each number appears.");
    fields.add("infer_range", &ArangeParam::infer_range,
               "Whether the users of the result tell how many numbers there are.");
    fields.add("ctx", &ArangeParam::ctx, "Device in words, for instance cpu(0).");
    fields.add("dtype", &ArangeParam::dtype, "Type of the result.");
  }
  /// The first number that is written.
  double first() const { return stop || infer_range ? start : 0; }
};

struct LinspaceParam {
  double start = 0, stop = 0;
  int64_t num = 50;
  bool endpoint = true;
  std::string ctx;
  DType dtype = DType::kFloat32;
  static void describe(ParamBuilder<LinspaceParam>& fields) {
    fields.add("start", &LinspaceParam::start, "The first number.").required();
    fields.add("stop", &LinspaceParam::stop, "The end.").required();
    fields.add("num", &LinspaceParam::num, "How many numbers.").required().at_least(0);
    fields.add("endpoint", &LinspaceParam::endpoint, "Whether `stop` is the last number.");
    fields.add("ctx", &LinspaceParam::ctx, "Device in words, for instance cpu(0).");
    fields.add("dtype", &LinspaceParam::dtype, "Type of the result.");
  }
  /// Distance of two numbers.
  double step() const {
    const int64_t gaps = endpoint ? num - 1 : num;
    return gaps > 0 ? (stop - start) / static_cast<double>(gaps) : 0;
  }
};

struct LogspaceParam {
  double start = 0, stop = 0;
  int64_t num = 50;
  bool endpoint = true;
  double base = 10;
  std::string ctx;
  DType dtype = DType::kFloat32;
  static void describe(ParamBuilder<LogspaceParam>& fields) {
    fields.add("start", &LogspaceParam::start, "The exponent of the first number.").required();
    fields.add("stop", &LogspaceParam::stop, "The exponent of the end.").required();
    fields.add("num", &LogspaceParam::num, "How many numbers.").required().at_least(0);
    fields.add("endpoint", &LogspaceParam::endpoint, "Whether the end is the last number.");
    fields.add("base", &LogspaceParam::base, "What is raised to the exponents.");
    fields.add("ctx", &LogspaceParam::ctx, "Device in words, for instance cpu(0).");
    fields.add("dtype", &LogspaceParam::dtype, "Type of the result.");
  }
  /// The exponents.
  LinspaceParam exponents() const { return {start, stop, num, endpoint, ctx, dtype}; }
};

struct ArangeLikeParam {
  double start = 0, step = 1;
  int64_t repeat = 1;
  std::string ctx;
  std::optional<int64_t> axis;
  static void describe(ParamBuilder<ArangeLikeParam>& fields) {
    fields.add("start", &ArangeLikeParam::start, "The first number.");
    fields.add("step", &ArangeLikeParam::step, "The distance of two numbers.");
    fields.add("repeat", &ArangeLikeParam::repeat, "How often each number appears.");
    fields.add("ctx", &ArangeLikeParam::ctx, "Device in words, for instance cpu(0).");
    fields.add("axis", &ArangeLikeParam::axis,
               "The axis of data whose size the result takes; when None its whole shape.");
  }
};

}  // namespace mx

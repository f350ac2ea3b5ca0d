#pragma once
#include <span>

#include "base/param.h"

namespace mx {

class Op;

/// What shape inference of one operator sees. Inputs and outputs may be partly unknown; the
/// function fills in what it can, in both directions, and is called again when more is known.
class ShapeContext {
 public:
  ShapeContext(const Op& op, const Params& params, std::span<Shape> in, std::span<Shape> out)
      : op_(op), params_(params), in_(in), out_(out) {}

  template <typename P>
  const P& params() const {
    return params_.as<P>();
  }
  const Params& raw_params() const { return params_; }
  const Op& op() const { return op_; }
  std::string_view op_name() const;
  size_t num_in() const { return in_.size(); }
  size_t num_out() const { return out_.size(); }
  const Shape& in(size_t i) const { return in_[i]; }
  const Shape& out(size_t i) const { return out_[i]; }

  /// Merges knowledge into input or output i.
  /// Throws: ValueError naming operator, input, its shape and the expected one where they differ.
  void set_in(size_t i, const Shape& expected);
  void set_out(size_t i, const Shape& expected);
  /// All inputs and all outputs have one shape.
  void unify_all();
  /// `<op>: <input i's name>=<its shape> <message>`.
  template <typename... Args>
  [[noreturn]] void fail_in(size_t i, const Args&... message) const {
    fail(ErrorKind::kValue, op_name(), ": ", in_name(i), "=", in_[i], " ", message...);
  }
  std::string in_name(size_t i) const;

 private:
  const Op& op_;
  const Params& params_;
  std::span<Shape> in_, out_;
};

/// The same for element types; unknown is DType::kUnknown. Shapes are known where they were
/// inferred before, for types that must hold an index.
class DTypeContext {
 public:
  DTypeContext(const Op& op, const Params& params, std::span<DType> in, std::span<DType> out,
               std::span<const Shape> in_shapes = {})
      : op_(op), params_(params), in_(in), out_(out), in_shapes_(in_shapes) {}

  template <typename P>
  const P& params() const {
    return params_.as<P>();
  }
  const Params& raw_params() const { return params_; }
  std::string_view op_name() const;
  size_t num_in() const { return in_.size(); }
  size_t num_out() const { return out_.size(); }
  DType in(size_t i) const { return in_[i]; }
  DType out(size_t i) const { return out_[i]; }
  /// Unknown rank when nobody inferred shapes.
  Shape in_shape(size_t i) const { return i < in_shapes_.size() ? in_shapes_[i] : Shape(); }
  /// Throws: TypeError naming operator, input, its dtype and the expected one where they differ.
  void set_in(size_t i, DType expected);
  void set_out(size_t i, DType expected);
  void unify_all();
  std::string in_name(size_t i) const;

 private:
  const Op& op_;
  const Params& params_;
  std::span<DType> in_, out_;
  std::span<const Shape> in_shapes_;
};

/// Inference functions that many operators share.
namespace infer {
void same_shape(ShapeContext& context);  ///< one shape for everything
void same_dtype(DTypeContext& context);  ///< one dtype for everything
/// The same; it must be a floating one. Throws: TypeError naming operator and first input.
void floating_dtype(DTypeContext& context);
void broadcast_shape(
    ShapeContext& context);  ///< NumPy broadcasting of inputs 0 and 1 into output 0
}  // namespace infer

/// NumPy broadcasting of two known or partly known shapes. Throws: ValueError naming `op`.
Shape broadcast_shapes(const Shape& a, const Shape& b, std::string_view op);

}  // namespace mx

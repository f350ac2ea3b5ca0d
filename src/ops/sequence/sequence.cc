// SequenceMask, SequenceLast, SequenceReverse: arrays with an axis of time and one of sequences, of
// which each may have a length of its own.
#include "ops/sequence/sequence.h"

#include "ir/op.h"

namespace mx {
namespace {

void infer_lengths(ShapeContext& c, const Shape& data, int64_t time_axis) {
  if (!data.has_rank()) return;
  if (data.ndim() < 2) c.fail_in(0, "has ", data.ndim(), " dimensions; expected at least 2");
  if (c.num_in() > 1) c.set_in(1, {data[time_axis == 0 ? 1 : 0]});
}

template <typename P>
void infer_same(ShapeContext& c) {
  c.set_out(0, c.in(0));
  c.set_in(0, c.out(0));
  infer_lengths(c, c.in(0), c.params<P>().axis);
}

void infer_last(ShapeContext& c) {
  const auto axis = static_cast<int>(c.params<SequenceParam>().axis);
  const Shape& data = c.in(0);
  infer_lengths(c, data, axis);
  if (!data.has_rank()) return;
  Shape out = Shape({});
  for (int i = 0; i < data.ndim(); ++i)
    if (i != axis) out.push_back(data[i]);
  if (data[axis] == 0) c.fail_in(0, "has no last step; expected a size above 0 on axis ", axis);
  c.set_out(0, out);
}

void infer_last_backward(ShapeContext& c) {
  const auto& p = c.params<SequenceLastBackwardParam>();
  if (!c.in(0).has_rank()) return;
  Shape out = Shape({});
  for (int i = 0; i <= c.in(0).ndim(); ++i)
    out.push_back(i == p.axis ? p.size : c.in(0)[i < p.axis ? i : i - 1]);
  c.set_out(0, out);
}

/// Lengths may have another type than data.
void infer_dtypes(DTypeContext& c) {
  c.set_out(0, c.in(0));
  c.set_in(0, c.out(0));
  if (c.num_in() > 1 && c.in(1) == DType::kUnknown) c.set_in(1, c.in(0));
}

template <typename P>
bool length_used(const Params& params, size_t input) {
  return input == 0 || params.as<P>().use_sequence_length;
}

/// Inputs of a gradient operator: the gradient and the lengths, if any.
std::vector<Value> with_lengths(GradContext& g) {
  std::vector<Value> inputs{g.d_out()};
  if (g.num_in() > 1) inputs.push_back(g.in(1));
  return inputs;
}

void mask_gradient(GradContext& g) {
  SequenceMaskParam p = g.params<SequenceMaskParam>();
  p.value = 0;
  g.set(0, g.call("SequenceMask", with_lengths(g), p));
}

void last_gradient(GradContext& g) {
  const auto& p = g.params<SequenceParam>();
  const SequenceLastBackwardParam back{p.use_sequence_length, p.axis,
                                       g.in_shape(0)[static_cast<int>(p.axis)]};
  g.set(0, g.call("_backward_SequenceLast", with_lengths(g), back));
}

void last_backward_gradient(GradContext& g) {
  const auto& p = g.params<SequenceLastBackwardParam>();
  g.set(0, g.call("SequenceLast", with_lengths(g), SequenceParam{p.use_sequence_length, p.axis}));
}

void reverse_gradient(GradContext& g) {
  g.set(0, g.call("SequenceReverse", with_lengths(g), g.params<SequenceParam>()));
}

template <typename P>
OpBuilder sequence_op(const char* name) {
  return OpBuilder(name)
      .params<P>()
      .input("data", "Array with the axes of time and of sequences first.")
      .input("sequence_length", "Length of each sequence.")
      .input_used(length_used<P>)
      .infer_dtype(infer_dtypes);
}

const OpBuilder mask = sequence_op<SequenceMaskParam>("SequenceMask")
                           .alias("_npx_sequence_mask")
                           .doc("Sets what lies behind the end of each sequence to a number.")
                           .infer_shape(infer_same<SequenceMaskParam>)
                           .gradient(mask_gradient)
                           .inplace(0, 0);

const OpBuilder last = sequence_op<SequenceParam>("SequenceLast")
                           .doc("The last element of each sequence.")
                           .infer_shape(infer_last)
                           .gradient(last_gradient);

const OpBuilder reverse = sequence_op<SequenceParam>("SequenceReverse")
                              .doc("Reverses the time of each sequence up to its length.")
                              .infer_shape(infer_same<SequenceParam>)
                              .gradient(reverse_gradient);

const OpBuilder last_backward =
    sequence_op<SequenceLastBackwardParam>("_backward_SequenceLast")
        .doc("An array of zeros with data at the last element of each sequence.")
        .infer_shape(infer_last_backward)
        .gradient(last_backward_gradient);

}  // namespace
}  // namespace mx

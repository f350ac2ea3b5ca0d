// Sequence operators: an array of shape (time, sequences, rest) or (sequences, time, rest) is moved
// in runs of `rest` elements.
#include "ops/sequence/sequence.h"

#include <cstring>

#include "backend/cpu/common/fill.h"
#include "backend/cpu/common/indices.h"
#include "backend/cpu/common/strided_copy.h"
#include "dispatch/kernel.h"

namespace mx {
namespace {

struct Sequences {
  int64_t time, count, run;          ///< steps, sequences, elements of one step of one sequence
  int64_t time_step, sequence_step;  ///< in runs
  const int64_t* lengths = nullptr;

  Sequences(const Shape& shape, int64_t axis, Inputs in, KernelContext& context) {
    const auto t = static_cast<int>(axis);
    time = shape[t];
    count = shape[1 - t];
    run = shape.size(2, shape.ndim());
    time_step = t == 0 ? count : 1;
    sequence_step = t == 0 ? 1 : time;
    if (in.size() > 1) lengths = widen_indices(in[1], context);
  }
  int64_t length(int64_t s) const {
    return lengths ? std::clamp<int64_t>(lengths[s], 0, time) : time;
  }
  int64_t at(int64_t t, int64_t s) const { return (t * time_step + s * sequence_step) * run; }
};

void copy_run(const Tensor& from, int64_t source, const Tensor& to, int64_t target, int64_t run) {
  const int64_t width = dtype_size(to.dtype);
  std::memcpy(to.as<char>() + target * width, from.as<char>() + source * width,
              static_cast<size_t>(run * width));
}

void mask(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const auto& p = params.as<SequenceMaskParam>();
  if (in[0].data != out[0].data)
    strided_copy(in[0].data, out[0].data, {{in[0].size(), 1, 1}}, dtype_size(in[0].dtype));
  if (in.size() < 2) return;
  const Sequences q(out[0].shape, p.axis, in, context);
  const Tensor number{context.scratch->get(16), {1}, out[0].dtype};
  fill_value(number, p.value);
  visit_width(out[0].dtype, [&]<typename T>(TypeTag<T>) {
    for (int64_t s = 0; s < q.count; ++s)
      for (int64_t t = q.length(s); t < q.time; ++t)
        std::fill_n(out[0].as<T>() + q.at(t, s), q.run, *number.as<T>());
  });
}

/// A sequence of length 0 has no last element; its first one stands in.
int64_t last_step(const Sequences& q, int64_t s) { return std::max<int64_t>(q.length(s), 1) - 1; }

void last(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const Sequences q(in[0].shape, params.as<SequenceParam>().axis, in, context);
  if (in[0].size() == 0) return;
  for (int64_t s = 0; s < q.count; ++s)
    copy_run(in[0], q.at(last_step(q, s), s), out[0], s * q.run, q.run);
}

void last_backward(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const Sequences q(out[0].shape, params.as<SequenceLastBackwardParam>().axis, in, context);
  fill_value(out[0], 0);
  if (out[0].size() == 0) return;
  for (int64_t s = 0; s < q.count; ++s)
    copy_run(in[0], s * q.run, out[0], q.at(last_step(q, s), s), q.run);
}

void reverse(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const Sequences q(in[0].shape, params.as<SequenceParam>().axis, in, context);
  for (int64_t s = 0; s < q.count; ++s)
    for (int64_t t = 0; t < q.time; ++t) {
      const int64_t source = t < q.length(s) ? q.length(s) - 1 - t : t;
      copy_run(in[0], q.at(source, s), out[0], q.at(t, s), q.run);
    }
}

const KernelBuilder k1 = KernelBuilder("SequenceMask", "native").run(mask);
const KernelBuilder k2 = KernelBuilder("SequenceLast", "native").run(last);
const KernelBuilder k3 = KernelBuilder("SequenceReverse", "native").run(reverse);
const KernelBuilder k4 = KernelBuilder("_backward_SequenceLast", "native").run(last_backward);

}  // namespace
}  // namespace mx

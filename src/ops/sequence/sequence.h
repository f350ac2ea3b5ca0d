#pragma once
#include "base/param.h"

namespace mx {

struct SequenceMaskParam {
  bool use_sequence_length = false;
  float value = 0;
  int64_t axis = 0;
  static void describe(ParamBuilder<SequenceMaskParam>& fields) {
    using P = SequenceMaskParam;
    fields.add("use_sequence_length", &P::use_sequence_length, "Whether there are lengths.");
    fields.add("value", &P::value, "What the elements behind the end become.");
    fields.add("axis", &P::axis, "The axis of time, 0 or 1; the other is that of sequences.")
        .range(0, 1);
  }
};

/// SequenceLast and SequenceReverse.
struct SequenceParam {
  bool use_sequence_length = false;
  int64_t axis = 0;
  static void describe(ParamBuilder<SequenceParam>& fields) {
    using P = SequenceParam;
    fields.add("use_sequence_length", &P::use_sequence_length, "Whether there are lengths.");
    fields.add("axis", &P::axis, "The axis of time, 0 or 1; the other is that of sequences.")
        .range(0, 1);
  }
};

/// The gradient of SequenceLast.
struct SequenceLastBackwardParam {
  bool use_sequence_length = false;
  int64_t axis = 0, size = 0;
  static void describe(ParamBuilder<SequenceLastBackwardParam>& fields) {
    using P = SequenceLastBackwardParam;
    fields.add("use_sequence_length", &P::use_sequence_length, "Whether there are lengths.");
    fields.add("axis", &P::axis, "The axis of time.");
    fields.add("size", &P::size, "Size of the axis of time.");
  }
};

}  // namespace mx

#pragma once
#include "base/param.h"

namespace mx {

/// Which class stands for "no label here".
enum class BlankLabel : int32_t { kFirst, kLast };

struct CtcLossParam {
  bool use_data_lengths = false, use_label_lengths = false;
  BlankLabel blank_label = BlankLabel::kFirst;

  static void describe(ParamBuilder<CtcLossParam>& fields) {
    using P = CtcLossParam;
    fields.add("use_data_lengths", &P::use_data_lengths,
               "Whether sequences end at data_lengths and not with the array.");
    fields.add("use_label_lengths", &P::use_label_lengths,
               "Whether labels end at label_lengths and not at the first padding.");
    fields
        .add("blank_label", &P::blank_label,
             "The class that means no label: with 'first' class 0, and labels are padded with 0; "
             "with 'last' the last one, and labels are padded with -1.")
        .choice("first", BlankLabel::kFirst)
        .choice("last", BlankLabel::kLast);
  }
};

/// Where lengths are among the inputs that follow data and label; -1 when they are not given.
struct CtcInputs {
  int data_lengths, label_lengths;
  explicit CtcInputs(const CtcLossParam& p)
      : data_lengths(p.use_data_lengths ? 2 : -1),
        label_lengths(p.use_label_lengths ? 2 + (p.use_data_lengths ? 1 : 0) : -1) {}
};

}  // namespace mx

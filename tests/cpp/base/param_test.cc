#include "base/param.h"

#include <gtest/gtest.h>

#include "ops/nn/activation/softmax.h"

namespace mx {
namespace {

enum class Colour : int32_t { kRed, kBlue };

struct SampleParam {
  Shape kernel;
  int64_t count = 3;
  Colour colour = Colour::kRed;
  std::optional<double> scale;
  static void describe(ParamBuilder<SampleParam>& fields) {
    fields.add("kernel", &SampleParam::kernel).required();
    fields.add("count", &SampleParam::count).at_least(0);
    fields.add("colour", &SampleParam::colour)
        .choice("red", Colour::kRed)
        .choice("blue", Colour::kBlue);
    fields.add("scale", &SampleParam::scale);
  }
};

Params parse(const AttrMap& attrs) {
  return Params::parse(schema_of<SampleParam>(), attrs, "sample");
}

std::string error_of(const AttrMap& attrs) {
  try {
    parse(attrs);
  } catch (const Error& error) {
    return error.message();
  }
  return "no error";
}

TEST(Param, ReadsEveryKindOfField) {
  const Params params = parse({{"kernel", "(3L, 3)"}, {"colour", "blue"}, {"scale", "0.5"}});
  const auto& p = params.as<SampleParam>();
  EXPECT_EQ(p.kernel, (Shape{3, 3}));
  EXPECT_EQ(p.count, 3);
  EXPECT_EQ(p.colour, Colour::kBlue);
  EXPECT_EQ(p.scale, 0.5);
}

TEST(Param, PrintsWhatItRead) {
  const AttrMap attrs = parse({{"kernel", "[2]"}, {"scale", "None"}}).to_attrs();
  EXPECT_EQ(attrs,
            (AttrMap{{"kernel", "(2,)"}, {"count", "3"}, {"colour", "red"}, {"scale", "None"}}));
}

TEST(Param, NamesWhatIsWrong) {
  EXPECT_EQ(error_of({}), "sample: kernel is missing; expected Shape(tuple)");
  EXPECT_EQ(error_of({{"kernel", "(1,"}}),
            "sample: kernel=(1, is not valid; expected Shape(tuple)");
  EXPECT_EQ(error_of({{"kernel", "1"}, {"count", "-1"}}),
            "sample: count=-1 is out of range; expected at least 0");
  EXPECT_EQ(error_of({{"kernel", "1"}, {"colour", "green"}}),
            "sample: colour=green is not valid; expected {'red', 'blue'}");
  EXPECT_EQ(error_of({{"kernel", "1"}, {"size", "2"}}),
            "sample: size=2 is not an argument of this operator; expected one of kernel, count, "
            "colour, scale");
}

TEST(Param, EqualityAndHashSeeEveryField) {
  const Params a = parse({{"kernel", "(1,)"}}), b = parse({{"kernel", "(1,)"}, {"count", "3"}});
  const Params c = parse({{"kernel", "(1,)"}, {"scale", "1"}});
  EXPECT_TRUE(a == b);
  EXPECT_EQ(a.hash(), b.hash());
  EXPECT_FALSE(a == c);
}

}  // namespace
}  // namespace mx

// Numbers that are written and read again do not depend on the program's locale.
#include <gtest/gtest.h>

#include <locale>

#include "base/param.h"
#include "ir/op.h"
#include "ops/elemwise/clip.h"
#include "ops/matrix/concat.h"

namespace mx {
namespace {

/// As in German: 1.234,5.
struct Commas : std::numpunct<char> {
  char do_decimal_point() const override { return ','; }
  char do_thousands_sep() const override { return '.'; }
  std::string do_grouping() const override { return "\3"; }
};

class Locale : public testing::Test {
 protected:
  void SetUp() override {
    old_ = std::locale::global(std::locale(std::locale::classic(), new Commas));
  }
  void TearDown() override { std::locale::global(old_); }
  std::locale old_;
};

TEST_F(Locale, ParametersAreWrittenAsEverywhere) {
  EXPECT_EQ(Params::of(ClipParam{0.5f, 1234.5f}).to_attrs().at("a_max"), "1234.5");
  EXPECT_EQ(to_string(Shape{1234567, 2}), "(1234567, 2)");
  const Params read =
      Params::parse(schema_of<ClipParam>(), {{"a_min", "0.5"}, {"a_max", "1e4"}}, "clip");
  EXPECT_EQ(read.as<ClipParam>().a_min, 0.5f);
}

TEST_F(Locale, NamesHaveNoDots) {
  const Params params = Params::of(ConcatParam{2000, 0});
  EXPECT_EQ(get_op("Concat").input_name(params, 1234), "arg1234");
}

}  // namespace
}  // namespace mx

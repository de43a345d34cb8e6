// links: ranvier_codegen ranvier_ir ranvier_base
// The text given to LLVM, what happens when it is wrong, the linker's refusals, and an LLVM that is missing or too old.
#include "codegen_testing.hpp"

#include <filesystem>
#include <fstream>
#include <functional>
#include <regex>
#include <thread>

#include "codegen/image.hpp"
#include "codegen/llvm_api.hpp"
#include "codegen/llvm_text.hpp"
#include "ranvier/error.hpp"
#include "temporary_folder.hpp"

namespace ranvier::codegen::testing {
namespace {

namespace fs = std::filesystem;

/// An environment variable set for one test.
class Environment {
 public:
  Environment(const char* name, const std::string& value) : name_(name) {
    if (const char* old = std::getenv(name)) old_ = old, had_ = true;
    setenv(name, value.c_str(), 1);
  }
  ~Environment() {
    if (had_) setenv(name_, old_.c_str(), 1);
    else unsetenv(name_);
  }
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;

 private:
  const char* name_;
  std::string old_;
  bool had_ = false;
};

/// A kernel that uses every kind of statement.
Kernel sample(Precision precision = Precision::f32, bool masked = false) {
  Kernel kernel;
  kernel.name = "sample";
  kernel.precision = precision;
  kernel.masked_stores = masked;
  Graph& g = kernel.graph;
  const NodeId v = g.symbol("v", Rate::varying), s = g.symbol("s", Rate::uniform), c = g.symbol("c", Rate::varying);
  kernel.scalars = {s};
  const NodeId bits = g.make(Op::mulhi32, g.make(Op::bits_of, v), g.make(Op::element_index));
  const NodeId value = g.make(Op::fma, g.make(Op::sqrt, g.make(Op::abs, v)), s, g.make(Op::floor, g.add(c, g.make(Op::real_of_int, bits))));
  kernel.arrays = {{.name = "v", .load = v, .store = value, .check_finite = true}, {.name = "c", .element = ir::Element::count, .load = c, .store = g.literal(0)}};
  kernel.events = {{"spike", g.make(Op::lt, s, value)}};
  return kernel;
}

std::string message_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    return error.what();
  }
  return "nothing was thrown";
}

TEST(LlvmText, HasExplicitVectorsAndOnlyIntrinsics) {
  for (const Precision precision : {Precision::f32, Precision::f64})
    for (const bool masked : {false, true})
      for (const int lanes : {1, 2, 4, 8, 16, 32}) {
        const std::string text = emit_llvm(sample(precision, masked), {.lanes = lanes});
        const std::string element = precision == Precision::f32 ? "float" : "double";
        const std::string type = lanes == 1 ? element : "<" + std::to_string(lanes) + " x " + element + ">";
        EXPECT_NE(text.find("fadd " + type + " "), std::string::npos);
        EXPECT_EQ(text.find("fast"), std::string::npos);
        EXPECT_EQ(text.find("contract"), std::string::npos);
        const std::regex call("call [^@]*@([a-z0-9_.]+)");
        int calls = 0;
        for (auto it = std::sregex_iterator(text.begin(), text.end(), call); it != std::sregex_iterator(); ++it, ++calls)
          EXPECT_EQ((*it)[1].str().substr(0, 5), "llvm.") << it->str();
        EXPECT_GT(calls, 3);
      }
}

TEST(LlvmText, DoesNotDependOnNames) {
  Kernel a = sample(), b = sample();
  b.name = "other";
  b.arrays[0].name = "voltage";
  EXPECT_EQ(emit_llvm(a, {.lanes = 8}), emit_llvm(b, {.lanes = 8}));
}

TEST(Plan, RefusesKernelsThatAreNotWellFormed) {
  Kernel high = sample();
  high.arrays[0].store = high.graph.make(Op::exp, high.arrays[0].load);
  EXPECT_NE(message_of([&] { (void)interpret(high); }).find("still contains \"exp\""), std::string::npos);
  Kernel unbound = sample();
  unbound.scalars.clear();
  EXPECT_NE(message_of([&] { (void)emit_llvm(unbound, {}); }).find("reads \"s\", which is neither an array nor a scalar"), std::string::npos);
  Kernel mistyped = sample();
  mistyped.arrays[0].store = mistyped.events[0].mask;
  EXPECT_NE(message_of([&] { (void)interpret(mistyped); }).find("wrong type for array \"v\""), std::string::npos);
}

class WithLlvm : public ::testing::Test {
 protected:
  void SetUp() override { RANVIER_NEEDS_COMPILER(); }
  static std::string compile(const std::string& text) { return Llvm::load()->object_file(text, {host().triple, host().cpu, host().features}); }
};

TEST_F(WithLlvm, SaysWhatIsWrongWithTextThatDoesNotParse) {
  const std::string message = message_of([] { compile("define i32 @ranvier_kernel(ptr %args) { nonsense }"); });
  EXPECT_NE(message.find("LLVM cannot parse a kernel"), std::string::npos) << message;
  EXPECT_NE(message.find("nonsense"), std::string::npos) << message;
}

TEST_F(WithLlvm, VerifiesWhatParses) {
  const std::string message = message_of([] {
    compile("define i32 @ranvier_kernel(ptr %args) {\nentry:\n br label %b\nb:\n %x = add i32 %y, 1\n br label %c\nc:\n %y = add i32 1, 1\n ret i32 %x\n}\n");
  });
  EXPECT_NE(message.find("LLVM cannot verify a kernel"), std::string::npos) << message;
  EXPECT_NE(message.find("dominate"), std::string::npos) << message;
}

TEST_F(WithLlvm, AnUnresolvedSymbolIsAnErrorThatNamesIt) {
  const std::string object =
      compile("declare float @expf(float)\ndefine i32 @ranvier_kernel(ptr %args) {\n %x = load float, ptr %args\n %y = call float @expf(float %x)\n"
              " store float %y, ptr %args\n ret i32 0\n}\n");
  EXPECT_NE(message_of([&] { (void)link(object, kernel_symbol); }).find("calls \"expf\""), std::string::npos);
  const std::string whole = compile(emit_llvm(sample(), {.lanes = 8}));
  EXPECT_NE(message_of([&] { (void)link(whole, "missing"); }).find("lacks the function \"missing\""), std::string::npos);
}

TEST_F(WithLlvm, TheLinkerRefusesWhatItCannotRead) {
  const std::string object = compile(emit_llvm(sample(), {.lanes = 8}));
  EXPECT_THROW((void)link("", kernel_symbol), InternalError);
  EXPECT_THROW((void)link("not an object file, but long enough to hold a header of sixty-four bytes", kernel_symbol), InternalError);
  const Image whole = link(object, kernel_symbol);
  int refused = 0;
  for (std::size_t size = 0; size < object.size(); size += 7) {
    try {
      (void)link(std::string_view(object).substr(0, size), kernel_symbol);
    } catch (const InternalError&) {
      ++refused;
    }
  }
  EXPECT_GT(refused, int(object.size() / 7 / 2));
  EXPECT_EQ(link(object, kernel_symbol).bytes, whole.bytes);
}

TEST_F(WithLlvm, AssemblyUsesTheWholeVectorUnit) {
  const std::string text = Llvm::load()->assembly(emit_llvm(sample(), {.lanes = 2 * 8}), {host().triple, host().cpu, host().features});
  if (host().isa == "avx2") {
    EXPECT_NE(text.find("ymm"), std::string::npos);
  }
  EXPECT_EQ(text.find("call"), std::string::npos);
}

TEST_F(WithLlvm, CompilesForEveryInstructionSetOfThisFamily) {
#if defined(__x86_64__)
  // Only that code is made: this processor may lack the instructions.
  const std::string text = Llvm::load()->assembly(emit_llvm(sample(), {.lanes = 16, .prefer_vector_bits = 512}),
                                                  {host().triple, host().cpu, host().features + ",+avx512f,+avx512vl,+avx512dq,+avx512bw"});
  EXPECT_NE(text.find("zmm"), std::string::npos);
#endif
}

TEST_F(WithLlvm, IsThreadSafe) {
  const auto llvm = Llvm::load();
  const LlvmTarget target{host().triple, host().cpu, host().features};
  std::vector<std::string> objects(4);
  {
    std::vector<std::jthread> threads;
    for (auto& object : objects) threads.emplace_back([&] { object = llvm->object_file(emit_llvm(sample(), {.lanes = 8}), target); });
  }
  for (const auto& object : objects) EXPECT_EQ(object, objects.front());
}

TEST_F(WithLlvm, DumpsTheStagesThatWereAskedFor) {
  std::vector<std::string> seen;
  std::string texts;
  CompilerOptions options{.lanes = 4, .disk_cache = false};
  options.dump = [&](std::string_view stage, std::string_view kernel, std::string_view text) {
    seen.push_back(std::string(stage) + " " + std::string(kernel));
    texts += text;
  };
  options.dump_stages = "ir,asm";
  (void)Compiler(options).compile(sample());
  EXPECT_EQ(seen, (std::vector<std::string>{"ir sample", "asm sample"}));
  EXPECT_NE(texts.find("fma"), std::string::npos);
  EXPECT_NE(texts.find("ret"), std::string::npos);
  options.dump_stages = "ir,elf";
  EXPECT_NE(message_of([&] { Compiler c(options); }).find("\"elf\" is not a stage"), std::string::npos);
}

TEST(Options, ALaneCountThatDoesNotExistIsRefused) {
  for (const int lanes : {-1, 3, 5, 64}) EXPECT_NE(message_of([&] { uncached(lanes); }).find(std::to_string(lanes) + " is not a number of lanes"), std::string::npos);
}

TEST(Options, TheDefaultIsTwoVectorsAtATime) {
  const Compiler compiler{CompilerOptions{.disk_cache = false}};
  EXPECT_EQ(compiler.lanes(Precision::f32), host().isa == "none" ? 1 : 2 * host().native_lanes_f32);
  EXPECT_EQ(compiler.lanes(Precision::f64), host().isa == "none" ? 1 : host().native_lanes_f32);
}

TEST(LlvmLibrary, AMissingOneIsNamed) {
  RANVIER_NEEDS_COMPILER();
  const Environment variable("RANVIER_LLVM", "/nonexistent/libLLVM.so");
  auto compiler = uncached(4);
  try {
    (void)compiler.compile(sample());
    FAIL() << "a library that does not exist was used";
  } catch (const UnsupportedError& error) {
    const std::string message = error.what();
    EXPECT_NE(message.find("/nonexistent/libLLVM.so: not found"), std::string::npos) << message;
    EXPECT_NE(message.find("version 18 or newer"), std::string::npos) << message;
    EXPECT_NE(message.find("unset RANVIER_LLVM"), std::string::npos) << message;
  }
  EXPECT_FALSE(compiler.statistics().llvm_loaded);
}

TEST(LlvmLibrary, OneThatIsTooOldIsRefusedWithItsVersion) {
  const TemporaryFolder directory;
  const auto library_that_says = [&](const std::string& name, const std::string& code) {
    std::ofstream(directory / "fake.c") << code;
    const std::string path = (directory / name).string();
    const std::string command = "cc -shared -fPIC -o '" + path + "' '" + (directory / "fake.c").string() + "' 2>/dev/null";
    return std::system(command.c_str()) == 0 ? path : std::string();
  };
  const std::string old = library_that_says("old.so", "void LLVMGetVersion(unsigned *a, unsigned *b, unsigned *c) { *a = 14; *b = 0; *c = 6; }\n");
  if (old.empty()) GTEST_SKIP() << "no C compiler";
  {
    const Environment variable("RANVIER_LLVM", old);
    EXPECT_NE(message_of([] { (void)Llvm::load(); }).find("version 14.0.6 is too old"), std::string::npos);
  }
  {
    const Environment variable("RANVIER_LLVM", library_that_says("older.so", "int nothing;\n"));
    EXPECT_NE(message_of([] { (void)Llvm::load(); }).find("older than LLVM 16"), std::string::npos);
  }
  {
    const Environment variable("RANVIER_LLVM", library_that_says("hollow.so", "void LLVMGetVersion(unsigned *a, unsigned *b, unsigned *c) { *a = 19; *b = 1; *c = 0; }\n"));
    EXPECT_NE(message_of([] { (void)Llvm::load(); }).find("lacks LLVMContextCreate"), std::string::npos);
  }
}

}  // namespace
}  // namespace ranvier::codegen::testing

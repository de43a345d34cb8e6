// links: ranvier_plot
// Where figures are saved, and what is said when they cannot be.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "ranvier/error.hpp"
#include "ranvier/plot.hpp"
#include "temporary_folder.hpp"

using namespace ranvier;
namespace fs = std::filesystem;

namespace {

class PlotOutput : public ::testing::Test {
 protected:
  void TearDown() override { fs::permissions(folder_.path(), fs::perms::owner_all); }
  std::string in(const std::string& name) const { return (folder_ / name).string(); }
  const TemporaryFolder folder_;
};

template <class Call>
std::string message_of(Call call) {
  try {
    call();
  } catch (const UserError& error) {
    return error.what();
  }
  return "no error";
}

std::string content(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

plot::Raster figure() {
  plot::Raster raster;
  return raster.add("E", 10, {1, 2, 3}, {0, 5, 9});
}

TEST_F(PlotOutput, ExtensionChoosesTheFormat) {
  EXPECT_EQ(plot::format_of("a.png"), plot::Format::png);
  EXPECT_EQ(plot::format_of("x.y/a.b.SVG"), plot::Format::svg);
  EXPECT_EQ(plot::format_of("a.Pdf"), plot::Format::pdf);
  figure().save(in("a.png"));
  figure().save(in("a.svg"));
  figure().save(in("a.pdf"));
  EXPECT_EQ(content(in("a.png")).substr(1, 3), "PNG");
  EXPECT_EQ(content(in("a.svg")).substr(0, 5), "<?xml");
  EXPECT_EQ(content(in("a.pdf")).substr(0, 4), "%PDF");
  EXPECT_EQ(content(in("a.png")), figure().encode(plot::Format::png));
}

TEST_F(PlotOutput, UnknownExtensionsAreListed) {
  EXPECT_EQ(message_of([] { figure().save("raster.jpg"); }),
            "plot: the figure 'raster.jpg' has the unknown extension '.jpg'; use .png, .svg or .pdf");
  EXPECT_EQ(message_of([] { plot::check_writable("raster"); }),
            "plot: the figure 'raster' has no extension; use .png, .svg or .pdf");
}

TEST_F(PlotOutput, PathsAreCheckedBeforehandWithoutATrace) {
  plot::check_writable(in("new.png"));
  EXPECT_FALSE(fs::exists(in("new.png")));
  std::ofstream(in("old.png")) << "precious";
  plot::check_writable(in("old.png"));
  EXPECT_EQ(content(in("old.png")), "precious");
  fs::create_symlink(in("later.png"), in("link.png"));
  plot::check_writable(in("link.png"));
  EXPECT_TRUE(fs::is_symlink(in("link.png")));
  EXPECT_FALSE(fs::exists(in("later.png")));
  EXPECT_EQ(message_of([&] { plot::check_writable(in("none/a.png")); }),
            "plot: the figure '" + in("none/a.png") + "' cannot be written: No such file or directory; create the folder '" +
                in("none") + "' or choose another file");
  fs::create_directories(in("folder.png"));
  EXPECT_NE(message_of([&] { plot::check_writable(in("folder.png")); }).find("Is a directory"), std::string::npos);
}

TEST_F(PlotOutput, FoldersWithoutPermission) {
  if (::geteuid() == 0) GTEST_SKIP() << "root may write everywhere";
  fs::permissions(folder_.path(), fs::perms::owner_read | fs::perms::owner_exec);
  EXPECT_NE(message_of([&] { figure().save(in("a.png")); }).find("Permission denied"), std::string::npos);
}

TEST_F(PlotOutput, AFullDiskIsReported) {
  if (!fs::exists("/dev/full")) GTEST_SKIP() << "no /dev/full here";
  fs::create_symlink("/dev/full", in("full.png"));
  EXPECT_NE(message_of([&] { figure().save(in("full.png")); }).find("No space left on device; free some space"),
            std::string::npos);
}

}  // namespace

#include "analyzer/target/catalogue.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>

#include "tests/support/files.hpp"

namespace mcuprof {
namespace {

using testing::ElementsAre;

constexpr std::string_view kCore = R"(title = "Arm Cortex-M4"
architecture = "armv7e-m"
dsp = [true, "m"]
mve = [false, "m"]
fpu = ["single", "m"]
hardware_divide = [true, "m"]
cycle_counter = [true, "m"]
pointer_bytes = [4, "m"]
[sources.assumed]
m = "made for a test"
)";

constexpr std::string_view kBoard = R"(chip = ["C", "m"]
title = "T"
vendor = "V"
core = "cortex-m4"
clock_hz = [1_000_000, "m"]
[[memory]]
name = "sram"
kind = "sram"
use = ["activations"]
base = 0x20000000
size = "1 KiB"
source = "m"
[sources.assumed]
m = "made for a test"
)";

class CatalogueTest : public testing::Test {
 protected:
  CatalogueTest() {
    write("cores/cortex-m4.toml", kCore);
    write("boards/nucleo-f429zi.toml", kBoard);
    write("boards/rpi-pico.toml", "aliases = [\"pico\", \"raspberry\"]\n" + std::string(kBoard));
    write("boards/broken.toml", "aliases = [\"pica\"\n");
    write("boards/notes.txt", "not a board");
  }

  void write(const std::string& name, std::string_view text) {
    const std::filesystem::path path = m_folder.path() / name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path) << text;
  }
  std::string root() const { return m_folder.path().string(); }
  Catalogue catalogue() const { return Catalogue(root()); }
  std::string errorOf(std::string_view board) const {
    const Result<Board> loaded = catalogue().loadBoard(board);
    return loaded ? "loaded " + loaded->name : loaded.error().text();
  }

 private:
  test::TemporaryFolder m_folder;
};

TEST_F(CatalogueTest, ListsNamesInOrder) {
  EXPECT_THAT(catalogue().boardNames(), ElementsAre("broken", "nucleo-f429zi", "rpi-pico"));
  EXPECT_THAT(catalogue().coreNames(), ElementsAre("cortex-m4"));
  EXPECT_THAT(catalogue().runtimeNames(), ElementsAre());
}

TEST_F(CatalogueTest, KnowsABoardByItsNamesAndAliases) {
  for (const char* name : {"nucleo-f429zi", "f429zi", "F429ZI", "NUCLEO_F429ZI"})
    EXPECT_EQ(errorOf(name), "loaded nucleo-f429zi");
  for (const char* name : {"rpi-pico", "pico", "Raspberry"})
    EXPECT_EQ(errorOf(name), "loaded rpi-pico");
}

TEST_F(CatalogueTest, TakesAPathForAName) {
  EXPECT_EQ(errorOf(root() + "/boards/rpi-pico.toml"), "loaded rpi-pico");
  EXPECT_EQ(errorOf("./nowhere.toml"), "./nowhere.toml: cannot open the file");
}

TEST_F(CatalogueTest, SuggestsTheNearestName) {
  EXPECT_EQ(errorOf("f429z1"),
            "unknown board \"f429z1\"; did you mean f429zi? (\"mcuprof boards\" lists them)");
  EXPECT_EQ(errorOf("raspberyr"),
            "unknown board \"raspberyr\"; did you mean raspberry? (\"mcuprof boards\" lists them)");
  EXPECT_EQ(errorOf("zx81"), "unknown board \"zx81\" (\"mcuprof boards\" lists them)");
  EXPECT_EQ(errorOf(""), "unknown board \"\" (\"mcuprof boards\" lists them)");
  EXPECT_EQ(catalogue().loadCore("cortex-m5").error().text(),
            "unknown core \"cortex-m5\"; did you mean cortex-m4? (known: cortex-m4)");
  EXPECT_EQ(catalogue().runtimePath("tflm").error().text(), "unknown runtime \"tflm\" (known: )");
}

TEST_F(CatalogueTest, TellsOfABrokenFileWhenItIsTheOneThatWasAskedFor) {
  EXPECT_THAT(errorOf("broken"), testing::StartsWith(root() + "/boards/broken.toml:"));
}

TEST_F(CatalogueTest, FindsNamesThatStandForTwoBoards) {
  write("boards/broken.toml", "aliases = [\"f429zi\", \"pico\"]\n" + std::string(kBoard));
  std::vector<std::string> texts;
  for (const Error& error : catalogue().problems()) texts.push_back(error.text());
  EXPECT_THAT(texts,
              ElementsAre(root() + "/boards/broken.toml: \"f429zi\" stands for nucleo-f429zi too",
                          root() + "/boards/rpi-pico.toml: \"pico\" stands for broken too"));
}

TEST_F(CatalogueTest, FindsFilesInTheWrongFolder) {
  write("boards/broken.toml", kCore);
  std::vector<std::string> texts;
  for (const Error& error : catalogue().problems()) texts.push_back(error.text());
  EXPECT_THAT(
      texts, ElementsAre(root() + "/boards/broken.toml: this is a core file; wanted a board file"));
}

TEST_F(CatalogueTest, TakesTheFolderItIsTold) {
  ::unsetenv("MCUPROF_TARGETS");
  EXPECT_EQ(Catalogue::find(root())->folder(), root());
  EXPECT_EQ(Catalogue::find("/nowhere").error().text(),
            "/nowhere: --targets names this folder, but it has no folder \"boards\" in it");
  ::setenv("MCUPROF_TARGETS", root().c_str(), 1);
  EXPECT_EQ(Catalogue::find("")->folder(), root());
  ::setenv("MCUPROF_TARGETS", "/nowhere", 1);
  EXPECT_EQ(Catalogue::find("").error().text(),
            "/nowhere: MCUPROF_TARGETS names this folder, but it has no folder \"boards\" in it");
  ::unsetenv("MCUPROF_TARGETS");
  EXPECT_EQ(Catalogue::find("")->folder(), (test::sourceFolder() / "targets").string());
}

}  // namespace
}  // namespace mcuprof

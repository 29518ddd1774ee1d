// What whole reports of real networks promise: they add up, keep to their width and match their
// schema.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>

#include "analyzer/report/text.hpp"
#include "tests/cli/program.hpp"
#include "tests/support/files.hpp"

namespace mcuprof::test {
namespace {

using Json = nlohmann::json;

const std::vector<std::string> kBoards = {"f767zi", "f429zi", "f091rc"};

std::string paperModel() {
  return zooFile("mobilenet_v2", {"--width=0.35", "--input=128"});
}

std::string analyzed(const std::string& model, const std::string& board, const std::string& format,
                     const std::vector<std::string>& more = {}) {
  std::vector<std::string> arguments = {"analyze", "--board", board, "--format", format, model};
  arguments.insert(arguments.end(), more.begin(), more.end());
  const ProgramRun run = runProgram(arguments);
  EXPECT_EQ(run.status, 0) << run.err;
  EXPECT_EQ(run.err, "");
  return run.out;
}

/// The report as a newcomer sees it; the name of the file is the one that the README uses.
std::string paperReport(const std::string& board) {
  static const TemporaryFolder folder;
  const std::string file = folder.path() / "mobilenet_v2_035_128.tflite";
  if (!std::filesystem::exists(file)) std::filesystem::copy_file(paperModel(), file);
  return analyzed(file, board, "text");
}

void expectGolden(const std::string& name, const std::string& text) {
  const std::filesystem::path file = sourceFolder() / "tests" / "golden" / name;
  const char* update = std::getenv("MCUPROF_UPDATE_GOLDEN");
  if (update != nullptr && std::string(update) == "1") {
    std::ofstream(file, std::ios::binary) << text;
    return;
  }
  EXPECT_EQ(contentOf(file), text) << "MCUPROF_UPDATE_GOLDEN=1 rewrites " << file;
}

TEST(Reports, OfThePapersModelAreAsReviewed) {
  expectGolden("mobilenet_v2_035_128.f767zi.txt", paperReport("f767zi"));
  expectGolden("mobilenet_v2_035_128.f429zi.txt", paperReport("f429zi"));
}

TEST(Reports, TheReadmeShowsARealOne) {
  // The README leaves out the middle of the layer table, marked with a line of three dots; all its
  // other lines are the report's, in order.
  const std::string readme = contentOf(sourceFolder() / "README.md");
  const std::size_t begin = readme.find("mobilenet_v2_035_128.tflite on ST NUCLEO-F767ZI");
  ASSERT_NE(begin, std::string::npos);
  const std::vector<std::string> shown =
      linesOf(readme.substr(begin, readme.find("```", begin) - begin));
  const std::vector<std::string> printed = linesOf(paperReport("f767zi"));
  ASSERT_GT(shown.size(), 20U);
  auto at = printed.begin();
  for (const std::string& line : shown) {
    if (line == "...") continue;
    at = std::find(at, printed.end(), line);
    ASSERT_NE(at, printed.end()) << "not in the report: " << line;
    ++at;
  }
  EXPECT_EQ(at, printed.end()) << "the report goes on: " << *at;
}

TEST(Reports, NoLineIsWiderThanAHundredColumns) {
  for (const std::string& name : zooNames()) {
    const std::string model = zooFile(name);
    std::vector<std::vector<std::string>> commands = {
        {"inspect", model}, {"arena", model}, {"fit", "--boards", "all", model}};
    for (const std::string& board : kBoards)
      commands.push_back({"analyze", "--board", board, model});
    for (const auto& command : commands) {
      const ProgramRun run = runProgram(command);
      EXPECT_LE(run.status, 1) << run.err;
      for (const std::string& line : linesOf(run.out)) {
        EXPECT_LE(columnsOf(line), 100U) << command[0] << " " << name << ": " << line;
        EXPECT_TRUE(line.empty() || line.back() != ' ')
            << command[0] << " " << name << ": " << line;
      }
    }
  }
  for (const std::vector<std::string>& command :
       {std::vector<std::string>{"boards"}, {"boards", "show", "f767zi"}, {"zoo", "list"}}) {
    for (const std::string& line : linesOf(runProgram(command).out))
      EXPECT_LE(columnsOf(line), 100U) << line;
  }
}

/// Sum of a member, found by a JSON pointer, over all rows; null counts as nothing.
std::int64_t sumOf(const Json& rows, const char* pointer) {
  std::int64_t sum = 0;
  for (const Json& row : rows) {
    const Json& value = row.at(Json::json_pointer(pointer));
    if (!value.is_null()) sum += value.get<std::int64_t>();
  }
  return sum;
}

/// The same where rows may lack the column.
std::int64_t sumIfThere(const Json& rows, const std::string& pointer) {
  std::int64_t sum = 0;
  for (const Json& row : rows) {
    const Json value = row.value(Json::json_pointer(pointer), Json());
    if (!value.is_null()) sum += value.get<std::int64_t>();
  }
  return sum;
}

TEST(Reports, TotalsAreTheSumsOfTheirRowsInJson) {
  std::size_t spilling = 0;
  for (const std::string& name : zooNames()) {
    for (const std::string& board : kBoards) {
      SCOPED_TRACE(name + " on " + board);
      const Json report = Json::parse(analyzed(zooFile(name), board, "json"));
      const Json& layers = report["layers"];
      const Json& totals = report["totals"];
      for (const char* column :
           {"/macs", "/working_set/weights", "/working_set/bias", "/working_set/input",
            "/working_set/output", "/working_set/total", "/scratch", "/read", "/written",
            "/spill_written", "/spill_read", "/worst_case"}) {
        EXPECT_EQ(sumOf(layers, column), totals.at(Json::json_pointer(column))) << column;
      }
      const Json& traffic = report["traffic"];
      for (const char* column : {"/read", "/written"}) {
        EXPECT_EQ(sumOf(traffic["rows"], column), totals.at(Json::json_pointer(column)));
        EXPECT_EQ(sumOf(traffic["by_memory"], column), totals.at(Json::json_pointer(column)));
      }
      for (const Json& memory : traffic["by_memory"]) {
        std::int64_t moved = 0;
        for (const auto& [purpose, bytes] : memory["by_purpose"].items())
          moved += bytes.get<std::int64_t>();
        EXPECT_EQ(moved,
                  memory["read"].get<std::int64_t>() + memory["written"].get<std::int64_t>());
      }
      for (const char* column : {"/touched/read", "/touched/written"})
        EXPECT_EQ(sumIfThere(traffic["rows"], column), sumOf(traffic["by_memory"], column));
      std::int64_t peak = 0;
      for (const Json& layer : layers) peak = std::max(peak, layer["live"].get<std::int64_t>());
      EXPECT_EQ(peak, totals["peak_live"]);

      const auto value = [&](const char* pointer) {
        return report.at(Json::json_pointer(pointer))["value"].get<std::int64_t>();
      };
      EXPECT_EQ(value("/sram/usable"), value("/sram/total") - value("/sram/static") -
                                           value("/sram/stack") - value("/sram/reserve") -
                                           value("/sram/weights") - value("/sram/block_buffer") +
                                           value("/sram/missing"));
      EXPECT_EQ(sumOf(report["sram"]["regions"], "/usable"), value("/sram/usable"));
      EXPECT_EQ(value("/arena/used"), value("/arena/head") + value("/arena/tail"));
      if (!report["spills"]["events"].empty()) ++spilling;
    }
  }
  EXPECT_GT(spilling, 0U) << "the boards are chosen so that something spills";
}

/// The numbers of the layer table's row with this title, separators removed.
std::vector<std::int64_t> numbersOf(const std::string& line) {
  std::vector<std::int64_t> numbers;
  std::string digits;
  for (const char c : line + " ") {
    if (c >= '0' && c <= '9') {
      digits += c;
    } else if (c != ',' && !digits.empty()) {
      numbers.push_back(std::stoll(digits));
      digits.clear();
    } else if (c != ',') {
      digits.clear();
    }
  }
  return numbers;
}

TEST(Reports, TotalsAreTheSumsOfTheirRowsInTextAndCsv) {
  for (const std::string& name : zooNames()) {
    SCOPED_TRACE(name);
    const std::string model = zooFile(name);
    const Json totals = Json::parse(analyzed(model, "f767zi", "json"))["totals"];

    std::vector<std::int64_t> shown;
    for (const std::string& line : linesOf(analyzed(model, "f767zi", "text"))) {
      if (shown.empty() && line.rfind("     total", 0) == 0) shown = numbersOf(line.substr(10));
    }
    if (shown.empty()) {
      // Fewer than ten layers: the column with their numbers is narrower.
      for (const std::string& line : linesOf(analyzed(model, "f767zi", "text"))) {
        if (shown.empty() && line.rfind("    total", 0) == 0) shown = numbersOf(line.substr(9));
      }
    }
    const Json& set = totals["working_set"];
    const auto weights = set["weights"].get<std::int64_t>() + set["bias"].get<std::int64_t>();
    EXPECT_EQ(shown, (std::vector<std::int64_t>{totals["macs"], weights, set["input"],
                                                set["output"], set["total"]}));

    const std::vector<std::string> csv = linesOf(analyzed(model, "f767zi", "csv"));
    ASSERT_FALSE(csv.empty());
    const auto cells = [](const std::string& line) {
      // No zoo model has names with commas or quotes.
      std::vector<std::string> out(1);
      for (const char c : line) {
        if (c == ',') {
          out.emplace_back();
        } else if (c != '\r') {
          out.back() += c;
        }
      }
      return out;
    };
    const std::vector<std::string> header = cells(csv[0]);
    const auto sumOfColumn = [&](const std::string& title) {
      const auto column =
          static_cast<std::size_t>(std::ranges::find(header, title) - header.begin());
      std::int64_t sum = 0;
      for (std::size_t i = 1; i < csv.size(); ++i)
        sum += std::stoll("0" + cells(csv[i]).at(column));
      return sum;
    };
    EXPECT_EQ(sumOfColumn("macs"), totals["macs"]);
    EXPECT_EQ(sumOfColumn("working_set_bytes"), set["total"]);
    EXPECT_EQ(sumOfColumn("read_bytes"), totals["read"]);
    EXPECT_EQ(sumOfColumn("written_bytes"), totals["written"]);
  }
}

TEST(Reports, JsonMatchesItsSchema) {
  const TemporaryFolder folder;
  std::string files;
  std::size_t count = 0;
  const auto add = [&](const std::vector<std::string>& arguments) {
    const std::string file = folder.path() / (std::to_string(count++) + ".json");
    std::vector<std::string> all = arguments;
    all.insert(all.end(), {"-o", file});
    const ProgramRun run = runProgram(all);
    EXPECT_LE(run.status, 1) << run.err;
    files += " '" + file + "'";
  };
  for (const std::string& name : zooNames()) {
    const std::string model = zooFile(name);
    add({"inspect", model});
    add({"arena", model});
    for (const std::string& board : kBoards) add({"analyze", "--board", board, model});
  }
  add({"analyze", "--board", "f429zi", "--place", "weights=sd", "--sram", "128K", "--stack", "2K",
       "--reserve", "1K", paperModel()});
  add({"fit", "--boards", "all", zooFile("gesture"), paperModel()});
  const std::string measured = folder.path() / "measured.csv";
  std::ofstream(measured)
      << "model,model_file,board,cpu,clock_mhz,runtime,open_runtime,latency_ms\n"
         "a,one.tflite,NUCLEO-F429ZI,Cortex-M4,180,TFLM + CMSIS-NN,yes,50\n"
         "b,two.tflite,NUCLEO-F429ZI,Cortex-M4,180,TFLM + CMSIS-NN,yes,90\n"
         "b,two.tflite,NUCLEO-F429ZI,Cortex-M4,180,another,no,9\n"
         "c,missing.tflite,NUCLEO-F429ZI,Cortex-M4,180,another,no,9\n";
  std::filesystem::copy_file(zooFile("ds_cnn"), folder.path() / "one.tflite");
  std::filesystem::copy_file(zooFile("resnet8"), folder.path() / "two.tflite");
  add({"accuracy", "--data", measured, "--models", folder.path().string()});
  add({"diff", "--board", "f767zi", zooFile("ds_cnn"), "--", zooFile("ds_cnn")});
  add({"diff", "--board", "f767zi", paperModel(), "--", zooFile("resnet8")});
  add({"doctor"});
  const std::string limits = folder.path() / "limits.toml";
  std::ofstream(limits) << "[limits]\narena = 1\nlatency = \"9s\"\nspilled = 0\n"
                           "[[allow]]\nlimit = \"spilled\"\nreason = \"known\"\n"
                           "expires = 2999-01-01\n";
  add({"check", "--budget", limits, "--boards", "f767zi,f091rc", paperModel()});
  if (!sharedFolder().empty()) {
    // Several subgraphs, custom operators, metadata.
    for (const char* name : {"trained_lstm", "person_detect_vela", "audio_preprocessor_int8"}) {
      const std::string model = sharedFolder() / "models" / (std::string(name) + ".tflite");
      add({"analyze", "--board", "f767zi", model});
      add({"inspect", model});
      add({"arena", model});
    }
  }
  const std::string schema = sourceFolder() / "docs" / "report.schema.json";
  const std::string check =
      "import json, sys, jsonschema\n"
      "schema = json.load(open(sys.argv[1]))\n"
      "validator = jsonschema.validators.validator_for(schema)\n"
      "validator.check_schema(schema)\n"
      "for name in sys.argv[2:]:\n"
      "    document = json.load(open(name))\n"
      "    kind = dict(schema, **{\"$ref\": \"#/$defs/\" + document[\"schema\"].split(\"/\")[1]})\n"
      "    del kind[\"oneOf\"]\n"
      "    for error in validator(kind).iter_errors(document):\n"
      "        sys.exit(\"%s: %s: %s\" % (name, error.json_path, error.message))\n";
  const std::string script = folder.path() / "check.py";
  std::ofstream(script) << check;
  const std::string log = folder.path() / "log";
  const std::string command =
      "/usr/bin/python3 '" + script + "' '" + schema + "'" + files + " > '" + log + "' 2>&1";
  EXPECT_EQ(std::system(command.c_str()), 0) << contentOf(log);
  RecordProperty("documents", static_cast<int>(count));
}

TEST(Reports, UnknownOperatorsAreShownAndRefusedWhenAsked) {
  if (sharedFolder().empty()) GTEST_SKIP() << "no models in " << MCUPROF_SHARED_DIR;
  const std::string model = sharedFolder() / "models" / "person_detect_vela.tflite";
  const std::string text = analyzed(model, "f767zi", "text");
  EXPECT_NE(text.find("cost unknown"), std::string::npos);
  EXPECT_NE(text.find("at least"), std::string::npos);
  const ProgramRun strict = runProgram({"analyze", "--strict", "--board", "f767zi", model});
  EXPECT_EQ(strict.status, 4);
  EXPECT_EQ(strict.out, "");
  EXPECT_EQ(strict.err, "mcuprof: error: cost unknown: custom operator ethos-u\n");
}

TEST(Fit, SaysNoWhenNoBoardWillDo) {
  const ProgramRun no = runProgram({"fit", "--boards", "f091rc", paperModel()});
  EXPECT_EQ(no.status, 1);
  EXPECT_NE(no.out.find("blocks"), std::string::npos);
  const ProgramRun yes = runProgram({"fit", "--boards", "f091rc,f767zi", zooFile("gesture")});
  EXPECT_EQ(yes.status, 0) << yes.err;
}

TEST(Fit, GoesOnAfterAModelThatCannotBeRead) {
  const ProgramRun run =
      runProgram({"fit", "--boards", "f767zi", "/nowhere.tflite", zooFile("gesture")});
  EXPECT_EQ(run.status, 3);
  EXPECT_EQ(linesOf(run.err).size(), 1U) << run.err;
  EXPECT_NE(run.out.find("gesture.tflite"), std::string::npos);
}

TEST(Boards, EveryOneCanBeShown) {
  const std::filesystem::path folder = sourceFolder() / "targets" / "boards";
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string name = entry.path().stem();
    const ProgramRun run = runProgram({"boards", "show", name});
    EXPECT_EQ(run.status, 0) << run.err;
    EXPECT_NE(run.out.find("["), std::string::npos) << "figures carry their basis";
    for (const std::string& line : linesOf(run.out)) EXPECT_LE(columnsOf(line), 100U) << line;
  }
}

}  // namespace
}  // namespace mcuprof::test

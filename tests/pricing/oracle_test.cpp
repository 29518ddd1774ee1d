// llvm-mca prices the same blocks from their text, in a process of its own; ours decodes bytes and
// runs the simulation in process. Both must agree to the cycle.

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "analyzer/pricing/price.hpp"
#include "tests/pricing/firmware.hpp"
#include "tests/support/files.hpp"

namespace mcuprof {
namespace {

using test::Firmware;

/// Total cycles of each region of the file, in order.
std::vector<double> oracleCycles(const std::filesystem::path& assembly, const PricingCore& core,
                                 int iterations) {
  const std::string command = "llvm-mca-19 -mtriple=" + std::string(core.triple) +
                              " -mcpu=" + std::string(core.llvmCpu) +
                              " -iterations=" + std::to_string(iterations) +
                              " -call-latency=1 -skip-unsupported-instructions=lack-sched " +
                              assembly.string() + " 2>/dev/null";
  std::FILE* pipe = popen(command.c_str(), "r");
  if (!pipe) return {};
  std::array<char, 256> line{};
  std::vector<double> cycles;
  while (std::fgets(line.data(), line.size(), pipe)) {
    const std::string_view text(line.data());
    if (text.rfind("Total Cycles:", 0) == 0) cycles.push_back(std::atof(line.data() + 13));
  }
  pclose(pipe);
  return cycles;
}

/// Assembly of an instruction; a RISC-V branch reaches too short for an absolute address.
std::string assemblyOf(const PricingCore& core, const Instruction& instruction,
                       const InstructionDetail& detail) {
  if (core.architecture == Architecture::Thumb || !instruction.hasTarget) return detail.text;
  return detail.text.substr(0, detail.text.rfind("0x")) + ".";
}

/// Loop ends print with addresses that an assembler refuses without the loop before them, and a
/// narrow load of a literal comes back as a wide one, which LLVM prices otherwise.
bool canBeAssembledAlone(std::span<const Instruction> run,
                         std::span<const InstructionDetail> details) {
  return std::none_of(run.begin(), run.end(),
                      [](const Instruction& i) {
                        return i.kind == InstructionKind::LoopEnd ||
                               i.kind == InstructionKind::LoopStartWhile ||
                               i.kind == InstructionKind::TableBranch ||
                               i.kind == InstructionKind::LoopStart;
                      }) &&
         std::none_of(details.begin(), details.end(),
                      [](const InstructionDetail& d) { return d.opcode == "tLDRpci"; });
}

class Oracle : public ::testing::TestWithParam<std::pair<const char*, const char*>> {};

TEST_P(Oracle, AgreesOnEveryBlock) {
  const auto& [file, coreName] = GetParam();
  const Firmware firmware(file);
  const PricingCore& core = test::coreOf(coreName);
  Pricer pricer(core);
  std::string text = core.architecture == Architecture::Thumb ? ".syntax unified\n.thumb\n" : "";
  std::vector<double> ours;
  std::vector<std::string> blocks;
  for (const Function& function : firmware.list.functions) {
    const ControlFlow flow = findControlFlow(function, pricer.disassembler());
    for (const BasicBlock& block : flow.blocks) {
      const auto run = std::span(flow.instructions).subspan(block.first, block.count);
      const std::vector<InstructionDetail> details = pricer.disassembler().details(run);
      if (!canBeAssembledAlone(run, details)) continue;
      std::string body;
      for (std::size_t i = 0; i < run.size(); ++i)
        body += assemblyOf(core, run[i], details[i]) + "\n";
      const std::string comment = core.architecture == Architecture::Thumb ? "@" : "#";
      text.append(comment).append(" LLVM-MCA-BEGIN\n").append(body);
      text.append(comment).append(" LLVM-MCA-END\n");
      ours.push_back(pricer.priceRun(run, false).modelCycles);
      blocks.push_back(function.name + "\n" + body);
    }
  }
  const test::TemporaryFolder folder;
  const auto assembly = folder.path() / "blocks.s";
  std::ofstream(assembly) << text;
  const std::vector<double> few = oracleCycles(assembly, core, 10);
  const std::vector<double> many = oracleCycles(assembly, core, 20);
  ASSERT_EQ(few.size(), ours.size()) << text;
  ASSERT_EQ(many.size(), ours.size());
  for (std::size_t i = 0; i < ours.size(); ++i)
    EXPECT_EQ(ours[i], (many[i] - few[i]) / 10) << blocks[i];
  std::printf("%zu blocks of %s compared with llvm-mca\n", ours.size(), file);
  EXPECT_GE(ours.size(), 20u);
}

INSTANTIATE_TEST_SUITE_P(Cores, Oracle,
                         ::testing::Values(std::pair("m4.elf", "cortex-m4"),
                                           std::pair("m7.elf", "cortex-m7"),
                                           std::pair("m33.elf", "cortex-m33"),
                                           std::pair("m55.elf", "cortex-m55"),
                                           std::pair("rv32.elf", "sifive-e31")),
                         [](const auto& each) {
                           const std::string_view file = each.param.first;
                           return std::string(file.substr(0, file.find('.')));
                         });

}  // namespace
}  // namespace mcuprof

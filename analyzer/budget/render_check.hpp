#pragma once

#include <string>

#include "analyzer/budget/judge.hpp"
#include "analyzer/report/text.hpp"

namespace mcuprof {

// A check in the forms that people and services read. All of them show the same findings;
// docs/ci.md says which service reads which.

/// What needs attention in sentences, then one line a limit.
std::string renderCheckText(const CheckReport& report, const TextStyle& style);
/// Everything, with the figures of every model, so that it can serve as a baseline.
std::string renderCheckJson(const CheckReport& report);
/// For a job summary or a comment on a pull request.
std::string renderCheckMarkdown(const CheckReport& report);
/// A suite a model and board, a case a limit. Valid by the XSDs of Jenkins' xUnit plug-in and of
/// Windy Road. Inconclusive limits are skipped cases, unless they fail the gate.
std::string renderJunit(const CheckReport& report);
/// SARIF 2.1.0, every finding but passes, at the limit's line of the budget file.
std::string renderSarif(const CheckReport& report);
/// GitHub workflow commands, at most ten of each level: that is what a step shows.
std::string renderGithub(const CheckReport& report);
/// GitLab code quality: an array of issues.
std::string renderGitlab(const CheckReport& report);

/// "3 failed, 1 inconclusive, 12 passed".
std::string countsText(const CheckReport& report);
/// The budget file's path as a service wants it: relative, without "./".
std::string relativePath(const std::string& file);
/// 32 hexadecimal digits that stay the same while rule, model, board, runtime and subject do.
std::string fingerprintOf(const Finding& finding);

}  // namespace mcuprof

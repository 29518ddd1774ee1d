#pragma once

#include <string>
#include <string_view>

namespace mcuprof {

/// Text from outside as plain text of GitHub's and GitLab's Markdown, also within a table: nothing
/// in it is markup, HTML, a link or a mention.
std::string markdownText(std::string_view text);
/// The same as code.
std::string markdownCode(std::string_view text);

}  // namespace mcuprof

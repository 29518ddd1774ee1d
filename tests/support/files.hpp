#pragma once

#include <filesystem>
#include <string>

namespace mcuprof::test {

/// The folder with real models and ground truth, or an empty path when it is not there. Tests that
/// need it call GTEST_SKIP with the path they looked for; they never pass silently.
std::filesystem::path sharedFolder();

/// The repository's root.
std::filesystem::path sourceFolder();

/// Whole content of a file; fails the test when it cannot be read.
std::string contentOf(const std::filesystem::path& file);

/// A fresh empty folder that is removed with the object.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const std::filesystem::path& path() const { return m_path; }

 private:
  std::filesystem::path m_path;
};

}  // namespace mcuprof::test

#pragma once

#include <gtest/gtest.h>

#include <string>

#include "db/database.hpp"
#include "tests/support/files.hpp"

namespace mcuprof::test {

/// A folder with databases, which is gone after the test.
class DatabaseFolder : public testing::Test {
 protected:
  std::string file(const std::string& name) const { return (m_folder.path() / name).string(); }
  db::Database open(const std::string& name = "runs.db") {
    auto database = db::Database::open(file(name), db::Access::ReadWrite);
    EXPECT_TRUE(database) << database.error().text();
    return std::move(*database);
  }

  TemporaryFolder m_folder;
};

}  // namespace mcuprof::test

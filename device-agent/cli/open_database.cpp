#include "device-agent/cli/open_database.hpp"

#include "analyzer/cli/exit_status.hpp"

namespace mcuprof::cli {
namespace {

Loaded<db::Database> openDatabase(const std::string& given, db::Access access) {
  const auto path = db::databasePath(given);
  if (!path) return Failure{kUsage, path.error()};
  auto database = db::Database::open(*path, access);
  if (!database) return Failure{kBadInput, database.error()};
  return std::move(*database);
}

}  // namespace

Loaded<db::Database> openForReading(const std::string& given) {
  return openDatabase(given, db::Access::ReadOnly);
}

Loaded<db::Database> openForWriting(const std::string& given) {
  return openDatabase(given, db::Access::ReadWrite);
}

}  // namespace mcuprof::cli

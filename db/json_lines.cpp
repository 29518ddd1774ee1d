#include "db/json_lines.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>

#include "db/tables.hpp"

namespace mcuprof::db {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kFormat = "mcuprof-database";

std::string hexOf(std::string_view bytes) {
  std::string text;
  for (const char byte : bytes) text += fmt::format("{:02x}", static_cast<unsigned char>(byte));
  return text;
}

std::optional<std::string> bytesOf(std::string_view hex) {
  const auto digit = [](char c) {
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
  };
  if (hex.size() % 2 != 0) return std::nullopt;
  std::string bytes;
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    const int high = digit(hex[i]);
    const int low = digit(hex[i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    bytes += static_cast<char>(high * 16 + low);
  }
  return bytes;
}

/// Whether JSON can hold the text as it is.
bool isUtf8(const std::string& text) {
  try {
    static_cast<void>(Json(text).dump());
    return true;
  } catch (const Json::exception&) {
    return false;
  }
}

Json jsonOf(const Value& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value)) return *number;
  if (const auto* real = std::get_if<double>(&value)) return *real;
  if (const auto* blob = std::get_if<Blob>(&value)) return {{"blob", hexOf(blob->bytes)}};
  if (const auto* text = std::get_if<std::string>(&value)) {
    return isUtf8(*text) ? Json(*text) : Json{{"text", hexOf(*text)}};
  }
  return nullptr;
}

/// Nothing for what stands for no value of a cell.
std::optional<Value> valueOf(const Json& json) {
  if (json.is_null()) return Value();
  if (json.is_number_unsigned() && json.get<std::uint64_t>() > INT64_MAX) return std::nullopt;
  if (json.is_number_integer()) return Value(json.get<std::int64_t>());
  if (json.is_number_float()) return Value(json.get<double>());
  if (json.is_string()) return Value(json.get<std::string>());
  if (!json.is_object() || json.size() != 1 || !json.begin()->is_string()) return std::nullopt;
  auto bytes = bytesOf(json.begin()->get_ref<const std::string&>());
  if (!bytes) return std::nullopt;
  if (json.begin().key() == "blob") return Value(Blob{*std::move(bytes)});
  if (json.begin().key() == "text") return Value(*std::move(bytes));
  return std::nullopt;
}

/// Puts lines into a database that is made when the first one has told the version.
class Reader {
 public:
  explicit Reader(const std::string& name) : m_name(name) {}

  Result<void> take(std::string_view text) {
    ++m_line;
    const Json line = Json::parse(text, nullptr, false);
    if (!line.is_object()) return fail("is no JSON object");
    if (m_end) return fail("stands behind the end");
    if (!m_database) return start(line);
    if (line.contains("rows")) {
      if (!line["rows"].is_number_integer() || line["rows"] != m_rows)
        return fail(fmt::format("wanted \"rows\": {}, so many were read", m_rows));
      m_end = true;
      return {};
    }
    return row(line);
  }

  Result<Connection> finish() {
    if (!m_database) return Error{m_name, "is empty; wanted lines of \"mcuprof db export\""};
    if (!m_end)
      return Error{m_name, "ends early: the last line, with the number of rows, is missing"};
    if (auto done = m_database->execute("COMMIT"); !done) return done.error();
    m_tables.clear();
    return *std::move(m_database);
  }

 private:
  Error fail(std::string what) const { return {fmt::format("{}:{}", m_name, m_line), what}; }

  Result<void> start(const Json& line) {
    const auto format = line.find("format");
    const auto version = line.find("version");
    if (format == line.end() || *format != kFormat || version == line.end() ||
        !version->is_number_integer()) {
      return fail(
          fmt::format("wanted {{\"format\":\"{}\",\"version\":{}}}", kFormat, newestVersion()));
    }
    if (*version > newestVersion() || *version < 1) {
      return fail(fmt::format("is of version {}; this program knows 1 to {}", version->dump(),
                              newestVersion()));
    }
    auto scratch = makeScratch(version->get<std::int64_t>(), m_name);
    if (!scratch) return scratch.error();
    m_database.emplace(*std::move(scratch));
    const auto tables = tablesOf(*m_database);
    if (!tables) return tables.error();
    for (const Table& table : *tables) {
      auto insert =
          m_database->prepare(fmt::format("INSERT INTO \"{}\" ({}) VALUES ({})", table.name,
                                          columnList(table), parameterList(table)));
      if (!insert) return insert.error();
      m_tables.emplace(table.name, Known{table, *std::move(insert)});
    }
    return m_database->execute("BEGIN");
  }

  Result<void> row(const Json& line) {
    const auto name = line.find("table");
    const auto cells = line.find("row");
    if (name == line.end() || !name->is_string() || cells == line.end() || !cells->is_object())
      return fail("wanted {\"table\":NAME,\"row\":{COLUMN:VALUE, ...}}");
    const auto known = m_tables.find(name->get<std::string>());
    if (known == m_tables.end())
      return fail("there is no table \"" + name->get<std::string>() + '"');
    const Table& table = known->second.table;
    std::vector<Value> values;
    for (const std::string& column : table.columns) {
      const auto cell = cells->find(column);
      if (cell == cells->end()) return fail(fmt::format("{} lacks \"{}\"", table.name, column));
      auto value = valueOf(*cell);
      if (!value) return fail(fmt::format("\"{}\" is no value of a cell", column));
      values.push_back(*std::move(value));
    }
    if (cells->size() != values.size())
      return fail(fmt::format("{} has columns that are not known", table.name));
    Statement& insert = known->second.insert;
    for (const Value& value : values) insert.bindValue(value);
    if (auto done = insert.run(); !done) return fail(done.error().what);
    ++m_rows;
    return {};
  }

  struct Known {
    Table table;
    Statement insert;
  };

  std::string m_name;
  std::size_t m_line = 0;
  std::int64_t m_rows = 0;
  bool m_end = false;
  std::optional<Connection> m_database;
  std::map<std::string, Known> m_tables;
};

}  // namespace

Result<void> writeJsonLines(Connection& connection,
                            const std::function<Result<void>(std::string_view)>& write) {
  // One transaction sees one moment.
  if (auto done = connection.execute("BEGIN"); !done) return done;
  const auto writeAll = [&]() -> Result<void> {
    const auto version = connection.number("PRAGMA user_version");
    if (!version) return version.error();
    if (auto done = write(Json{{"format", kFormat}, {"version", *version}}.dump() + '\n'); !done)
      return done;
    const auto tables = tablesOf(connection);
    if (!tables) return tables.error();
    std::int64_t count = 0;
    for (const Table& table : *tables) {
      auto rows =
          connection.prepare(fmt::format("SELECT {} FROM \"{}\"", columnList(table), table.name));
      if (!rows) return rows.error();
      for (;;) {
        const auto next = rows->step();
        if (!next) return next.error();
        if (!*next) break;
        Json cells = Json::object();
        for (std::size_t i = 0; i < table.columns.size(); ++i)
          cells[table.columns[i]] = jsonOf(rows->value(static_cast<int>(i)));
        const Json line = {{"table", table.name}, {"row", std::move(cells)}};
        // A damaged file may have any bytes for a name; they are refused when they are read.
        const std::string text = line.dump(-1, ' ', false, Json::error_handler_t::replace);
        if (auto done = write(text + '\n'); !done) return done;
        ++count;
      }
    }
    return write(Json{{"rows", count}}.dump() + '\n');
  };
  auto done = writeAll();
  // Nothing was changed that an end of the transaction could lose.
  static_cast<void>(connection.execute("ROLLBACK"));
  return done;
}

Result<Connection> readJsonLines(std::string_view text, const std::string& name) {
  Reader reader(name);
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    if (auto done = reader.take(text.substr(0, end)); !done) return done.error();
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return reader.finish();
}

}  // namespace mcuprof::db

#include "record/search.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "base/digest.h"
#include "base/text.h"
#include "record/meta.h"
#include "record/read.h"

namespace mineward::record {
namespace {

/// Raised when search_words() changes, so that every index is made anew.
constexpr std::string_view kWordsVersion = "1";
/// Fewer hits than that are fetched by id; more are tested row by row in the order of the list.
constexpr std::int64_t kFewHits = 2000;
/// Of a longer question the rest is not asked: FTS5 bounds the depth of an expression.
constexpr std::size_t kMostWords = 64;

std::string hex(std::string_view word) {
  return to_hex(std::span(reinterpret_cast<const std::uint8_t*>(word.data()), word.size()));
}

/// The distinct words of a record's searchable fields, separated by `separator`.
std::string words_of(const TypeModel& type, const Record& record, char separator) {
  std::set<std::string> words;
  for (const auto& field : type.type->fields) {
    if (!field.searchable || field.secret) continue;
    for (const auto& word : search_words(record.text(field.name))) words.insert(hex(word));
  }
  std::string out;
  for (const auto& word : words) {
    if (!out.empty()) out += separator;
    out += word;
  }
  return out;
}

std::string made_of(const TypeModel& type) {
  std::string out(kWordsVersion);
  for (const auto& field : type.type->fields) {
    if (field.searchable && !field.secret) out += " " + field.name;
  }
  return out;
}

std::string create_sql(const TypeModel& type, bool sqlite) {
  if (sqlite) {
    return fmt::format(
        "CREATE VIRTUAL TABLE {} USING fts5(words, content='', detail=none, columnsize=0, tokenize='ascii')",
        type.search_table);
  }
  return fmt::format(
      "CREATE TABLE {0} (id BIGINT PRIMARY KEY, words TEXT[] NOT NULL); CREATE INDEX {1} ON {0} USING gin "
      "(words)",
      type.search_table, db::identifier("ix_search_words_" + type.name()));
}

/// The parameter that asks for all of the words.
std::string match_text(const std::vector<std::string>& words, bool sqlite) {
  std::string out;
  for (const auto& word : words) {
    if (!out.empty()) out += sqlite ? " AND " : ",";
    out += sqlite ? fmt::format("\"{}\"", hex(word)) : hex(word);
  }
  return sqlite ? out : fmt::format("{{{}}}", out);
}

Status fill(db::Connection& c, const TypeModel& type) {
  std::int64_t last = 0;
  while (true) {
    MW_ASSIGN(const db::Rows rows,
              c.query(fmt::format("SELECT {} FROM {} WHERE id > $1 ORDER BY id LIMIT 500", type.columns,
                                  type.table),
                      {last}));
    if (rows.empty()) return {};
    for (const auto& row : rows.rows) MW_TRY(index_words(c, type, nullptr, record_from_row(type, row)));
    last = rows.integer(rows.size() - 1, 0);
  }
}

}  // namespace

Status prepare_search(db::Connection& c, const TypeModel& type) {
  if (type.search_table.empty()) return {};
  const std::string key = "search:" + type.name();
  MW_ASSIGN(const std::optional<std::string> known, read_meta(c, key));
  if (known == made_of(type)) return {};
  const bool sqlite = c.engine() == db::Engine::sqlite;
  MW_TRY(c.script(fmt::format("DROP TABLE IF EXISTS {}", type.search_table)));
  MW_TRY(c.script(create_sql(type, sqlite)));
  MW_TRY(fill(c, type));
  return write_meta(c, key, made_of(type));
}

Status index_words(db::Connection& c, const TypeModel& type, const Record* before, const Record& after) {
  if (type.search_table.empty()) return {};
  const bool sqlite = c.engine() == db::Engine::sqlite;
  const char separator = sqlite ? ' ' : ',';
  const std::string now = words_of(type, after, separator);
  const std::string old = before ? words_of(type, *before, separator) : std::string();
  if (now == old) return {};
  if (sqlite) {
    // A table without content forgets a row only when told what it held; one that held nothing was never
    // entered.
    if (!old.empty()) {
      MW_TRY(c.execute(
          fmt::format("INSERT INTO {0} ({0}, rowid, words) VALUES ('delete', $1, $2)", type.search_table),
          {after.id.value, old}));
    }
    if (now.empty()) return {};
    MW_TRY(c.execute(fmt::format("INSERT INTO {} (rowid, words) VALUES ($1, $2)", type.search_table),
                     {after.id.value, now}));
    return {};
  }
  MW_TRY(c.execute(fmt::format("INSERT INTO {} (id, words) VALUES ($1, CAST($2 AS TEXT[])) ON CONFLICT (id) "
                               "DO UPDATE SET words = excluded.words",
                               type.search_table),
                   {after.id.value, "{" + now + "}"}));
  return {};
}

Result<std::optional<WordsCondition>> words_condition(db::Connection& c, const TypeModel& type,
                                                      std::string_view words, std::size_t parameter) {
  std::vector<std::string> wanted = query_words(words);
  std::sort(wanted.begin(), wanted.end());
  wanted.erase(std::unique(wanted.begin(), wanted.end()), wanted.end());
  if (wanted.size() > kMostWords) wanted.resize(kMostWords);
  if (type.search_table.empty() || wanted.empty()) return std::optional<WordsCondition>();
  const bool sqlite = c.engine() == db::Engine::sqlite;
  const std::string& table = type.search_table;
  const std::string match = match_text(wanted, sqlite);
  const std::string id = sqlite ? "rowid" : "id";
  const auto test = [&](std::size_t n) {
    return sqlite ? fmt::format("{} MATCH ${}", table, n) : fmt::format("words @> CAST(${} AS TEXT[])", n);
  };
  MW_ASSIGN(const db::Rows count,
            c.query(fmt::format("SELECT count(*) FROM (SELECT {} FROM {} WHERE {} LIMIT {}) AS hits", id,
                                table, test(1), kFewHits),
                    {match}));
  WordsCondition out;
  out.param = match;
  out.sql = count.integer(0, 0) < kFewHits
                ? fmt::format("t.id IN (SELECT {} FROM {} WHERE {})", id, table, test(parameter))
                : fmt::format("EXISTS (SELECT 1 FROM {0} WHERE {0}.{1} = t.id AND {2})", table, id,
                              test(parameter));
  return std::optional(std::move(out));
}

}  // namespace mineward::record

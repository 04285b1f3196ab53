#include "record/search.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "base/digest.h"
#include "base/log.h"
#include "base/text.h"
#include "record/list_way.h"
#include "record/meta.h"
#include "record/read.h"

namespace mineward::record {
namespace {

/// Raised when search_words() or owner_word() changes, so that every index is made anew.
constexpr std::string_view kWordsVersion = "2";
/// So many hits make a set in 10 ms (PostgreSQL reads the row of each hit, SQLite only the index). More are
/// common: a page of them is found sooner by testing rows.
constexpr std::int64_t most_in_set(bool sqlite) { return sqlite ? 30'000 : 6'000; }
/// PostgreSQL reads all hits before it gives the first: whether they are common is told from so many rows.
constexpr int kSampled = 1000;
/// Of a word in one row of so many a page is found by testing rows, of whatever owner; of a rarer one the
/// hits of the owners that may be seen are looked for.
constexpr std::int64_t kCommonShare = 10;
/// Of a longer question the rest is not asked: FTS5 bounds the depth of an expression.
constexpr std::size_t kMostWords = 64;

std::string hex(std::string_view word) {
  return to_hex(std::span(reinterpret_cast<const std::uint8_t*>(word.data()), word.size()));
}

/// Whose record it is, as a word beside the others: no hexadecimal text begins with this letter.
std::string owner_word(RecordId owner) { return fmt::format("o{}", owner.value); }

bool is_searched(const pack::Field& field) { return field.searchable && !field.secret; }

/// The distinct words of a record's searchable fields, and behind them the owner's, separated by `separator`.
/// A record without words has none at all.
std::string words_of(const TypeModel& type, const Record& record, char separator) {
  std::set<std::string> words;
  for (const auto& field : type.type->fields) {
    if (!is_searched(field)) continue;
    for (const auto& word : search_words(record.text(field.name))) words.insert(hex(word));
  }
  std::string out;
  for (const auto& word : words) {
    if (!out.empty()) out += separator;
    out += word;
  }
  if (!out.empty() && record.owner) out += separator + owner_word(record.owner);
  return out;
}

std::string made_of(const TypeModel& type) {
  std::string out(kWordsVersion);
  for (const auto& field : type.type->fields) {
    if (is_searched(field)) out += " " + field.name;
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

/// The distinct words of a question, sorted, as many as are asked.
std::vector<std::string> wanted_words(std::string_view words) {
  std::vector<std::string> wanted = query_words(words);
  std::sort(wanted.begin(), wanted.end());
  wanted.erase(std::unique(wanted.begin(), wanted.end()), wanted.end());
  if (wanted.size() > kMostWords) wanted.resize(kMostWords);
  return wanted;
}

Status fill(db::Connection& c, const TypeModel& type) {
  std::int64_t last = 0, done = 0;
  while (true) {
    MW_ASSIGN(const db::Rows rows,
              c.query(fmt::format("SELECT {} FROM {} WHERE id > $1 ORDER BY id LIMIT 500", type.columns,
                                  type.table),
                      {last}));
    if (rows.empty()) {
      if (done > 0) log_info("record_words", {{"type", type.name()}, {"rows", std::to_string(done)}});
      return {};
    }
    done += static_cast<std::int64_t>(rows.size());
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

std::string searched_columns(const TypeModel& type) {
  std::string out;
  for (const pack::Field& field : type.type->fields) {
    if (is_searched(field)) out += (out.empty() ? "" : ", ") + db::identifier(field.name);
  }
  return out;
}

WordsTest::WordsTest(std::string_view words) {
  for (std::string& word : wanted_words(words))
    (is_han_word(word) ? han_ : others_).push_back(std::move(word));
}

bool WordsTest::operator()(std::span<const db::Value> texts) const {
  const auto in_any = [&](const auto& stands_in) {
    return std::any_of(texts.begin(), texts.end(), [&](const db::Value& value) {
      const auto* text = std::get_if<std::string>(&value);
      return text && stands_in(*text);
    });
  };
  const bool all_han = std::all_of(han_.begin(), han_.end(), [&](const std::string& word) {
    return in_any([&](const std::string& text) { return text.find(word) != std::string::npos; });
  });
  return all_han && std::all_of(others_.begin(), others_.end(), [&](const std::string& word) {
           return in_any([&](const std::string& text) {
             const std::vector<std::string> words = search_words(text);
             return std::find(words.begin(), words.end(), word) != words.end();
           });
         });
}

namespace {

/// Rows that have all words of a question and, where owners are named, belong to one of them.
class WordsQuestion {
 public:
  WordsQuestion(const TypeModel& type, bool sqlite, const std::vector<std::string>& words,
                std::span<const RecordId> owners)
      : type_(type), sqlite_(sqlite) {
    std::vector<std::string> asked, whose;
    for (const std::string& word : words) asked.push_back(quoted(hex(word)));
    for (const RecordId owner : owners) whose.push_back(quoted(owner_word(owner)));
    if (!sqlite) {
      params_.emplace_back("{" + join(asked, ",") + "}");
      if (!whose.empty()) params_.emplace_back("{" + join(whose, ",") + "}");
      return;
    }
    std::string match = join(asked, " AND ");
    if (!whose.empty()) match += " AND (" + join(whose, " OR ") + ")";
    params_.emplace_back(std::move(match));
  }

  const std::vector<db::Value>& params() const { return params_; }
  const std::string& table() const { return type_.search_table; }

  /// True of a row of the index; the first parameter is `$n`.
  std::string test(std::size_t n) const {
    if (sqlite_) return fmt::format("{} MATCH ${}", table(), n);
    std::string out = fmt::format("words @> CAST(${} AS TEXT[])", n);
    if (params_.size() > 1) out += fmt::format(" AND words && CAST(${} AS TEXT[])", n + 1);
    return out;
  }

  WordsCondition condition(std::size_t n) const {
    const char* id = sqlite_ ? "rowid" : "id";
    WordsCondition out;
    out.params = params_;
    out.in = fmt::format("t.id IN (SELECT {} FROM {} WHERE {})", id, table(), test(n));
    out.first_in =
        fmt::format("t.id IN (SELECT {} FROM {} WHERE {} LIMIT {})", id, table(), test(n), kMostTested);
    // OFFSET 0 keeps PostgreSQL from making a set of all hits first, a second or two for a common word: it is
    // to look each row up.
    out.test = fmt::format("EXISTS (SELECT 1 FROM {0} WHERE {0}.{1} = t.id AND {2}{3})", table(), id, test(n),
                           sqlite_ ? "" : " OFFSET 0");
    out.all_hits = fmt::format("SELECT 1 FROM {} WHERE {}", table(), test(1));
    return out;
  }

  /// Exactly, up to what makes a set.
  Result<std::int64_t> count(db::Connection& c) const {
    MW_ASSIGN(const db::Rows count,
              c.query(fmt::format("SELECT count(*) FROM (SELECT 1 FROM {} WHERE {} LIMIT {}) AS hits",
                                  table(), test(1), most_in_set(sqlite_)),
                      params_));
    return count.integer(0, 0);
  }

 private:
  std::string quoted(const std::string& word) const { return sqlite_ ? "\"" + word + "\"" : word; }

  const TypeModel& type_;
  const bool sqlite_;
  std::vector<db::Value> params_;
};

/// How many rows have the words, whoever may see them.
struct Hits {
  std::int64_t rows = 0;
  bool in_set = true;       ///< counted, and few enough for a set
  bool scarce = true;       ///< so rare that the hits of some owners are worth looking for
  bool remembered = false;  ///< from a moment ago
};

/// About how many rows of PostgreSQL's index have the words, from some of them; nullopt when they are few.
Result<std::optional<Hits>> common_hits(db::Connection& c, const WordsQuestion& question) {
  MW_ASSIGN(const db::Rows size,
            c.query("SELECT CAST(reltuples AS BIGINT) FROM pg_class WHERE oid = to_regclass($1)",
                    {question.table()}));
  const std::int64_t rows = size.empty() ? 0 : size.integer(0, 0);
  if (rows <= most_in_set(false)) return std::optional<Hits>();
  const std::string sql = fmt::format(
      "SELECT count(*), sum(CASE WHEN {} THEN 1 ELSE 0 END) FROM {} TABLESAMPLE SYSTEM ({}) REPEATABLE (1)",
      question.test(1), question.table(), 100.0 * kSampled / static_cast<double>(rows));
  MW_ASSIGN(const db::Rows seen, c.query(sql, question.params()));
  if (seen.integer(0, 0) == 0) return std::optional<Hits>();
  const std::int64_t hits = rows * seen.integer(0, 1) / seen.integer(0, 0);
  if (hits <= most_in_set(false)) return std::optional<Hits>();
  return std::optional(Hits{hits, false, hits < rows / kCommonShare, false});
}

Result<Hits> find_hits(db::Connection& c, const WordsQuestion& question) {
  const bool sqlite = c.engine() == db::Engine::sqlite;
  if (!sqlite) {
    MW_ASSIGN(const auto common, common_hits(c, question));
    if (common) return *common;
  }
  MW_ASSIGN(const std::int64_t rows, question.count(c));
  const bool few = rows < most_in_set(sqlite);
  return Hits{rows, few, few || !sqlite, false};
}

/// The hits of all rows. What is few is remembered only to choose the question: it is counted anew before it
/// is told, so that a new one is never missed.
Result<Hits> known_hits(db::Connection& c, const TypeModel& type, const WordsQuestion& question, bool few_too,
                        Estimates* estimates) {
  const std::string known_as =
      fmt::format("words of {}\n{}", type.name(), std::get<std::string>(question.params()[0]));
  if (const auto known = estimates ? estimates->find(known_as) : std::nullopt) {
    const bool few = known->exact[0];
    if (!few || few_too) return Hits{static_cast<std::int64_t>(known->rows), few, known->exact[1], true};
  }
  MW_ASSIGN(const Hits hits, find_hits(c, question));
  if (estimates)
    estimates->keep(known_as, {static_cast<double>(hits.rows), 1, {}, {hits.in_set, hits.scarce}});
  return hits;
}

}  // namespace

Result<std::optional<WordsCondition>> words_condition(db::Connection& c, const TypeModel& type,
                                                      std::string_view words,
                                                      std::span<const RecordId> owners, std::size_t parameter,
                                                      Estimates* estimates) {
  const std::vector<std::string> wanted = wanted_words(words);
  if (type.search_table.empty() || wanted.empty()) return std::optional<WordsCondition>();
  const bool sqlite = c.engine() == db::Engine::sqlite;
  const WordsQuestion whosever(type, sqlite, wanted, {});
  MW_ASSIGN(const Hits hits, known_hits(c, type, whosever, !owners.empty(), estimates));
  if (!owners.empty() && hits.scarce) {
    const WordsQuestion within(type, sqlite, wanted, owners);
    MW_ASSIGN(const std::int64_t rows, within.count(c));
    if (rows < most_in_set(sqlite)) {
      WordsCondition out = within.condition(parameter);
      out.hits = rows;
      out.of_owners = true;
      return std::optional(std::move(out));
    }
  }
  WordsCondition out = whosever.condition(parameter);
  out.hits = hits.rows;
  out.in_set = hits.in_set;
  out.exact = hits.in_set && !hits.remembered;
  out.remembered = hits.remembered;
  return std::optional(std::move(out));
}

}  // namespace mineward::record

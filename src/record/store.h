/// The one door to records. Every call takes the Actor; every read is bound by its scope; every write appends
/// to the change log in the same transaction. Safe from any thread.
#pragma once

#include "base/clock.h"
#include "base/files.h"
#include "db/db.h"
#include "record/record.h"

namespace mineward::record {

class Store;

struct StoredFile {
  std::string sha256;
  std::int64_t size = 0;
  std::string media_type;  ///< found out from the content, never believed from the sender
  std::string name;        ///< as uploaded, cleaned
};

/// The writes of one database transaction. Only inside Store::write.
class Writer {
 public:
  virtual ~Writer() = default;
  virtual Outcome<Record> create(const Actor&, std::string_view type, const Fields&,
                                 std::string_view reason = {}) = 0;
  /// `version` is what the caller saw; 0 = whatever is there (system only).
  virtual Outcome<Record> update(const Actor&, std::string_view type, RecordId, std::int64_t version,
                                 const Fields&, std::string_view reason = {}) = 0;
  /// Also the step `withdraw` of a type without workflow to which the reader gave a way
  /// (pack::Withdrawal::flag): it stays, with the reason, and counts nowhere any more. A given withdrawal is
  /// refused without a reason, and when another living record stands on it or a paper was issued of it.
  virtual Outcome<Record> step(const Actor&, std::string_view type, RecordId, std::int64_t version,
                               std::string_view transition, const Fields&, std::string_view reason = {}) = 0;
  /// A signature to the step that waits for some: agrees, or sends it back (then `opinion` is needed). The
  /// last one makes the step.
  virtual Outcome<Record> sign(const Actor&, std::string_view type, RecordId, std::int64_t version,
                               bool agrees, std::string_view opinion) = 0;
  /// Makes what the record type's raise of that name says; fields given win over those taken over.
  virtual Outcome<Record> raise(const Actor&, std::string_view type, RecordId, std::string_view name,
                                const Fields&) = 0;
  /// The same once for every record in the actor's scope that the raise's `each` can name; those that have
  /// theirs already are passed over. bad_input when the raise has no `each`.
  virtual Outcome<RaisedEach> raise_each(const Actor&, std::string_view type, RecordId, std::string_view name,
                                         const Fields&) = 0;
  /// Asks that sealed fields of a record be opened (unsealing.h): makes a record of type `sealed_opening`, to
  /// which another person must agree. `fields` empty: all sealed fields that the record has.
  virtual Outcome<Record> ask_to_unseal(const Actor&, std::string_view type, RecordId,
                                        std::vector<std::string> fields, std::string_view reason) = 0;
  /// The sealed fields that an agreed opening names, in clear, for who asked for it, until its time is over.
  /// Each look is noted in the change log: who, which fields, why; never what.
  virtual Outcome<Fields> unseal(const Actor&, std::string_view type, RecordId, RecordId opening) = 0;
  virtual Result<Record> get(const Actor&, std::string_view type, RecordId) = 0;
  /// The first record whose fields are as given, one that is not withdrawn before one that is. By secret
  /// fields for the program itself only.
  virtual Result<std::optional<Record>> find(const Actor&, std::string_view type, const Fields& equals) = 0;
  /// A log entry that changes no record: sign-in, export, a refused attempt.
  virtual Status note(const Actor&, std::string_view action, std::string_view type, RecordId,
                      const Json& detail) = 0;
  /// The next whole number of a series, from 1: gapless, since it comes and goes with the transaction.
  /// `series` is any text; those of record types are not reached.
  virtual Result<std::int64_t> next_number(std::string_view series) = 0;
  /// As Store::attach, in this transaction: bytes that the transaction makes. What is rolled back may leave
  /// the bytes behind, which nobody refers to.
  virtual Result<StoredFile> attach(const Actor&, std::string_view name, std::string_view bytes) = 0;
  /// For tables that are no records (rule state, upload ledger); same transaction.
  virtual db::Connection& connection() = 0;
};

struct BlockedStep {
  std::string step;
  pack::Label why;
};

struct VerifyReport {
  std::int64_t entries = 0;
  bool ok = true;
  std::int64_t first_bad_seq = 0;  ///< 0 when ok
  std::string message;             ///< what is wrong there
};

struct ImportRowFault {
  int row = 0;  ///< 1 = first row after the header
  std::string column;
  std::string message;
};
struct ImportReport {
  int created = 0, updated = 0, unchanged = 0;
  std::vector<ImportRowFault> faults;
};

struct SearchHit {
  std::string type;
  RecordId id;
  std::string title;
};

class Store {
 public:
  virtual ~Store() = default;
  virtual const pack::Catalog& catalog() const = 0;
  virtual db::Database& database() = 0;

  /// All or nothing: commits when `work` returns success, else rolls back.
  virtual Status write(const std::function<Status(Writer&)>& work) = 0;

  // One-call forms of the above.
  virtual Outcome<Record> create(const Actor&, std::string_view type, const Fields&,
                                 std::string_view reason = {}) = 0;
  virtual Outcome<Record> update(const Actor&, std::string_view type, RecordId, std::int64_t version,
                                 const Fields&, std::string_view reason = {}) = 0;
  virtual Outcome<Record> step(const Actor&, std::string_view type, RecordId, std::int64_t version,
                               std::string_view transition, const Fields&, std::string_view reason = {}) = 0;

  virtual Outcome<Record> sign(const Actor&, std::string_view type, RecordId, std::int64_t version,
                               bool agrees, std::string_view opinion) = 0;
  virtual Outcome<Record> raise(const Actor&, std::string_view type, RecordId, std::string_view name,
                                const Fields&) = 0;
  virtual Outcome<RaisedEach> raise_each(const Actor&, std::string_view type, RecordId, std::string_view name,
                                         const Fields&) = 0;

  /// The step that waits for signatures, if one does. not_found as get.
  virtual Result<std::optional<Signing>> signing(const Actor&, std::string_view type, RecordId) = 0;
  /// Every signature that a record ever got, oldest first.
  virtual Result<std::vector<Signed>> signatures(const Actor&, std::string_view type, RecordId) = 0;
  /// What waits for the actor's own signature, longest first; at most `limit` (1..500).
  virtual Result<std::vector<WaitingRecord>> signings(const Actor&, int limit) = 0;
  /// Whether the actor may sign next.
  virtual Result<bool> may_sign(const Actor&, std::string_view type, RecordId) = 0;
  virtual Result<std::vector<Link>> links(const Actor&, std::string_view type, RecordId) = 0;
  /// The clocks of one record, soonest due first.
  virtual Result<std::vector<ClockView>> clocks(const Actor&, std::string_view type, RecordId) = 0;
  virtual Result<std::vector<ClockView>> clocks(const Actor&, const ClockQuery&) = 0;
  /// What could be made of the record now, by name. Nothing of what is closed for good.
  virtual std::vector<std::string> possible_raises(const Actor&, const Record&) = 0;

  /// not_found also when it exists outside the scope.
  virtual Result<Record> get(const Actor&, std::string_view type, RecordId) = 0;
  virtual Result<Page> list(const Actor&, const ListQuery&) = 0;
  /// Every record of a list, in its order and from one state of the database, without holding them all;
  /// `limit`, `after` and `count_total` are not looked at. Ends with the error that `take` gives.
  virtual Status each(const Actor&, const ListQuery&, const std::function<Status(const Record&)>& take) = 0;
  /// The oldest record in the scope with these values; as Writer::find.
  virtual Result<std::optional<Record>> find(const Actor&, std::string_view type, const Fields& equals) = 0;
  /// What create (`id` 0) or update would refuse now; nothing is written, and the writer is not waited for.
  virtual std::optional<Refusal> trial(const Actor&, std::string_view type, RecordId id, std::int64_t version,
                                       const Fields&) = 0;
  /// As it was at a time, from the change log.
  virtual Result<Record> get_as_of(const Actor&, std::string_view type, RecordId, ArrivalTime) = 0;
  virtual Result<std::vector<Change>> history(const Actor&, std::string_view type, RecordId) = 0;
  /// The change log, for auditors; keyset by seq, newest first. `before` 0 = from the newest.
  virtual Result<std::vector<Change>> log(const Actor&, std::int64_t before, int limit) = 0;
  /// Steps that this actor could take now (role, state, scope; not yet fields).
  virtual std::vector<std::string> possible_steps(const Actor&, const Record&) = 0;
  /// Of those steps the ones that would be refused now whatever is given with them, for what the record is
  /// (`when` of a step), and why.
  virtual std::vector<BlockedStep> blocked_steps(const Actor&, const Record&) = 0;
  /// Whether the scope covers the body whose business the record is; false of what another body enters about
  /// somebody (`belongs_to` of the type): who reads it may take only steps that are open to him.
  virtual bool acts(const Actor&, const Record&) = 0;
  virtual Result<std::vector<SearchHit>> search(const Actor&, std::string_view words, int limit) = 0;
  /// A short name for people: the title field, through references.
  virtual Result<std::string> title(const Actor&, std::string_view type, RecordId) = 0;

  /// The one scope question. False for an organisation that does not exist.
  virtual Result<bool> covers(const Scope&, RecordId organisation) = 0;
  /// All organisations in the scope, for queries over tables that are no records.
  virtual Result<std::vector<RecordId>> organisations_in(const Scope&) = 0;

  /// CSV with a header of field names (UTF-8 with BOM, RFC 4180), guarded against formula injection.
  virtual Result<std::string> export_csv(const Actor&, const ListQuery&) = 0;
  /// Rows with an `id` update, others create. All rows or none are written unless `keep_good`.
  virtual Result<ImportReport> import_csv(const Actor&, std::string_view type, std::string_view csv,
                                          bool keep_good) = 0;

  /// Stores a file under its SHA-256 (durable before return); refuses types outside image, pdf, office, text
  /// and files over the limit.
  virtual Result<StoredFile> attach(const Actor&, std::string_view name, std::string_view bytes) = 0;
  /// Readable when a record that holds it is readable, or by who stored it.
  virtual Result<std::pair<StoredFile, std::string>> attachment(const Actor&, std::string_view sha256) = 0;

  /// What can wait a little: indexes of tables that have grown. About once a second.
  virtual Status tend() = 0;
  /// Walks the whole chain.
  virtual Result<VerifyReport> verify() = 0;
};

struct StoreOptions {
  std::string attachment_folder;
  std::size_t max_attachment_bytes = 20u << 20;
  /// Rows from which on a table gets the indexes of lists; 0: every table has them.
  std::int64_t index_from = 0;
  std::string key_file = {};  ///< of protected fields; made when missing. Empty: they cannot be stored
};

/// Opens the store: creates missing tables and columns for the catalog's record types; refuses a change that
/// would lose data (a removed or retyped column with data, a narrowed dictionary in use), saying which and
/// why.
Result<std::unique_ptr<Store>> open_store(pack::CatalogPtr, db::Database&, Files&, Clock&, IdMaker&,
                                          StoreOptions);

/// JSON <-> fields, in the notation of the API (ids and decimals of money as text, dates yyyy-MM-dd, instants
/// RFC 3339).
Outcome<Fields> fields_from_json(const pack::Catalog&, const pack::RecordType&, const Json&);
Json to_json(const pack::Catalog&, const pack::RecordType&, const Record&);

}  // namespace mineward::record

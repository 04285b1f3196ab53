/// The transaction of an upload that the journal holds, and the same again after a crash or a failed one.
#include <fmt/format.h>

#include <algorithm>

#include "base/log.h"
#include "feed/intake_work.h"

namespace mineward::feed {

// ---- the transaction
// -----------------------------------------------------------------------------------------------

Status IntakeImpl::apply_registers(record::Writer& writer, Passage& p, AcceptedUpload& accepted) {
  const std::string_view reader = p.decoded->layout->reader;
  const std::string_view type = reader == "definition" ? "point" : register_type(reader);
  if (type.empty()) return {};
  const RegisterContext context{*catalog_, store_, p.mine, *p.decoded, bad_records(p.faults) == 0};
  MW_ASSIGN(const auto stored, records_of(store_, type, p.mine.id));
  MW_ASSIGN(auto change, type == "point" ? apply_points(writer, context, stored)
                                         : apply_register(writer, context, stored));
  accepted.changes = std::move(change.changes);
  for (auto& fault : change.faults) p.faults.push_back(std::move(fault));
  if (bad_records(p.faults) > 0 && p.verdict == Verdict::accepted) p.verdict = Verdict::partial;
  return {};
}

Status IntakeImpl::write_once(record::Writer& writer, Passage& p, AcceptedUpload& accepted, TripBook& trips) {
  db::Connection& c = writer.connection();
  const std::string_view reader =
      p.decoded ? std::string_view(p.decoded->layout->reader) : std::string_view();
  if (p.decoded && !p.stale) MW_TRY(apply_registers(writer, p, accepted));
  if (reader == "position" && !p.stale)
    MW_TRY(trips.apply(writer, p.mine, p.batch.file_name, accepted.positions));
  if (reader == "statistic" || reader == "abnormal")
    MW_TRY(keep_evidence(c, p.mine.id, p.mine.organisation, *p.decoded));

  LedgerEntry& e = p.entry;
  e.seq = p.batch.seq;
  e.mine = p.mine.id;
  e.organisation = p.mine.organisation;
  e.mine_code = p.mine.code;
  e.file_name = p.batch.file_name;
  e.file_type = p.batch.file_type;
  for (const auto& dialect : catalog_->dialects) {
    if (const auto* file = dialect.file(p.batch.file_type); file && e.system.empty()) e.system = file->system;
  }
  e.sha256 = p.batch.sha256;
  e.header_time = p.batch.header_time;
  e.arrived = p.batch.arrived;
  e.stale = p.stale;
  const Receipt receipt = finish(p);
  e.verdict = name_of(receipt.verdict);
  e.code = receipt.code;
  e.message = receipt.message;
  e.records = receipt.records;
  e.bad_records = receipt.bad_records;
  e.quarantined = receipt.quarantined;
  e.faults = fault_texts(receipt.faults, p.batch.file_name);
  MW_TRY(add_to_ledger(c, e));
  MW_TRY(quarantine(c, e, p.unknown));
  for (const auto& code : p.released) MW_TRY(release_quarantine(c, p.mine.id, code));
  return {};
}

/// Gives the points of a definition file their keys before anybody looks at them: a rule that judges
/// definitions must see the same points now and when the file is replayed after a crash.
Status IntakeImpl::name_points(const Passage& p) {
  for (const auto& code : definable_points(*catalog_, *p.decoded)) MW_TRY(history_.point(p.mine.code, code));
  return {};
}

Attempt IntakeImpl::attempt_of(Passage& p) const {
  const bool about_people = p.decoded && p.decoded->layout->reader == "position";
  Attempt attempt{.passage = p, .accepted = {}, .trips = {}};
  AcceptedUpload& accepted = attempt.accepted;
  accepted.seq = p.batch.seq;
  accepted.mine_code = p.mine.code;
  accepted.mine = p.mine.id;
  accepted.organisation = p.mine.organisation;
  accepted.decoded = p.decoded;
  accepted.rows = std::move(p.batch.rows);
  accepted.stale = p.stale;
  accepted.arrived = p.batch.arrived;
  accepted.replayed = p.replayed;
  accepted.is_positions = about_people;
  if (about_people) {
    accepted.positions = read_positions(*p.decoded);
    attempt.trips = p.state.trips;
  }
  return attempt;
}

Status IntakeImpl::write(record::Writer& writer, Attempt& attempt) {
  Passage& p = attempt.passage;
  if (!p.replayed) MW_TRY(write_once(writer, p, attempt.accepted, attempt.trips));
  if (p.decoded && is_definition_of_points(*p.decoded)) {
    MW_TRY(name_points(p));
    if (p.replayed && !p.stale) {
      MW_ASSIGN(attempt.accepted.changes, logged_changes(writer.connection(), p.mine.id, p.batch.file_name));
    }
  }
  return sink_.apply(writer, attempt.accepted);
}

Status IntakeImpl::apply(Passage& p, SharedTransaction::Coming* coming) {
  const std::string_view reader =
      p.decoded ? std::string_view(p.decoded->layout->reader) : std::string_view();
  if (reader == "position" && !p.state.people_loaded) {
    MW_TRY(p.state.trips.load(*catalog_, store_, p.mine));
    p.state.people_loaded = true;
  }
  const auto faults = p.faults;
  const LedgerEntry entry = p.entry;
  const Verdict verdict = p.verdict;
  Status last;
  for (const bool alone : {false, true}) {  // one that fails takes the others along: each again by itself
    Attempt attempt = attempt_of(p);
    if (!p.replayed && p.decoded && is_samples(*p.decoded->layout)) sink_.prepare(attempt.accepted);
    const SharedTransaction::Work work = [&](record::Writer& writer) { return write(writer, attempt); };
    last = alone ? store_.write(work) : together_.run(work, coming);
    if (last) {
      if (reader == "position") p.state.trips = std::move(attempt.trips);
      auto& newest = p.state.newest[p.batch.file_type];
      newest = std::max(newest, p.batch.header_time);
      if (reader == "definition" && !p.stale) p.state.loaded = false;
      if (reader == "person" || reader == "area") p.state.people_loaded = false;
      if (!p.replayed) sink_.committed(attempt.accepted, finish(p));
      return {};
    }
    sink_.reset(p.mine.id);
    p.batch.rows = std::move(attempt.accepted.rows);
    p.faults = faults;
    p.verdict = verdict;
    p.entry = entry;
  }
  return last;
}

// ---- after a crash or a failed transaction
// -------------------------------------------------------------------------

/// Which readings of a journalled sample file were unknown: those that are not among its rows.
void IntakeImpl::restore_unknown(Passage& p) {
  std::set<std::pair<history::PointKey, std::int64_t>> kept;
  for (const auto& row : p.batch.rows) kept.emplace(row.point, row.sample.at.utc_ms);
  const EventTime latest = latest_sample(p);
  for_each_sample(*p.decoded, [&](int, std::string_view code, const history::Sample& sample) {
    const auto key = history_.find_point(p.mine.code, code);
    const bool known = key && kept.contains({*key, sample.at.utc_ms});
    if (!known && sample.at <= latest) p.unknown.push_back({std::string(code), sample});
  });
}

Status IntakeImpl::reapply(const Mine& mine, MineState& state, const history::Batch& batch) {
  std::optional<Applied> applied;
  MW_TRY(store_.database().read([&](db::Connection& c) -> Status {
    MW_ASSIGN(applied, find_applied(c, batch.seq));
    return {};
  }));
  if (applied && batch.seq <= sink_.saved_seq()) return {};
  MW_TRY(load(mine, state));
  Passage p{.mine = mine,
            .state = state,
            .batch = batch,
            .decoded = nullptr,
            .unknown = {},
            .released = {},
            .entry = {},
            .verdict = Verdict::accepted,
            .stale = false,
            .replayed = applied.has_value(),
            .row_count = static_cast<int>(batch.rows.size()),
            .faults = {}};
  std::optional<Decoded> decoded;
  if (!batch.document.empty()) {
    auto again = decode(*catalog_, batch.file_name, batch.document);
    if (!again) {
      // The packs have changed since: the samples still count, the document stays in the journal's backup
      // only.
      log_error("upload.document_unreadable",
                {{"mine", mine.code}, {"seq", std::to_string(batch.seq)}, {"error", again.error().text()}});
    } else {
      decoded = *std::move(again);
      p.decoded = &*decoded;
      p.faults = decoded->faults;
    }
  }
  const auto newest = state.newest.find(batch.file_type);
  p.stale = applied ? applied->stale : newest != state.newest.end() && batch.header_time < newest->second;
  p.verdict = p.stale ? Verdict::stale : bad_records(p.faults) > 0 ? Verdict::partial : Verdict::accepted;
  p.entry.origin = "journal";
  if (!p.replayed && p.decoded && is_samples(*p.decoded->layout)) restore_unknown(p);
  if (!p.replayed && p.decoded && is_definition_of_points(*p.decoded) && !p.stale && !batch.rows.empty()) {
    p.released = definable_points(*catalog_, *p.decoded);
  }
  return apply(p);
}

Status IntakeImpl::settle_pending(const Mine& mine, MineState& state) {
  if (!state.pending) return {};
  MW_TRY(reapply(mine, state, *state.pending));
  log_info("upload.applied_late", {{"mine", mine.code}, {"seq", std::to_string(state.pending->seq)}});
  state.pending.reset();
  return load(mine, state);
}

/// The journal is synced before a transaction begins, so records never know an upload that the journal lacks,
/// unless the disk lied about a sync or one of the two comes from another backup. New uploads would get its
/// number again.
Status IntakeImpl::check_journal_reaches_records() {
  std::uint64_t known = 0;
  MW_TRY(store_.database().read([&](db::Connection& c) -> Status {
    MW_ASSIGN(known, last_applied(c));
    return {};
  }));
  if (known <= history_.last_seq()) return {};
  return corrupt(
      fmt::format("the records know upload {}, but the journal of the samples ends at {}: acknowledged "
                  "readings are gone, or records and samples are of different backups; restore both from "
                  "one backup",
                  known, history_.last_seq()));
}

Status IntakeImpl::recover() {
  MW_TRY(check_journal_reaches_records());
  MW_TRY(mines_.refresh());
  int done = 0;
  MW_TRY(history_.replay(0, [&](const history::Batch& batch) -> Status {
    MW_ASSIGN(const auto mine, mines_.find(batch.mine));
    if (!mine) {
      log_error("upload.mine_gone", {{"mine", batch.mine}, {"seq", std::to_string(batch.seq)}});
      return {};
    }
    MineState& state = state_of(*mine);
    const std::lock_guard lock(state.mine_mutex);
    ++done;
    return reapply(*mine, state, batch);
  }));
  if (done > 0) log_info("intake.recovered", {{"batches", std::to_string(done)}});
  return {};
}

}  // namespace mineward::feed

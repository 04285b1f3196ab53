/// Uploads that are not taken: refused with a row in the ledger, or left to come again.
#include <fmt/format.h>

#include "base/digest.h"
#include "base/log.h"
#include "base/text.h"
#include "feed/intake_work.h"

namespace mineward::feed {

std::vector<std::string> fault_texts(const std::vector<Fault>& faults, std::string_view file) {
  std::vector<std::string> out;
  for (const auto& fault : faults) out.push_back(fault.text(file));
  return out;
}

// ---- what is not taken
// ---------------------------------------------------------------------------------------------

Receipt IntakeImpl::wait(const Upload& upload, const Error& error) {
  Receipt receipt;
  receipt.verdict = Verdict::waiting;
  receipt.file_name = upload.name;
  receipt.message = error.text();
  if (error.message.starts_with("E_")) receipt.code = error.message.substr(0, error.message.find(' '));
  if (is_disk_full(error)) receipt.code = kDiskFullCode;
  return receipt;
}

Receipt IntakeImpl::reject(const Upload& upload, const std::vector<Fault>& faults, const Error& error,
                           ArrivalTime arrived, const Mine* mine) {
  Receipt receipt;
  receipt.verdict = Verdict::rejected;
  receipt.file_name = upload.name;
  receipt.faults = faults;
  receipt.bad_records = bad_records(faults);
  receipt.message = error.text();
  if (error.message.starts_with("E_")) receipt.code = error.message.substr(0, error.message.find(' '));
  LedgerEntry entry;
  if (mine) {
    entry.mine = mine->id;
    entry.organisation = mine->organisation;
    entry.mine_code = receipt.mine = mine->code;
  }
  if (const auto name = parse_file_name(*catalog_, upload.name)) {
    entry.file_type = receipt.file_type = name->type;
    if (!mine) entry.mine_code = name->mine;
    for (const auto& dialect : catalog_->dialects) {
      if (const auto* file = dialect.file(name->type); file && entry.system.empty())
        entry.system = file->system;
    }
  }
  entry.file_name = upload.name.substr(0, 200);
  entry.verdict = name_of(receipt.verdict);
  entry.code = receipt.code;
  entry.message = receipt.message;
  entry.sha256 = sha256_hex(upload.bytes);
  entry.origin = upload.origin;
  entry.arrived = arrived;
  entry.bad_records = receipt.bad_records;
  entry.faults = fault_texts(faults, upload.name);
  if (!is_utf8(entry.file_name)) entry.file_name = "(no text)";
  const auto noted = store_.write([&](record::Writer& w) { return add_to_ledger(w.connection(), entry); });
  if (!noted) log_error("upload.ledger_failed", {{"file", entry.file_name}, {"error", noted.error().text()}});
  return receipt;
}

Receipt IntakeImpl::refuse(const Upload& upload, const Decoded* decoded, Fault fault, ArrivalTime arrived,
                           const Mine* mine) {
  const Error error =
      bad_input(fmt::format("{} found {}, expected {}", name_of(fault.code), fault.found, fault.expected),
                fmt::format("{}:{}:{}", upload.name, fault.record, fault.field));
  std::vector<Fault> faults = decoded ? decoded->faults : std::vector<Fault>{};
  faults.push_back(std::move(fault));
  Receipt receipt = reject(upload, faults, error, arrived, mine);
  receipt.records = decoded ? decoded->total_records : 0;
  return receipt;
}

Receipt IntakeImpl::repeated(const Passage& p) {
  Receipt receipt;
  receipt.verdict = Verdict::duplicate;
  receipt.file_name = p.batch.file_name;
  receipt.mine = p.mine.code;
  receipt.file_type = p.batch.file_type;
  receipt.records = p.decoded->total_records;
  receipt.code = name_of(Code::e_dup);
  receipt.message =
      "E_DUP found a file that was accepted before with the same name and content, expected a new one; "
      "nothing was done";
  LedgerEntry entry = p.entry;
  entry.mine = p.mine.id;
  entry.organisation = p.mine.organisation;
  entry.mine_code = p.mine.code;
  entry.file_name = p.batch.file_name;
  entry.file_type = p.batch.file_type;
  entry.system = p.decoded->layout->system;
  entry.verdict = name_of(receipt.verdict);
  entry.code = receipt.code;
  entry.message = receipt.message;
  entry.sha256 = p.batch.sha256;
  entry.header_time = p.batch.header_time;
  entry.arrived = p.batch.arrived;
  entry.records = receipt.records;
  const auto noted = store_.write([&](record::Writer& w) { return add_to_ledger(w.connection(), entry); });
  if (!noted) log_error("upload.ledger_failed", {{"file", entry.file_name}, {"error", noted.error().text()}});
  return receipt;
}

}  // namespace mineward::feed

#include <fmt/format.h>

#include "feed/decode.h"

namespace mineward::feed {

std::string_view name_of(Code code) {
  switch (code) {
    case Code::e_name: return "E_NAME";
    case Code::e_enc: return "E_ENC";
    case Code::e_term: return "E_TERM";
    case Code::e_head: return "E_HEAD";
    case Code::e_mine: return "E_MINE";
    case Code::e_future: return "E_FUTURE";
    case Code::e_stale: return "E_STALE";
    case Code::e_dup: return "E_DUP";
    case Code::e_fields: return "E_FIELDS";
    case Code::e_type: return "E_TYPE";
    case Code::e_unknown_point: return "E_UNKNOWN_POINT";
    case Code::e_decrypt: return "E_DECRYPT";
    case Code::w_enc_fallback: return "W_ENC_FALLBACK";
    case Code::w_bom: return "W_BOM";
  }
  return "E_UNKNOWN";
}

std::string Fault::text(std::string_view file) const {
  return fmt::format("{}:{}:{}: {} found {}, expected {}", file, record, field, name_of(code), found,
                     expected);
}

int bad_records(const std::vector<Fault>& faults) {
  int bad = 0;
  for (const Fault& fault : faults) {
    const bool kept = fault.code == Code::e_dup || fault.code == Code::w_bom ||
                      fault.code == Code::w_enc_fallback || fault.code == Code::e_unknown_point;
    bad += fault.record > 0 && !kept;
  }
  return bad;
}

}  // namespace mineward::feed

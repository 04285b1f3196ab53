// Photos that the public sends.
#include "record/photo.h"

#include "target.h"

namespace mineward::fuzz {

MW_FUZZ_TARGET(photo) {
  constexpr std::size_t kSide = 36;  // the segment that says which side is up
  const auto bare = record::bare_photo(input);
  if (!bare) return check_error(bare.error());
  MW_FUZZ_CHECK(bare->bytes.size() <= input.size() + kSide, "a photo grew");
  const auto again = record::bare_photo(bare->bytes);
  MW_FUZZ_CHECK(again.ok(), "what was kept is no photo");
  if (again) MW_FUZZ_CHECK(again->bytes == bare->bytes, "a second look takes more away");
}

}  // namespace mineward::fuzz

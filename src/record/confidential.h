/// Inside record/: that a record of a sealed kind (a type with sealed fields, as a tip-off) exists is not
/// told by the records that refer to it. A reference to it is there only for who may see the record itself:
/// who is given the hazard found after a tip-off does not learn that there was one.
#pragma once

#include "record/write.h"

namespace mineward::record {

/// Takes out the references to records of sealed kinds that the actor may not see.
Status hide_confidential(db::Connection&, const Model&, const Actor&, Record&);
/// The same in the diff of a change of a record of that type.
Status hide_confidential(db::Connection&, const Model&, const Actor&, const TypeModel&, Json& diff);
/// A stored reference that the actor was not shown stays when he sends nothing for it; another value is a
/// fault "read_only".
Status keep_confidential(db::Connection&, const Model&, Draft&);
/// Whether the actor may filter by the field so: where he may not read what it refers to, and by anything but
/// a record that he can name, a filter would tell what is hidden.
bool may_filter(const Model&, const Actor&, const TypeModel&, const Filter&);
bool may_sort(const Actor&, const TypeModel&, std::string_view field);

}  // namespace mineward::record

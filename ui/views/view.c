#include "ui/views/view.h"

const struct view *const views[VIEWS] = {
#define VIEW(id, name, key, help) &name##_view,
#include "ui/keys/views.def"
#undef VIEW
};

#include "ui/views/view.h"

#include <string.h>

const struct view *const views[VIEWS] = {
#define VIEW(id, name, key, help) &name##_view,
#include "ui/keys/views.def"
#undef VIEW
};

static const char *wanted; /* a name in views[] */
static int frame;

void view_open(const char *name)
{
    for (size_t i = 0; i < VIEWS; i++)
        if (strcmp(views[i]->name, name) == 0)
            wanted = views[i]->name;
}

const char *view_wanted(void)
{
    const char *name = wanted;

    wanted = NULL;
    return name;
}

int view_frame(void)
{
    return frame;
}

void view_set_frame(int number)
{
    frame = number;
}

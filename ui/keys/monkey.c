#include "ui/keys/monkey.h"

#include "engine/base/text.h"

#include <stdio.h>
#include <string.h>

static uint32_t draw(struct random_state *state)
{
    return (uint32_t)(random_next(state) >> 32);
}

static uint32_t named_keys(void)
{
    uint32_t count = 0;

    while (key_named(count))
        count++;
    return count;
}

struct event monkey_event(struct random_state *state, int rows, int columns)
{
    struct event event = {.type = EVENT_KEY};
    uint32_t what = draw(state) % 100, value = draw(state);

    if (what < 3) {
        event.type = EVENT_RESIZE;
        event.mouse.y = 1 + (int)(value % 70);
        event.mouse.x = 1 + (int)(value / 70 % 220);
    } else if (what < 15) {
        event.type = EVENT_MOUSE;
        event.mouse.y = (int)(value % (uint32_t)(rows > 0 ? rows : 1));
        event.mouse.x = (int)(value / 256 % (uint32_t)(columns > 0 ? columns : 1));
        event.mouse.wheel = what < 12 ? 0 : what < 14 ? 1 : -1;
        event.mouse.twice = what < 5;
    } else if (what < 45) {
        snprintf(event.key, sizeof(event.key), "%s", key_named(value % named_keys()));
    } else if (what < 55) {
        char letter = (char)('A' + value % 26);
        if (strchr("CZHIJM", letter)) /* no quitting, suspending, or characters of other keys */
            letter = 'N';
        snprintf(event.key, sizeof(event.key), "Ctrl-%c", letter);
    } else {
        text_put(value % 50 == 0 ? 0xe9 : ' ' + 1 + value % 94, event.key);
        if (event.key[0] == 'q')
            event.key[0] = 'H';
    }
    return event;
}

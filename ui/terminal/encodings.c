#include "ui/terminal/encodings.h"

#include "engine/base/memory.h"
#include "engine/base/signals.h"
#include "ui/terminal/base64.h"
#include "ui/terminal/sixel.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum { KEPT = 256 };

struct slot {
    enum { SLOT_FREE, SLOT_WAITING, SLOT_RUNNING, SLOT_READY } state;
    struct encoding encoding;
    unsigned long used;
    struct picture source; /* until it is encoded: a copy of the frame */
    char *bytes;           /* null if it failed */
    size_t size;
};

static struct {
    bool started, stop;
    enum protocol protocol;
    pthread_t thread;
    pthread_mutex_t mutex; /* guards the slots */
    pthread_cond_t wake;
    int descriptor;
    unsigned long clock;
    struct slot slot[KEPT];
} encodings = {.mutex = PTHREAD_MUTEX_INITIALIZER, .wake = PTHREAD_COND_INITIALIZER, .descriptor = -1};

/* ---- encoding, on the thread ---- */

/* iTerm2's protocol carries an image file. */
static char *iterm_encoded(const uint8_t *rgb, const struct encoding *e, size_t *size)
{
    struct picture part = {.width = e->part_width, .height = e->part_height, .frames = 1, .rgb = (uint8_t *)rgb};
    size_t jpeg_size, head;
    unsigned char *jpeg = picture_jpeg(&part, 0, e->part_width, e->part_height, &jpeg_size);
    char *bytes = jpeg ? memory_array(base64_length(jpeg_size) + 160, 1) : NULL;

    if (bytes) {
        head = (size_t)sprintf(bytes,
                               "\033]1337;File=inline=1;size=%zu;width=%d;height=%d;preserveAspectRatio=0;"
                               "doNotMoveCursor=1:",
                               jpeg_size, e->columns, e->rows);
        base64_put(bytes + head, jpeg, jpeg_size);
        *size = head + base64_length(jpeg_size);
        bytes[(*size)++] = '\a';
    }
    free(jpeg);
    return bytes;
}

static char *kitty_encoded(const uint8_t *rgb, const struct encoding *e, size_t *size)
{
    size_t raw = 3 * (size_t)e->part_width * (size_t)e->part_height;
    char *bytes = memory_array(base64_length(raw), 1);

    if (bytes)
        base64_put(bytes, rgb, raw);
    *size = base64_length(raw);
    return bytes;
}

static char *encoded(const struct picture *source, const struct encoding *e, enum protocol protocol, size_t *size)
{
    uint8_t *whole = memory_array((size_t)e->width * (size_t)e->height, 3);
    uint8_t *part = memory_array((size_t)e->part_width * (size_t)e->part_height, 3);
    char *bytes = NULL;

    if (whole && part && picture_scale(source, 0, e->width, e->height, whole) == 0) {
        for (int y = 0; y < e->part_height; y++)
            memcpy(part + 3 * (size_t)e->part_width * (size_t)y,
                   whole + 3 * ((size_t)(e->y + y) * (size_t)e->width + (size_t)e->x), 3 * (size_t)e->part_width);
        bytes = protocol == PROTOCOL_SIXEL   ? sixel_encoded(part, e->part_width, e->part_height, size)
                : protocol == PROTOCOL_ITERM ? iterm_encoded(part, e, size)
                                             : kitty_encoded(part, e, size);
    }
    free(whole);
    free(part);
    return bytes;
}

/* The one requested last: what was requested before may no longer be in sight. */
static struct slot *next_waiting(void)
{
    struct slot *next = NULL;

    for (struct slot *s = encodings.slot; s < encodings.slot + KEPT; s++)
        if (s->state == SLOT_WAITING && (!next || s->used > next->used))
            next = s;
    return next;
}

static void *thread_main(void *context)
{
    const uint64_t one = 1;

    (void)context;
    signals_take_stack();
    pthread_mutex_lock(&encodings.mutex);
    while (!encodings.stop) {
        struct slot *slot = next_waiting();
        if (!slot) {
            pthread_cond_wait(&encodings.wake, &encodings.mutex);
            continue;
        }
        slot->state = SLOT_RUNNING;
        pthread_mutex_unlock(&encodings.mutex);
        size_t size = 0;
        char *bytes = encoded(&slot->source, &slot->encoding, encodings.protocol, &size);
        pthread_mutex_lock(&encodings.mutex);
        picture_close(&slot->source);
        slot->bytes = bytes;
        slot->size = size;
        slot->state = SLOT_READY;
        ssize_t written = write(encodings.descriptor, &one, sizeof one); /* can only fail when it is readable already */
        (void)written;
    }
    pthread_mutex_unlock(&encodings.mutex);
    return NULL;
}

/* ---- requests ---- */

static void free_slot(struct slot *slot)
{
    picture_close(&slot->source);
    free(slot->bytes);
    *slot = (struct slot){0};
}

bool encodings_copy(const struct picture *picture, int frame, struct picture *copy)
{
    size_t row = 3 * (size_t)picture->width, all = row * (size_t)picture->frames;

    *copy = (struct picture){.width = picture->width, .height = picture->height, .frames = 1};
    if (!(copy->rgb = memory_array((size_t)picture->height, row)))
        return false;
    for (int y = 0; y < picture->height; y++)
        memcpy(copy->rgb + row * (size_t)y, picture->rgb + all * (size_t)y + row * (size_t)frame, row);
    return true;
}

static uint64_t mixed(uint64_t hash, uint64_t value)
{
    hash = (hash ^ value) * 0x9e3779b97f4a7c15u;
    return hash ^ hash >> 29;
}

uint64_t encodings_digest(const struct picture *picture, int frame, int top, int left, int bottom, int right)
{
    size_t row = 3 * (size_t)picture->width, all = row * (size_t)picture->frames;
    uint64_t hash = mixed((uint64_t)picture->width, (uint64_t)picture->height);

    left = left > 0 ? left : 0;
    right = right < picture->width ? right : picture->width;
    size_t size = right > left ? 3 * (size_t)(right - left) : 0;
    for (int y = top > 0 ? top : 0; y < bottom && y < picture->height; y++) {
        const uint8_t *at = picture->rgb + all * (size_t)y + row * (size_t)frame + 3 * (size_t)left;
        for (size_t i = 0; i < size; i += sizeof(uint64_t)) {
            uint64_t value = 0;
            memcpy(&value, at + i, size - i < sizeof value ? size - i : sizeof value);
            hash = mixed(hash, value);
        }
    }
    return hash;
}

/* The slot that was used longest ago and is not being worked on. */
static struct slot *oldest_slot(void)
{
    struct slot *oldest = NULL;

    for (struct slot *s = encodings.slot; s < encodings.slot + KEPT; s++)
        if (s->state != SLOT_RUNNING && (!oldest || s->used < oldest->used))
            oldest = s;
    return oldest;
}

static struct slot *find_slot(const struct encoding *encoding)
{
    for (struct slot *s = encodings.slot; s < encodings.slot + KEPT; s++)
        if (s->state != SLOT_FREE && memcmp(&s->encoding, encoding, sizeof *encoding) == 0)
            return s;
    return NULL;
}

const char *encodings_find(const struct encoding *encoding, const struct picture *picture, size_t *size)
{
    const char *bytes = NULL;

    if (!encodings.started)
        return NULL;
    pthread_mutex_lock(&encodings.mutex);
    struct slot *slot = find_slot(encoding);
    if (!slot) {
        slot = oldest_slot();
        free_slot(slot);
        slot->encoding = *encoding;
        slot->state = encodings_copy(picture, 0, &slot->source) ? SLOT_WAITING : SLOT_READY;
        pthread_cond_signal(&encodings.wake);
    }
    slot->used = ++encodings.clock;
    if (slot->state == SLOT_READY) {
        bytes = slot->bytes;
        *size = slot->size;
    }
    pthread_mutex_unlock(&encodings.mutex);
    return bytes;
}

bool encodings_start(enum protocol protocol)
{
    sigset_t before;

    encodings_stop();
    encodings.protocol = protocol;
    encodings.stop = false;
    if ((encodings.descriptor = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) < 0)
        return false;
    signals_block(&before); /* they go to the thread of the screen */
    encodings.started = pthread_create(&encodings.thread, NULL, thread_main, NULL) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (!encodings.started) {
        close(encodings.descriptor);
        encodings.descriptor = -1;
    }
    return encodings.started;
}

void encodings_stop(void)
{
    if (!encodings.started)
        return;
    pthread_mutex_lock(&encodings.mutex);
    encodings.stop = true;
    pthread_cond_signal(&encodings.wake);
    pthread_mutex_unlock(&encodings.mutex);
    pthread_join(encodings.thread, NULL);
    encodings.started = false;
    for (struct slot *s = encodings.slot; s < encodings.slot + KEPT; s++)
        free_slot(s);
    close(encodings.descriptor);
    encodings.descriptor = -1;
}

int encodings_descriptor(void)
{
    return encodings.descriptor;
}

void encodings_hear(void)
{
    uint64_t count;

    if (encodings.descriptor >= 0 && read(encodings.descriptor, &count, sizeof count) < 0)
        return;
}

#include "ui/terminal/frame.h"

#include "engine/base/memory.h"
#include "ui/terminal/pen.h"
#include "ui/terminal/repaint.h"
#include "ui/terminal/restore.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static struct {
    bool catching;
    int file; /* in memory; 0: not open */
    char *bytes;
    size_t room;
} frame;

void frame_catch(void)
{
    if (!restore.display)
        return;
    if (!frame.file && (frame.file = memfd_create("frame", MFD_CLOEXEC)) < 0)
        frame.file = 0;
    frame.catching = frame.file && restore_draw_on(frame.file);
}

/* Reads what was caught into frame.bytes; false if that is not possible. */
static bool fetch(size_t size)
{
    if (size > frame.room) {
        char *larger = memory_grow(frame.bytes, size, 1);
        if (!larger)
            return false;
        frame.bytes = larger;
        frame.room = size;
    }
    for (size_t have = 0; have < size;) {
        ssize_t n = pread(frame.file, frame.bytes + have, size - have, (off_t)have);
        if (n <= 0 && errno != EINTR)
            return false;
        have += n > 0 ? (size_t)n : 0;
    }
    return true;
}

static size_t count(const char *text, const char *bytes, size_t size)
{
    size_t length = strlen(text), found = 0;

    for (const char *at = bytes, *end = at + size; (at = memmem(at, (size_t)(end - at), text, length));) {
        at += length;
        found++;
    }
    return found;
}

/* What shows the same as the frame in the fewest bytes. */
static const char *shortest(size_t *size, enum colour_tier tier)
{
    size_t rewritten, repainted;

    if (tier < TIER_256) /* of older terminals less is known */
        return frame.bytes;
    const char *bytes = pen_rewritten(frame.bytes, *size, &rewritten);
    if (!bytes) {
        repaint_forget();
        return frame.bytes;
    }
    const char *other = repaint(pen_before(), pen_after(), tier == TIER_DIRECT, &repainted);
    bool better = other && repainted < rewritten;
    *size = better ? repainted : rewritten;
    return better ? other : bytes;
}

size_t frame_send(enum colour_tier tier, const char *text)
{
    if (!frame.catching)
        return 0;
    frame.catching = false;
    restore_draw_on(restore.descriptor);
    off_t end = lseek(frame.file, 0, SEEK_CUR);
    size_t size = end > 0 ? (size_t)end : 0, found = 0;
    if (size && fetch(size)) {
        const char *bytes = shortest(&size, tier);
        restore_write(bytes, size);
        found = count(text, bytes, size);
    }
    lseek(frame.file, 0, SEEK_SET);
    return found;
}

void frame_forget(void)
{
    pen_forget();
    repaint_forget();
}

void frame_stop(void)
{
    if (frame.file)
        close(frame.file);
    free(frame.bytes);
    frame.file = 0;
    frame.bytes = NULL;
    frame.room = 0;
    pen_stop();
    repaint_stop();
}

#include "ui/terminal/frame.h"

#include "engine/base/memory.h"
#include "ui/terminal/pen.h"
#include "ui/terminal/restore.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

static struct {
    bool catching;
    int file; /* in memory; 0: not open */
    char *bytes;
    size_t room;
} frame;

void frame_catch(bool plainly)
{
    if (!restore.display || plainly)
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

void frame_send(void)
{
    if (!frame.catching)
        return;
    frame.catching = false;
    restore_draw_on(restore.descriptor);
    off_t size = lseek(frame.file, 0, SEEK_CUR);
    if (size > 0 && fetch((size_t)size)) {
        size_t shorter;
        const char *bytes = pen_rewritten(frame.bytes, (size_t)size, &shorter);
        restore_write(bytes ? bytes : frame.bytes, bytes ? shorter : (size_t)size);
    }
    lseek(frame.file, 0, SEEK_SET);
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
}

/* Files and folders as a whole: missing, surplus, swapped, of another kind; and bytes of them. */
#include "tests/mutate/mutation.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum file_kind {
    REMOVED,
    EMPTY,
    FOLDER,
    FULL_FOLDER,
    PIPE,
    SOCKET,
    LINK_OUT,
    LINK_NOWHERE,
    LINK_SELF,
    LINK_INSIDE,
    LINK_DEVICE,
    LINK_FOLDER,
    RENAMED,
    COPIED,
    SWAPPED,
    OTHER_CASE,
    SPARSE,
    TEXT,
    FILE_KINDS
};

static const char *const file_name[FILE_KINDS] = {
    "removed",
    "emptied",
    "an empty folder",
    "a folder with a file",
    "a pipe",
    "a socket",
    "a link out",
    "a link to nothing",
    "a link to itself",
    "a link to its copy",
    "a link to /dev/zero",
    "a link to the collection",
    "renamed",
    "copied",
    "swapped",
    "in capitals",
    "a sparse gigabyte",
    "one line of text",
};

static size_t entries_of(const char *folder)
{
    struct folder_entries entries;

    folder_list(&entries, folder);
    return entries.count;
}

static void make_socket(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);

    if (strlen(path) < sizeof address.sun_path) {
        strcpy(address.sun_path, path);
        (void)!bind(fd, (const struct sockaddr *)&address, sizeof address);
    }
    close(fd);
}

static void link_to(const char *target, const char *path)
{
    folder_remove(path);
    (void)!symlink(target, path);
}

static void swap(const char *one, const char *other)
{
    char path[FOLDER_PATH + 8];

    snprintf(path, sizeof path, "%s.swap", one);
    rename(one, path);
    rename(other, one);
    rename(path, other);
}

static void make_special(enum file_kind kind, const char *folder, const char *path)
{
    char other[FOLDER_PATH + 8];

    snprintf(other, sizeof other, "%s.copy", path);
    switch (kind) {
    case LINK_OUT:
        link_to("/etc/passwd", path);
        break;
    case LINK_NOWHERE:
        link_to("nothing", path);
        break;
    case LINK_SELF:
        link_to(strrchr(path, '/') + 1, path);
        break;
    case LINK_INSIDE:
        rename(path, other);
        link_to(strrchr(other, '/') + 1, path);
        break;
    case LINK_DEVICE:
        link_to("/dev/zero", path);
        break;
    default:
        link_to(folder, path);
    }
}

static void put_in_place(enum file_kind kind, const char *path)
{
    folder_remove(path);
    if (kind == PIPE)
        mkfifo(path, 0666);
    else if (kind == SOCKET)
        make_socket(path);
    else if (kind == FOLDER || kind == FULL_FOLDER)
        mkdir(path, 0777);
    if (kind == FULL_FOLDER)
        folder_write(folder_at(path, "file"), "x", 1);
    if (kind == EMPTY || kind == SPARSE)
        folder_write(path, "", 0);
    if (kind == SPARSE)
        (void)!truncate(path, 1 << 30);
    if (kind == TEXT)
        folder_write(path, "rubbish\n", 8);
}

static bool give_other_name(enum file_kind kind, const char *path)
{
    char other[FOLDER_PATH + 8];
    size_t size;

    snprintf(other, sizeof other, "%s%s", path, kind == OTHER_CASE ? "" : ".old");
    char *name = strrchr(other, '/') + 1;
    if (kind == OTHER_CASE && *name >= 'a' && *name <= 'z')
        *name = (char)(*name - 'a' + 'A');
    if (kind != COPIED)
        return rename(path, other) == 0;
    unsigned char *bytes = folder_read(path, 0, &size);
    if (bytes)
        folder_write(other, bytes, size);
    free(bytes);
    return bytes;
}

static bool apply_file(struct mutation *mutation)
{
    struct folder_entries entries;
    enum file_kind kind = mutation->kind;

    folder_list(&entries, mutation->folder);
    const char *entry = entries.path[mutation->place % entries.count];
    const char *path = folder_at(mutation->folder, entry), *second = "";
    if (kind == SWAPPED) {
        second = entries.path[mutation_below(mutation, entries.count)];
        if (strncmp(entry, second, strlen(entry)) == 0 || strncmp(entry, second, strlen(second)) == 0)
            return false; /* the same, or one in the other */
        swap(path, folder_at(mutation->folder, second));
    }
    snprintf(mutation->name, sizeof mutation->name, "%s: %s%s%s", entry, file_name[kind], *second ? " with " : "",
             second);
    if (kind == RENAMED || kind == COPIED || kind == OTHER_CASE)
        return give_other_name(kind, path);
    if (kind >= LINK_OUT && kind <= LINK_FOLDER)
        make_special(kind, mutation->folder, path);
    else if (kind == REMOVED)
        folder_remove(path);
    else if (kind != SWAPPED)
        put_in_place(kind, path);
    return true;
}

const struct mutations mutate_files = {"files", FILE_KINDS, entries_of, apply_file};

/* ---- bytes of any file ---- */

enum byte_kind { HALVED, SHORTENED, SURPLUS, ZEROS, BIT, BITS, BLOCK, NOISE, INSERTED, DELETED, TWICE, BYTE_KINDS };

static const char *const byte_name[BYTE_KINDS] = {
    "half of it",       "a byte less",      "a byte more",     "zeros more",     "a bit flipped", "many bits flipped",
    "a block of zeros", "a block of noise", "a byte inserted", "a byte deleted", "twice",
};

static void flip(struct mutation *mutation, unsigned char *bytes, size_t size, size_t count)
{
    for (size_t i = 0; i < count; i++)
        bytes[mutation_below(mutation, size)] ^= (unsigned char)(1u << mutation_below(mutation, 8));
}

static void spoil_block(struct mutation *mutation, unsigned char *bytes, size_t size, bool noise)
{
    size_t length = 1 + mutation_below(mutation, size < 512 ? size : 512);
    size_t at = mutation_below(mutation, size - length + 1);

    for (size_t i = 0; i < length; i++)
        bytes[at + i] = noise ? (unsigned char)random_next(&mutation->random) : 0;
}

/* The new size; there is room for twice the old one and 4096 bytes. */
static size_t spoil(struct mutation *mutation, enum byte_kind kind, unsigned char *bytes, size_t size)
{
    size_t at = mutation_below(mutation, size);

    switch (kind) {
    case HALVED:
        return size / 2;
    case SHORTENED:
        return size - 1;
    case SURPLUS:
        return size + 1;
    case ZEROS:
        return size + 4096;
    case BIT:
    case BITS:
        flip(mutation, bytes, size, kind == BIT ? 1 : 20);
        return size;
    case BLOCK:
    case NOISE:
        spoil_block(mutation, bytes, size, kind == NOISE);
        return size;
    case INSERTED:
        memmove(bytes + at + 1, bytes + at, size - at);
        return size + 1;
    case DELETED:
        memmove(bytes + at, bytes + at + 1, size - at - 1);
        return size - 1;
    default:
        memcpy(bytes + size, bytes, size);
        return 2 * size;
    }
}

static bool apply_bytes(struct mutation *mutation)
{
    struct folder_entries entries;
    enum byte_kind kind = mutation->kind;
    size_t size;

    folder_list(&entries, mutation->folder);
    const char *entry = entries.path[mutation->place % entries.count];
    const char *path = folder_at(mutation->folder, entry);
    unsigned char *bytes = folder_read(path, 0, &size);
    if (bytes && size) {
        free(bytes);
        bytes = folder_read(path, size + 4096, &size);
        folder_write(path, bytes, spoil(mutation, kind, bytes, size));
    }
    free(bytes);
    snprintf(mutation->name, sizeof mutation->name, "%s: %s", entry, byte_name[kind]);
    return bytes && size;
}

const struct mutations mutate_bytes = {"bytes", BYTE_KINDS, entries_of, apply_bytes};

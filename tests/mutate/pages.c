/* Pages of the catalog's file, its header, and journals beside it. */
#include "tests/mutate/mutation.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PAGE = 4096 };

enum page_kind {
    BLANK,
    NOISE,
    OTHER_PAGE,
    FLIPPED,
    CELL_COUNT,
    CELL_POINTER,
    PAGE_TYPE,
    RIGHT_CHILD,
    CUT_BEFORE,
    PAGE_KINDS
};

static const char *const page_name[PAGE_KINDS] = {
    "blank",
    "noise",
    "the copy of another",
    "a few bits flipped",
    "another number of cells",
    "another pointer to a cell",
    "another type",
    "another right child",
    "cut before it",
};

static size_t pages_of(const char *folder)
{
    size_t size;

    free(folder_read(folder_at(folder, "catalog.db"), 0, &size));
    return size / PAGE;
}

static void change_page(struct mutation *mutation, enum page_kind kind, unsigned char *file, size_t pages, size_t page)
{
    unsigned char *bytes = file + page * PAGE, *head = bytes + (page ? 0 : 100);
    unsigned char byte = (unsigned char)random_next(&mutation->random);

    switch (kind) {
    case BLANK:
        memset(bytes, 0, PAGE);
        break;
    case NOISE:
        for (size_t i = 0; i < PAGE; i++)
            bytes[i] = (unsigned char)random_next(&mutation->random);
        break;
    case OTHER_PAGE:
        memmove(bytes, file + mutation_below(mutation, pages) * PAGE, PAGE);
        break;
    case CELL_COUNT:
        head[4] = byte;
        break;
    case CELL_POINTER:
        head[8 + mutation_below(mutation, 16)] = byte;
        break;
    case PAGE_TYPE:
        head[0] = (unsigned char[]){2, 5, 10, 13, 0, byte}[mutation_below(mutation, 6)];
        break;
    case RIGHT_CHILD:
        head[11] = byte;
        break;
    default:
        for (size_t i = 1 + mutation_below(mutation, 4); i; i--)
            bytes[mutation_below(mutation, PAGE)] ^= (unsigned char)(1u << mutation_below(mutation, 8));
    }
}

static bool apply_page(struct mutation *mutation)
{
    size_t size, page = mutation->place;
    enum page_kind kind = mutation->kind;
    const char *path = folder_at(mutation->folder, "catalog.db");
    unsigned char *file = folder_read(path, 0, &size);

    if (!file || (page + 1) * PAGE > size) {
        free(file);
        return false;
    }
    if (kind != CUT_BEFORE)
        change_page(mutation, kind, file, size / PAGE, page);
    folder_write(path, file, kind == CUT_BEFORE ? page * PAGE : size);
    free(file);
    snprintf(mutation->name, sizeof mutation->name, "page %zu of %zu: %s", page + 1, size / PAGE, page_name[kind]);
    return true;
}

const struct mutations mutate_pages = {"pages", PAGE_KINDS, pages_of, apply_page};

/* ---- journals ---- */

static const char *const suffixes[] = {"-journal", "-wal", "-shm"};

enum journal_kind { J_EMPTY, J_ZERO, J_NOISE, J_HOT, J_SHRINKS, J_GROWS, J_SECTOR, J_NAMED, J_WAL, JOURNAL_KINDS };

static const char *const journal_name[JOURNAL_KINDS] = {
    "empty",
    "zeros",
    "noise",
    "rolling back to noise",
    "rolling back to one page",
    "rolling back to many pages",
    "with an odd sector size",
    "naming a super-journal",
    "beginning like a write-ahead log",
};

static size_t count_journals(const char *folder)
{
    (void)folder;
    return sizeof suffixes / sizeof *suffixes;
}

static void put_number(unsigned char *at, uint32_t number)
{
    for (int i = 0; i < 4; i++)
        at[i] = (unsigned char)(number >> (24 - 8 * i));
}

/* A rollback journal with one page, which replaces a random one; its checksum is right. */
static size_t make_hot(struct mutation *mutation, enum journal_kind kind, unsigned char *bytes, size_t pages)
{
    static const unsigned char magic[] = {0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7};
    enum { SECTOR = 512, RECORD = 4 + PAGE + 4, NONCE = 1 };
    unsigned char *record = bytes + SECTOR;
    uint32_t sum = NONCE;

    memcpy(bytes, magic, sizeof magic);
    put_number(bytes + 8, 1);
    put_number(bytes + 12, NONCE);
    put_number(bytes + 16, kind == J_SHRINKS ? 1 : kind == J_GROWS ? 100000 : (uint32_t)pages);
    put_number(bytes + 20, kind == J_SECTOR ? 48 : SECTOR);
    put_number(bytes + 24, PAGE);
    put_number(record, 1 + (uint32_t)mutation_below(mutation, pages));
    for (int i = 0; i < PAGE; i++)
        record[4 + i] = (unsigned char)random_next(&mutation->random);
    for (int i = PAGE - 200; i > 0; i -= 200)
        sum += record[4 + i];
    put_number(record + 4 + PAGE, sum);
    return SECTOR + RECORD;
}

static bool apply_journal(struct mutation *mutation)
{
    static unsigned char bytes[4 * PAGE];
    enum journal_kind kind = mutation->kind;
    char name[32];
    size_t size = kind == J_EMPTY ? 0 : 2 * PAGE, pages = pages_of(mutation->folder);

    memset(bytes, 0, sizeof bytes);
    snprintf(name, sizeof name, "catalog.db%s", suffixes[mutation->place % 3]);
    if (kind == J_NOISE || kind == J_WAL)
        for (size_t i = 0; i < size; i++)
            bytes[i] = (unsigned char)random_next(&mutation->random);
    if (kind == J_WAL) {
        put_number(bytes, 0x377f0682);
        put_number(bytes + 4, 3007000);
        put_number(bytes + 8, PAGE);
    } else if (kind >= J_HOT) {
        size = make_hot(mutation, kind, bytes, pages);
    }
    if (kind == J_NAMED) { /* its length, sum and magic follow the name */
        static const unsigned char end[] = {0, 0, 0, 9, 0, 0, 3, 0xb6, 0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7};
        memcpy(bytes + size, "\0\0\0\0/dev/zero", 13);
        memcpy(bytes + size + 13, end, sizeof end);
        size += 13 + sizeof end;
    }
    folder_write(folder_at(mutation->folder, name), bytes, size);
    snprintf(mutation->name, sizeof mutation->name, "%s: %s", name, journal_name[kind]);
    return true;
}

const struct mutations mutate_journals = {"journals", JOURNAL_KINDS, count_journals, apply_journal};

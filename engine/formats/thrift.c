#include "engine/formats/thrift.h"

enum { DEPTH = 32 };

static unsigned next(struct thrift *thrift)
{
    if (thrift->at < thrift->end && !thrift->damaged)
        return *thrift->at++;
    thrift->damaged = true;
    return 0;
}

static uint64_t varint(struct thrift *thrift)
{
    uint64_t value = 0;

    for (unsigned shift = 0; shift < 64; shift += 7) {
        unsigned byte = next(thrift);
        value |= (uint64_t)(byte & 0x7f) << shift;
        if (!(byte & 0x80))
            return value;
    }
    thrift->damaged = true;
    return 0;
}

int64_t thrift_number(struct thrift *thrift)
{
    uint64_t value = varint(thrift);

    return (int64_t)(value >> 1) ^ -(int64_t)(value & 1);
}

bool thrift_field(struct thrift *thrift, int *field, int *type)
{
    unsigned byte = next(thrift);

    *type = byte & 15;
    if (!*type || thrift->damaged)
        return false;
    int64_t number = byte >> 4 ? *field + (int64_t)(byte >> 4) : thrift_number(thrift);
    if (number < 0 || number > 32767) {
        thrift->damaged = true;
        return false;
    }
    *field = (int)number;
    return true;
}

const char *thrift_bytes(struct thrift *thrift, size_t *size)
{
    uint64_t length = varint(thrift);
    const char *bytes = (const char *)thrift->at;

    *size = 0;
    if (thrift->damaged || length > (size_t)(thrift->end - thrift->at)) {
        thrift->damaged = true;
        return "";
    }
    thrift->at += length;
    *size = (size_t)length;
    return bytes;
}

size_t thrift_list(struct thrift *thrift, int *type)
{
    unsigned byte = next(thrift);
    uint64_t count = byte >> 4 == 15 ? varint(thrift) : byte >> 4;

    *type = byte & 15;
    if (thrift->damaged || count > (size_t)(thrift->end - thrift->at)) {
        thrift->damaged = true;
        return 0;
    }
    return (size_t)count;
}

static void skip(struct thrift *thrift, int type, unsigned depth);

static void skip_struct(struct thrift *thrift, unsigned depth)
{
    int field = 0, type;

    while (thrift_field(thrift, &field, &type))
        skip(thrift, type, depth + 1);
}

/* An element of a list or a map: booleans too take a byte there, so that a count is never more than the bytes left. */
static void skip_element(struct thrift *thrift, int type, unsigned depth)
{
    if (type == THRIFT_TRUE || type == THRIFT_FALSE)
        next(thrift);
    else
        skip(thrift, type, depth + 1);
}

static void skip_list(struct thrift *thrift, unsigned depth)
{
    int type;
    size_t count = thrift_list(thrift, &type);

    for (size_t i = 0; i < count && !thrift->damaged; i++)
        skip_element(thrift, type, depth);
}

static void skip_map(struct thrift *thrift, unsigned depth)
{
    uint64_t count = varint(thrift);
    unsigned types = count ? next(thrift) : 0;

    for (uint64_t i = 0; i < count && !thrift->damaged; i++) {
        skip_element(thrift, (int)(types >> 4), depth);
        skip_element(thrift, (int)(types & 15), depth);
    }
}

static void skip(struct thrift *thrift, int type, unsigned depth)
{
    size_t size;

    if (depth > DEPTH)
        thrift->damaged = true;
    if (thrift->damaged)
        return;
    switch (type) {
    case THRIFT_TRUE:
    case THRIFT_FALSE:
        return;
    case 3: /* a byte */
        next(thrift);
        return;
    case 4: /* integers */
    case 5:
    case 6:
        varint(thrift);
        return;
    case 7: /* a double */
        for (int i = 0; i < 8; i++)
            next(thrift);
        return;
    case 8:
        thrift_bytes(thrift, &size);
        return;
    case THRIFT_LIST:
    case 10: /* a set */
        skip_list(thrift, depth);
        return;
    case 11:
        skip_map(thrift, depth);
        return;
    case THRIFT_STRUCT:
        skip_struct(thrift, depth);
        return;
    default:
        thrift->damaged = true;
    }
}

void thrift_skip(struct thrift *thrift, int type)
{
    skip(thrift, type, 0);
}

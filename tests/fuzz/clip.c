/* The first byte says what the rest is: a CLIP model's vocab.json, merges.txt or config.json beside valid other files,
 * or a text. */
#include "engine/encoders/bpe.h"
#include "engine/encoders/clip_text.h"
#include "tests/fuzz/input.h"
#include <limits.h>
#include <string.h>

#define MODEL TESTS_DIR "/golden/clip/f32_quick"

enum { MOST = 20, DIMENSION = 16, FILES = 2, CONFIG = FILES, TEXT, KINDS };

static const char *const names[FILES] = {"vocab.json", "merges.txt"};
static char folder[] = "/tmp/hubscope-fuzz-XXXXXX";

static void place(char path[PATH_MAX], size_t which)
{
    snprintf(path, PATH_MAX, "%s/%s", folder, names[which]);
    unlink(path);
}

static void point(size_t which, const char *target)
{
    char path[PATH_MAX];

    place(path, which);
    if (symlink(target, path))
        abort();
}

static void point_home(size_t which)
{
    char target[PATH_MAX];

    snprintf(target, sizeof target, "%s/%s", MODEL, names[which]);
    point(which, target);
}

static void remove_folder(void)
{
    char path[PATH_MAX];

    for (size_t i = 0; i < FILES; i++)
        place(path, i);
    rmdir(folder);
}

static void encode(const struct bpe *bpe, const char *text)
{
    struct encoding encoding = {0};
    uint32_t token[MOST];
    size_t at = 0, count = bpe_encode(bpe, text, token, MOST, &encoding);

    if (count < 2 || count > MOST || token[count - 1] != bpe_end(bpe))
        abort();
    for (size_t i = 0; i < count; i++)
        if (token[i] >= bpe_size(bpe))
            abort();
    for (size_t i = 0; i < encoding.words; at = encoding.word[i].start + encoding.word[i].length, i++)
        if (encoding.word[i].start < at || !encoding.word[i].length)
            abort();
    if (at > strlen(text) || encoding.known > encoding.words)
        abort();
}

static void run(const char *json, size_t size)
{
    static const uint32_t token[] = {1, 2, 3};
    json_t *config = json_loadb(json, size, JSON_REJECT_DUPLICATES, NULL);
    struct clip_text *text = json_is_object(config) ? clip_text_open(MODEL, config, NULL) : NULL;
    float vector[DIMENSION];

    if (text && (clip_text_dimension(text) != DIMENSION || clip_text_positions(text) < 3 ||
                 clip_text_pool(text, token, 3, 3) > 2 || clip_text_run(text, token, 3, vector, NULL, NULL, NULL)))
        abort();
    clip_text_close(text);
    json_decref(config);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct bpe *good;

    if (!good) {
        if (!mkdtemp(folder))
            abort();
        atexit(remove_folder);
        for (size_t i = 0; i < FILES; i++)
            point_home(i);
        good = bpe_open(folder, NULL);
        if (!good)
            abort();
    }
    if (!size)
        return 0;
    size_t which = data[0] % KINDS;
    if (which == CONFIG) {
        run((const char *)data + 1, size - 1);
    } else if (which == TEXT) {
        char *text = strndup((const char *)data + 1, size - 1);
        encode(good, text);
        free(text);
    } else {
        point(which, input_path(data + 1, size - 1));
        struct bpe *bpe = bpe_open(folder, NULL);
        if (bpe)
            encode(bpe, "a yellow dog isn't 1 &amp; ...");
        bpe_close(bpe);
        point_home(which);
    }
    return 0;
}

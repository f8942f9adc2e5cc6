/* The settings of Learning: what they are called and what comes next. */
#include "engine/base/text.h"
#include "ui/model/learned.h"
#include "ui/views/learning.h"

#include <stdio.h>

static const double rate[] = {0, 1e-4, 3e-4, 1e-3, 3e-3}; /* 0: chosen */

static void print_rate(double chosen, char *buffer, size_t size)
{
    const struct train_options defaults = train_defaults(1);

    snprintf(buffer, size, "%s", chosen > 0 ? learning_rate(chosen).text : "best of");
    for (size_t i = 0; i < defaults.rates && !(chosen > 0); i++)
        text_append(buffer, size, i ? ", " : " ", learning_rate(defaults.rate[i]).text);
}

static void print_bank(const struct collection_model *from, bool videos, size_t of, const char *none, char *buffer,
                       size_t size)
{
    size_t count;
    const struct bank *banks = collection_model_banks(from, videos, &count);

    if (of < count)
        snprintf(buffer, size, "%s (%zu)", banks[of].name, banks[of].matrix.rows);
    else
        snprintf(buffer, size, "%s", none);
}

void learning_setting(const struct learning_screen *screen, const struct model *model, enum learning_row row,
                      char *buffer, size_t size)
{
    const struct learning_choice *choice = &screen->choice;
    const struct collection_model *from = model->collection->model[choice->from];

    switch (row) {
    case LEARN_LOSS:
        snprintf(buffer, size, "%s", learning_title(choice->loss));
        break;
    case LEARN_HEAD:
        snprintf(buffer, size, "%s", choice->head == HEAD_LINEAR ? "linear: a matrix" : "residual MLP");
        break;
    case LEARN_RATE:
        print_rate(choice->rate, buffer, size);
        break;
    case LEARN_TEXTS:
        print_bank(from, false, choice->texts, "no query bank", buffer, size);
        break;
    case LEARN_VIDEOS:
        print_bank(from, true, choice->videos, from->video_banks ? "by key, else as captions" : "by key", buffer, size);
        break;
    case LEARN_FROM:
        snprintf(buffer, size, "%s", model_name(model, choice->from).text);
        break;
    case LEARN_ROWS:
        break;
    }
}

/* The next bank that has rows; a bank of videos may also be left open. */
static size_t next_bank(const struct collection_model *from, bool videos, size_t at, bool forward)
{
    size_t count;
    const struct bank *banks = collection_model_banks(from, videos, &count);
    size_t places = count + videos;

    at = at < count ? at : videos ? count : 0;
    for (size_t i = 0; i < places; i++) {
        at = (at + (forward ? 1 : places - 1)) % places;
        if (at == count)
            return SIZE_MAX;
        if (banks[at].matrix.rows)
            return at;
    }
    return at < count ? at : SIZE_MAX;
}

static double next_rate(double chosen, bool forward)
{
    size_t rates = sizeof rate / sizeof *rate, at = 0;

    while (at + 1 < rates && rate[at] != chosen)
        at++;
    return rate[(at + (forward ? 1 : rates - 1)) % rates];
}

/* The next model that was not learned in this session. */
static size_t next_model(const struct model *model, size_t at, bool forward)
{
    size_t models = model->collection->models;

    do
        at = (at + (forward ? 1 : models - 1)) % models;
    while (learned_from(model, at) != SIZE_MAX);
    return at;
}

void learning_step(struct learning_screen *screen, const struct model *model, enum learning_row row, bool forward)
{
    struct learning_choice *choice = &screen->choice;
    const struct collection_model *from = model->collection->model[choice->from];

    switch (row) {
    case LEARN_LOSS:
        choice->loss = choice->loss == LOSS_NCL ? LOSS_INFONCE : LOSS_NCL;
        break;
    case LEARN_HEAD:
        choice->head = choice->head == HEAD_LINEAR ? HEAD_MLP : HEAD_LINEAR;
        break;
    case LEARN_RATE:
        choice->rate = next_rate(choice->rate, forward);
        break;
    case LEARN_TEXTS:
        choice->texts = next_bank(from, false, choice->texts, forward);
        break;
    case LEARN_VIDEOS:
        choice->videos = next_bank(from, true, choice->videos, forward);
        break;
    case LEARN_FROM:
        choice->from = next_model(model, choice->from, forward);
        break;
    case LEARN_ROWS:
        break;
    }
}

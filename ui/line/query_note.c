#include "ui/line/query_note.h"

#include "ui/draw/draw.h"
#include "ui/model/query.h"

#include <math.h>
#include <stdio.h>

/* While two models are compared: how many words each knows, if that differs and there is room to say it. */
static bool known_by_each(const struct model *model, int room, char info[QUERY_NOTE])
{
    const struct encoding *current = &model_source(model, model->current)->typed.encoding;
    const struct encoding *versus = &model_source(model, model->versus)->typed.encoding;

    if (!model_compares_models(model) || !current->words || current->words != versus->words ||
        current->known == versus->known)
        return false;
    snprintf(info, QUERY_NOTE, "%s knows %zu of %zu words, %s %zu", model_name(model, model->current.model).text,
             current->known, current->words, model_name(model, model->versus.model).text, versus->known);
    return text_columns(info) <= room;
}

/* How many words are known, and how good a fitted encoder is: the fullest text of at most `room` columns.  The
 * encoder's number is dropped last, as it says how far to trust the results. */
static void describe_words(const struct model *model, const char *time, int room, char info[QUERY_NOTE])
{
    const struct encoding *encoding = &model_reader(model)->typed.encoding;
    const struct encoder *encoder = model_reader(model)->model->encoder;
    struct encoder_quality quality;
    double kept = NAN;
    char guessed[32] = "";

    if (known_by_each(model, room, info))
        return;
    const struct encoding_word *last = encoding->words <= ENCODING_WORDS ? &encoding->word[encoding->words - 1] : NULL;
    if (encoding->completions && last && last->length < sizeof(guessed) - 6)
        snprintf(guessed, sizeof(guessed), ", %.*s...", (int)last->length, model->text + last->start);
    else if (encoding->guessed)
        snprintf(guessed, sizeof(guessed), ", %zu guessed", encoding->guessed);
    if (encoder && encoder_quality(encoder, &quality))
        kept = 100 * encoder_quality_kept(&quality);
    if (!(kept >= 0)) {
        snprintf(info, QUERY_NOTE, "%zu of %zu words known%s%s", encoding->known, encoding->words, guessed, time);
        return;
    }
    for (int form = 0; form < 5; form++) {
        if (form == 0)
            snprintf(info, QUERY_NOTE, "%zu of %zu words known%s   fitted encoder: keeps %.0f %% of R@10%s",
                     encoding->known, encoding->words, guessed, kept, time);
        else if (form == 1)
            snprintf(info, QUERY_NOTE, "%zu of %zu words known%s   fitted: %.0f %% of R@10", encoding->known,
                     encoding->words, guessed, kept);
        else if (form == 2)
            snprintf(info, QUERY_NOTE, "%zu of %zu known%s   fitted: %.0f %% of R@10", encoding->known, encoding->words,
                     guessed, kept);
        else if (form == 3)
            snprintf(info, QUERY_NOTE, "%zu of %zu known   fitted: %.0f %% of R@10", encoding->known, encoding->words,
                     kept);
        else
            snprintf(info, QUERY_NOTE, "fitted: %.0f %% R@10", kept);
        if (text_columns(info) <= room)
            return;
    }
}

void query_note(const struct model *model, int room, char info[QUERY_NOTE])
{
    char time[24] = "";
    double waits;

    if (model->collection->wordless) {
        snprintf(info, QUERY_NOTE, "stored similarities: nothing to type");
        return;
    }
    if (model->search_ms >= 1000)
        snprintf(time, sizeof(time), "  %.1f s", model->search_ms / 1000);
    else if (model->search_ms > 0)
        snprintf(time, sizeof(time), "  %.1f ms", model->search_ms);
    if (model->query != NO_QUERY)
        snprintf(info, QUERY_NOTE, "query %zu of %zu%s", model->query + 1, model->collection->queries, time);
    else if (model_waits(model, &waits))
        snprintf(info, QUERY_NOTE, "encoding, %.1f s  Ctrl-C cancels", waits);
    else if (model->search_note[0])
        snprintf(info, QUERY_NOTE, "%s", model->search_note);
    else if (model_reader(model)->typed.encoding.cut)
        snprintf(info, QUERY_NOTE, "too long: %zu of %zu words read%s", model_reader(model)->typed.encoding.known,
                 model_reader(model)->typed.encoding.words, time);
    else if (model_reader(model)->typed.encoding.words)
        describe_words(model, time, room, info);
    else
        snprintf(info, QUERY_NOTE, "%s", model->text[0] ? time : "type words that describe what you look for");
}

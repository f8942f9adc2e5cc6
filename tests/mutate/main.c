/* Mutates collections and runs hubscope on each: everything of every file, every cell and row of the catalog, one after
 * another or at random.
 *
 * usage: mutate WORK SCRIPT COLLECTION... [--each N | --seconds S | --case CASE] [--seed N] [--keep FOLDER]
 *                [--pace brief|usual|thorough] [--family NAME]
 *
 * WORK is an empty folder; COLLECTION.npy is a bank to add to the collection; all paths are absolute.  Without options
 * every mutation is tried at every place; with --each N one kind at each, at N places of a family at most; with
 * --seconds random ones, up to three at a time.  What breaks the rule is kept in FOLDER. */
#include "engine/base/clock.h"
#include "tests/mutate/folder.h"
#include "tests/mutate/mutation.h"
#include "tests/mutate/rule.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { FAMILIES = 9, COLLECTIONS = 4, AT_ONCE = 3 };

static const struct mutations *const families[FAMILIES] = {
    &mutate_files, &mutate_bytes,  &mutate_matrices, &mutate_texts,    &mutate_cells,
    &mutate_rows,  &mutate_schema, &mutate_pages,    &mutate_journals,
};

struct chosen { /* a mutation of a collection */
    size_t collection, family, place, kind;
};

struct session {
    const char *collection[COLLECTIONS];
    size_t collections, places[COLLECTIONS][FAMILIES], total;
    const char *keep, *family; /* null: all */
    uint64_t seed;
    size_t tried, inapplicable, found;
    struct rule rule;
};

size_t mutation_below(struct mutation *mutation, size_t n)
{
    return n ? (size_t)random_below(&mutation->random, n) : 0;
}

static void count_all(struct session *session)
{
    for (size_t i = 0; i < session->collections; i++)
        for (size_t j = 0; j < FAMILIES; j++) {
            bool wanted = !session->family || strcmp(session->family, families[j]->name) == 0;
            session->places[i][j] = wanted ? families[j]->places(session->collection[i]) : 0;
            session->total += session->places[i][j] * families[j]->kinds;
        }
}

/* Keeps the collection as it was before the program ran. */
static void keep(struct session *session, const char *mutated, const char *text)
{
    char name[64];

    printf("%s\n", text);
    fflush(stdout);
    if (!session->keep)
        return;
    snprintf(name, sizeof name, "finding-%zu-%d", ++session->found, (int)getpid());
    rename(mutated, folder_at(session->keep, name));
    snprintf(name, sizeof name, "finding-%zu-%d.txt", session->found, (int)getpid());
    folder_write(folder_at(session->keep, name), text, strlen(text));
}

/* A fresh copy in WORK/NAME; `path` is filled with that. */
static void renew(struct session *session, size_t collection, const char *name, char path[FOLDER_PATH])
{
    session->rule.origin = session->collection[collection];
    snprintf(path, FOLDER_PATH, "%s/%s", session->rule.work, name);
    folder_remove(path);
    folder_copy(session->collection[collection], path);
}

/* Applies a mutation to a copy, and more at random after it; returns false if none of them did anything. */
static bool mutate(struct session *session, const struct chosen *chosen, size_t times, uint64_t seed, const char *name,
                   char *said, size_t size)
{
    char path[FOLDER_PATH];
    struct mutation mutation = {.folder = path, .place = chosen->place, .kind = chosen->kind};
    size_t applied = 0, used = 0, family = chosen->family;

    mutation.random = random_start(seed, chosen->place);
    renew(session, chosen->collection, name, path);
    for (size_t i = 0; i < times; i++) {
        if (families[family]->apply(&mutation)) {
            used += (size_t)snprintf(said + used, size - used, "%s%s: %s", applied++ ? "; " : "",
                                     families[family]->name, mutation.name);
            used = used < size ? used : size - 1;
        }
        family = mutation_below(&mutation, FAMILIES);
        mutation.place = mutation_below(&mutation, families[family]->places(path));
        mutation.kind = mutation_below(&mutation, families[family]->kinds);
    }
    return applied > 0;
}

static volatile sig_atomic_t stopped;

static void on_stop(int number)
{
    (void)number;
    stopped = 1;
}

static void try(struct session *session, const struct chosen *chosen, size_t times, uint64_t seed)
{
    char said[1024], why[RULE_WHY], text[1400 + RULE_WHY];

    if (stopped)
        return;
    session->rule.turn = session->tried++;
    if (!mutate(session, chosen, times, seed, session->rule.name, said, sizeof said)) {
        session->inapplicable++;
        return;
    }
    if (rule_holds(&session->rule, why))
        return;
    snprintf(text, sizeof text, "FOUND: --case %zu,%zu,%zu,%zu,%zu,%llu: %s\n%s", chosen->collection, chosen->family,
             chosen->place, chosen->kind, times, (unsigned long long)seed, said, why);
    mutate(session, chosen, times, seed, "kept", said, sizeof said);
    keep(session, folder_at(session->rule.work, "kept"), text);
    folder_remove(folder_at(session->rule.work, "kept"));
    session->found += !session->keep;
}

/* Every place, or `most` of each family, with one kind of mutation; the seed chooses another. */
static void try_each(struct session *session, size_t most)
{
    struct chosen chosen = {0};

    for (; chosen.collection < session->collections; chosen.collection++)
        for (chosen.family = 0; chosen.family < FAMILIES; chosen.family++) {
            size_t places = session->places[chosen.collection][chosen.family], count = most < places ? most : places;
            for (size_t i = 0; i < count; i++) {
                chosen.place = (i * places + session->seed % places) / count % places;
                chosen.kind =
                    (7 * chosen.place + 5 * chosen.collection + session->seed) % families[chosen.family]->kinds;
                try(session, &chosen, 1, session->seed);
            }
        }
}

static void try_all(struct session *session)
{
    struct chosen chosen = {0};

    for (; chosen.collection < session->collections; chosen.collection++)
        for (chosen.family = 0; chosen.family < FAMILIES; chosen.family++)
            for (chosen.place = 0; chosen.place < session->places[chosen.collection][chosen.family]; chosen.place++)
                for (chosen.kind = 0; chosen.kind < families[chosen.family]->kinds; chosen.kind++)
                    try(session, &chosen, 1, session->seed);
}

static void try_random(struct session *session, time_t seconds)
{
    struct random_state random = random_start(session->seed, 0);

    for (double end = clock_seconds() + (double)seconds; clock_seconds() < end && !stopped;) {
        struct chosen chosen = {.collection = random_below(&random, session->collections),
                                .family = random_below(&random, FAMILIES)};
        size_t places = session->places[chosen.collection][chosen.family];
        if (!places)
            continue;
        chosen.place = random_below(&random, places);
        chosen.kind = random_below(&random, families[chosen.family]->kinds);
        size_t times = 1 + random_below(&random, AT_ONCE);
        try(session, &chosen, times, random_next(&random));
    }
}

/* Unmutated, the rule must hold, and the collections pass the check. */
static bool is_sound(struct session *session)
{
    char why[RULE_WHY], path[FOLDER_PATH];

    enum pace pace = session->rule.pace;
    session->rule.pace = USUAL;
    for (size_t i = 0; i < session->collections; i++) {
        size_t before = session->rule.passed;
        renew(session, i, session->rule.name, path);
        bool held = rule_holds(&session->rule, why);
        if (!held || session->rule.passed == before) {
            fprintf(stderr, "mutate: %s, not mutated: %s\n", session->collection[i],
                    held ? "does not pass the check" : why);
            return false;
        }
    }
    session->rule.pace = pace;
    return true;
}

/* A case as it is printed. */
static void try_case(struct session *session, const char *text)
{
    struct chosen chosen;
    size_t times;
    unsigned long long seed;

    if (sscanf(text, "%zu,%zu,%zu,%zu,%zu,%llu", &chosen.collection, &chosen.family, &chosen.place, &chosen.kind,
               &times, &seed) == 6 &&
        chosen.collection < session->collections && chosen.family < FAMILIES)
        try(session, &chosen, times, seed);
}

static enum pace pace_named(const char *name)
{
    return strcmp(name, "brief") == 0 ? BRIEF : strcmp(name, "thorough") == 0 ? THOROUGH : USUAL;
}

int main(int argc, char **argv)
{
    struct session session = {.seed = 1};
    const char *number = NULL;
    time_t seconds = 0;
    size_t most = 0;

    if (argc < 4) {
        fprintf(stderr, "usage: mutate WORK SCRIPT COLLECTION... [options]\n");
        return 2;
    }
    session.rule = (struct rule){.work = argv[1], .name = "collection", .script = argv[2], .pace = USUAL};
    for (int i = 3; i < argc; i++) {
        const char *option = argv[i], *value = i + 1 < argc ? argv[i + 1] : "";
        if (strncmp(option, "--", 2) != 0) {
            if (session.collections < COLLECTIONS)
                session.collection[session.collections++] = option;
            continue;
        }
        if (strcmp(option, "--each") == 0)
            most = strtoul(value, NULL, 10);
        else if (strcmp(option, "--seconds") == 0)
            seconds = strtol(value, NULL, 10);
        else if (strcmp(option, "--seed") == 0)
            session.seed = strtoull(value, NULL, 10);
        else if (strcmp(option, "--case") == 0)
            number = value;
        else if (strcmp(option, "--keep") == 0)
            session.keep = value;
        else if (strcmp(option, "--family") == 0)
            session.family = value;
        else if (strcmp(option, "--pace") == 0)
            session.rule.pace = pace_named(value);
        i++;
    }
    signal(SIGINT, on_stop);
    signal(SIGTERM, on_stop);
    count_all(&session);
    if (chdir(session.rule.work) || !is_sound(&session))
        return 1;
    if (number)
        try_case(&session, number);
    else if (seconds > 0)
        try_random(&session, seconds);
    else if (most)
        try_each(&session, most);
    else
        try_all(&session);
    printf("%zu of %zu mutations tried, %zu changed nothing, %zu passed the check, %zu runs, %zu findings\n",
           session.tried, session.total, session.inapplicable, session.rule.passed, session.rule.runs, session.found);
    return session.found > 0;
}

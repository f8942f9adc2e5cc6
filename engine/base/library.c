#include "engine/base/library.h"

#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <string.h>

/* Sanitizers refuse libraries that do not take functions from them; clang names them as features. */
#ifdef __has_feature
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#undef RTLD_DEEPBIND
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || !defined(RTLD_DEEPBIND)
enum { ALONE = 0 };
#else
enum { ALONE = RTLD_DEEPBIND };
#endif

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static atomic_bool stuck;

static bool is_memory(const char *why)
{
    const char *const words[] = {strerror(ENOMEM), "out of memory", "cannot allocate", "cannot create",
                                 "failed to map segment"};

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strstr(why, words[i]))
            return true;
    return false;
}

/* Being short of memory or descriptors is not the library's fault; the loader reports it in words alone. */
static int refuse(const struct library *library, struct error *error)
{
    const char *why = dlerror();

    if (!why || is_memory(why)) {
        atomic_store(&stuck, true);
        return error_memory(error);
    }
    if (strstr(why, strerror(EMFILE)))
        return error_set(error, ERROR_MEMORY, "%s: %s", library->without, why);
    return error_set(error, ERROR_SYSTEM, "%s: %s; install Debian's %s or its equivalent", library->without, why,
                     library->debian);
}

static int load(struct library *library, struct error *error)
{
    void *handle = dlopen(library->file, RTLD_LAZY | RTLD_LOCAL | (library->alone ? ALONE : 0));

    if (!handle)
        return refuse(library, error);
    for (const struct library_symbol *symbol = library->symbols; symbol->name; symbol++) {
        void *address = dlsym(handle, symbol->name);
        if (!address && !symbol->optional)
            return refuse(library, error);
        memcpy(symbol->place, &address, sizeof address);
    }
    return library->prepare ? library->prepare(error) : 0;
}

int library_load(struct library *library, struct error *error)
{
    int status = 0;

    if (atomic_load_explicit(&library->loaded, memory_order_acquire))
        return 0;
    if (atomic_load(&stuck))
        return error_memory(error);
    pthread_mutex_lock(&lock);
    if (!library->loaded) {
        status = load(library, error);
        atomic_store(&library->loaded, status == 0);
    }
    pthread_mutex_unlock(&lock);
    return status;
}

bool library_stuck(void)
{
    return atomic_load(&stuck);
}

#include "app/surroundings.h"

#include <stddef.h>
#include <string.h>

const struct surrounding exit_statuses[] = {
    {"0", "done"},
    {"1", "failed, and one line on standard error says why; of `check`: the collection has faults"},
    {"2", "wrong usage"},
    {"130", "interrupted, as the signal ends it; nothing half-written is left"},
    {NULL, NULL},
};

/* tests/e2e/doc.sh looks for every variable that the program reads. */
const struct surrounding environment_variables[] = {
    {"HUBSCOPE_SAMPLE", "the collection that `sample` means, instead of the one installed with the program"},
    {"HUBSCOPE_ENCODER_COMMAND", "a program that encodes typed texts, as --encoder-command names one"},
    {"HUBSCOPE_THREADS", "worker threads, if --threads does not say (as many as the process may use cores)"},
    {"HUBSCOPE_ISA", "the vector instructions to use, by a name that --version --verbose gives (the "
                     "fastest that the processor has)"},
    {"HUBSCOPE_EXCHANGES", "if set, several processes say at the end what their exchanges took"},
    {"HUBSCOPE_PROGRESS", "seconds between two lines on the progress of several processes (10); 0: no lines"},
    {"OMPI_COMM_WORLD_SIZE PMI_SIZE SLURM_STEP_NUM_TASKS", "how many processes mpirun or srun has started"},
    {"OMPI_COMM_WORLD_RANK PMI_RANK PMIX_RANK", "which of them this one is"},
    {"XDG_CONFIG_HOME", "where the settings are kept, in hubscope/config (~/.config)"},
    {"XDG_STATE_HOME",
     "where the history and the places that --resume returns to are kept, in hubscope (~/.local/state)"},
    {"HOME", "the home directory, for the defaults of both"},
    {"LC_ALL LC_CTYPE LANG", "the character encoding; other than in UTF-8, no characters beyond ASCII are drawn"},
    {"TERM", "the terminal's type; one that terminfo does not know is taken for an xterm"},
    {"COLORTERM", "truecolor or 24bit: the terminal shows any colour"},
    {"NO_COLOR", "if not empty: draw without colours, unless --color says otherwise"},
    {"COLORFGBG",
     "the terminal's colours, if it does not answer what its background is: a last number of 7, or of 9 or "
     "more, is light"},
    {"LINES COLUMNS", "the size of the screen with --no-display, and where the terminal does not know its own"},
    {"ESCDELAY", "milliseconds to wait after Esc for the rest of a key's sequence"},
    {"TMUX STY", "say that the terminal is inside of tmux or screen, which are then asked or allowed for"},
    {"SSH_CONNECTION SSH_TTY", "say that the terminal is remote: its answers are waited for longer"},
    {"TERMINFO", "where curses looks for descriptions of terminals"},
    {"PYTHONUNBUFFERED", "set for encoder commands if it is not, so that each answer comes at once"},
    {NULL, NULL},
};

const struct surrounding user_files[] = {
    {"~/.config/hubscope/config", "settings, favourites and keys, written by `:save-config`"},
    {"~/.local/state/hubscope/history", "the queries typed in the explorer"},
    {"~/.local/state/hubscope/left/", "where each collection was left, for --resume"},
    {"PREFIX/share/hubscope/sample", "the sample collection, found from where the program lies"},
    {"PREFIX/share/hubscope/lessons", "the lessons over it"},
    {NULL, NULL},
};

bool environment_is_personal(const char *name)
{
    static const char *const plain[] = {"HUBSCOPE_THREADS",
                                        "HUBSCOPE_ISA",
                                        "HUBSCOPE_EXCHANGES",
                                        "HUBSCOPE_PROGRESS",
                                        "OMPI_COMM_WORLD_SIZE",
                                        "PMI_SIZE",
                                        "SLURM_STEP_NUM_TASKS",
                                        "OMPI_COMM_WORLD_RANK",
                                        "PMI_RANK",
                                        "PMIX_RANK",
                                        "LC_ALL",
                                        "LC_CTYPE",
                                        "LANG",
                                        "TERM",
                                        "COLORTERM",
                                        "NO_COLOR",
                                        "COLORFGBG",
                                        "LINES",
                                        "COLUMNS",
                                        "ESCDELAY"};

    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
        if (strcmp(plain[i], name) == 0)
            return false;
    return true;
}

/* Makes the files of a CLIP text model of realistic size, with random weights, to try out or measure.
 *
 * usage: clip_make DIR [float16]     as ViT-B/32: 512 wide, 12 layers, into an existing folder */
#include "tests/bench/clip_files.h"
#include <stdio.h>
#include <string.h>

int main(int argc, char **argv)
{
    struct clip_size size = clip_vit_b32;
    struct error error = {0};

    size.half = argc == 3 && strcmp(argv[2], "float16") == 0;
    if (argc < 2 || argc > 3 || (argc == 3 && !size.half)) {
        fputs("usage: clip_make DIR [float16]\n", stderr);
        return 2;
    }
    if (clip_files_make(argv[1], &size, &error)) {
        fprintf(stderr, "clip_make: %s\n", error.text);
        return 1;
    }
    return 0;
}

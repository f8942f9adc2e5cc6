#include "engine/encoders/clip_config.h"
#include "engine/encoders/clip_weights.h"

#include <string.h>

/* No real model exceeds these, and they keep sizes far from overflow. */
enum { WIDTH_MAX = 1 << 14, LAYERS_MAX = 256, POSITIONS_MAX = 4096, VOCABULARY_MAX = 1 << 22 };

struct settings {
    const char *dir, *file;
    const json_t *values; /* of the text model */
};

bool clip_config_is_open(const json_t *config)
{
    return json_is_object(json_object_get(config, "model_cfg"));
}

const char *clip_config_name(const json_t *config)
{
    return clip_config_is_open(config) ? CLIP_OPEN_CONFIG : "config.json";
}

static int read_size(const struct settings *settings, const char *key, size_t most, size_t usual, size_t *value,
                     struct error *error)
{
    const json_t *found = json_object_get(settings->values, key);
    json_int_t number = found ? json_integer_value(found) : (json_int_t)usual;

    if ((found && !json_is_integer(found)) || number < 1 || number > (json_int_t)most)
        return error_set(error, ERROR_INPUT, "%s/%s: \"%s\" must be a number from 1 to %zu", settings->dir,
                         settings->file, key, most);
    *value = (size_t)number;
    return 0;
}

static int read_epsilon(const struct settings *settings, const json_t *epsilon, const char *key, double *value,
                        struct error *error)
{
    *value = epsilon ? json_number_value(epsilon) : 1e-5;
    return *value > 0 && *value < 1 ? 0
                                    : error_set(error, ERROR_INPUT, "%s/%s: \"%s\" must be between 0 and 1",
                                                settings->dir, settings->file, key);
}

/* The settings of the text model: old files have them in "text_config_dict", and "text_config" is then ignored. */
static const json_t *text_values(const json_t *config)
{
    const json_t *old = json_object_get(config, "text_config_dict"), *part = json_object_get(config, "text_config");

    return json_is_object(old) ? old : json_is_object(part) ? part : config;
}

/* Settings that are not given default to those of CLIP ViT-B/32, as elsewhere. */
static int read_hugging_face(struct clip_text *text, const struct settings *settings, struct error *error)
{
    const json_t *end = json_object_get(settings->values, "eos_token_id");
    const char *activation = json_string_value(json_object_get(settings->values, "hidden_act"));

    if (read_size(settings, "hidden_size", WIDTH_MAX, 512, &text->width, error) ||
        read_size(settings, "intermediate_size", 4 * WIDTH_MAX, 2048, &text->inner, error) ||
        read_size(settings, "num_hidden_layers", LAYERS_MAX, 12, &text->layers, error) ||
        read_size(settings, "num_attention_heads", WIDTH_MAX, 8, &text->heads, error) ||
        read_size(settings, "max_position_embeddings", POSITIONS_MAX, 77, &text->positions, error) ||
        read_size(settings, "vocab_size", VOCABULARY_MAX, 49408, &text->vocabulary, error) ||
        read_epsilon(settings, json_object_get(settings->values, "layer_norm_eps"), "layer_norm_eps", &text->epsilon,
                     error))
        return -1;
    text->quick = !activation || strcmp(activation, "quick_gelu") == 0;
    if (!text->quick && strcmp(activation, "gelu") != 0)
        return error_set(error, ERROR_INPUT,
                         "%s/%s: \"hidden_act\" is \"%.40s\"; \"quick_gelu\" and \"gelu\" are supported", settings->dir,
                         settings->file, activation);
    text->end = json_is_integer(end) ? json_integer_value(end) : 2;
    return 0;
}

/* What makes another text model of it: SigLIP's, CoCa's, CLIPA's, and those of other projects. */
static int refuse_others(const struct settings *settings, struct error *error)
{
    static const char *const unsupported[] = {"hf_model_name", "hf_tokenizer_name", "no_causal_mask",
                                              "embed_cls",     "proj_bias",         "ls_init_value",
                                              "act_kwargs",    "tokenizer_kwargs"};
    const char *pool = json_string_value(json_object_get(settings->values, "pool_type"));

    for (size_t i = 0; i < sizeof unsupported / sizeof *unsupported; i++) {
        const json_t *value = json_object_get(settings->values, unsupported[i]);
        if (!value || json_is_null(value) || json_is_false(value) ||
            (json_is_object(value) && !json_object_size(value)))
            continue;
        const char *name = json_string_value(value);
        return error_set(error, ERROR_INPUT,
                         "%s/%s: \"%s\"%s%.60s makes this another text model than CLIP's; of open_clip's, those with "
                         "CLIP's tokenizer and transformer are supported",
                         settings->dir, settings->file, unsupported[i], name ? " " : "", name ? name : "");
    }
    return pool && strcmp(pool, "argmax") != 0
               ? error_set(error, ERROR_INPUT, "%s/%s: \"pool_type\" is \"%.40s\"; \"argmax\" is supported",
                           settings->dir, settings->file, pool)
               : 0;
}

static int read_open_clip(struct clip_text *text, const struct settings *settings, const json_t *model,
                          struct error *error)
{
    const json_t *ratio = json_object_get(settings->values, "mlp_ratio");
    const json_t *epsilon = json_object_get(json_object_get(settings->values, "norm_kwargs"), "eps");

    if (refuse_others(settings, error) || read_size(settings, "width", WIDTH_MAX, 512, &text->width, error) ||
        read_size(settings, "layers", LAYERS_MAX, 12, &text->layers, error) ||
        read_size(settings, "heads", WIDTH_MAX, 8, &text->heads, error) ||
        read_size(settings, "context_length", POSITIONS_MAX, 77, &text->positions, error) ||
        read_size(settings, "vocab_size", VOCABULARY_MAX, 49408, &text->vocabulary, error) ||
        read_epsilon(settings, epsilon, "eps", &text->epsilon, error))
        return -1;
    double inner = (double)text->width * (ratio ? json_number_value(ratio) : 4);
    if (!(inner >= 1 && inner <= 4 * WIDTH_MAX))
        return error_set(error, ERROR_INPUT, "%s/%s: \"mlp_ratio\" is out of range", settings->dir, settings->file);
    text->inner = (size_t)inner;
    text->quick = json_is_true(json_object_get(model, "quick_gelu"));
    text->end = 2;
    return 0;
}

int clip_config_read(struct clip_text *text, const char *dir, const json_t *config, struct error *error)
{
    const json_t *model = clip_config_is_open(config) ? json_object_get(config, "model_cfg") : NULL;
    const struct settings settings = {.dir = dir,
                                      .file = clip_config_name(config),
                                      .values = model ? json_object_get(model, "text_cfg") : text_values(config)};

    if (model ? read_open_clip(text, &settings, model, error) : read_hugging_face(text, &settings, error))
        return -1;
    text->config = settings.file;
    if (text->width % text->heads)
        return error_set(error, ERROR_INPUT, "%s/%s: a width of %zu is not divisible by %zu attention heads", dir,
                         settings.file, text->width, text->heads);
    return text->positions < 3 ? error_set(error, ERROR_INPUT, "%s/%s: \"%s\" must be 3 or more", dir, settings.file,
                                           model ? "context_length" : "max_position_embeddings")
                               : 0;
}

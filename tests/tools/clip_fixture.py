#!/usr/bin/python3
"""Makes tests/golden/clip: small random text models in the usual files of CLIP models, and their expected output.

Needs Debian's python3-torch, python3-numpy and python3-regex; run by hand, its output is committed.  Tokens and stages
are computed independently: merges with strings instead of numbers, the transformer in float64 with torch.
"""
import html, json, os, struct, sys, unicodedata
import numpy, regex, torch

WIDTH, HEADS, INNER, LAYERS, POSITIONS, DIMENSION, MERGES = 24, 3, 56, 3, 40, 16, 150
BEGIN, END = "<|startoftext|>", "<|endoftext|>"

CORPUS = """a yellow face is crying with tears running down both cheeks
the brown dog runs along the beach and shakes water from its fur
two children are laughing while they throw a red ball over the fence
an old man plays the violin on a bridge in the rain
someone is slicing tomatoes and onions on a wooden board
the rocket rises slowly and leaves a trail of white smoke
a cat that isn't hungry looks at the fish and then walks away
a green frog jumps into the pond and swims to the other side
she's singing and they're dancing, we'll never see that again
three birds fly over the lake while the sun goes down
a person is folding paper into a small boat
the train enters the station and people step out of it
"""

TEXTS = [
    "a yellow face crying",
    "The DOG isn't running: it's 25 years old!!",
    "caf\u00e9 cafe\u0301 \u039f\u0394\u039f\u03a3 \u0130stanbul",
    "fish &amp; chips, rock &amp;amp; roll, 3 &lt; 4 &#233;",
    "\u732b\u304c\u9b5a\u3092\u898b\u3066\u3044\u308b \U0001f431\U0001f41f",
    "  two\u00a0spaces \t and a tab\u3000wide  ",
    "one <|endoftext|> two",
    "x",
    "the violin " * 40,
    "\u00bd \u00b2 \u2168 a_b c-d 'tis we'll they'd've",
]

# Only the tokens of these are stored.
MORE_TEXTS = [
    "",
    "A Yellow  face CRYING with tears",
    "the dog's tail, isn't it? they'll've won: I'M, we'd, you're",
    "star's 's 'S 'sa 'LL''re",
    "  leading and trailing\tblanks \n",
    "colour 2024 and 3.14 or \u2166 \u00bd \u0662",
    "hello!!! ??? ... (what) #tag @me",
    "\u00dcBER stra\u00dfe \u0130stanbul \u039f\u0394\u039f\u03a3 \u03a3 \u0394\u03a3, \u0391\u03a3\u0391",
    "\u6771\u4eac\u306e\u7a7a \ud55c\uad6d\uc5b4 \u0939\u093f\u0928\u094d\u0926\u0940 \u0627\u0644\u0639",
    "smile \U0001f600\U0001f389\U0001f600 \u2764\ufe0f end",
    "salt &amp; pepper &lt;b&gt; &amp;amp; &#65;&#x42; &quot;q&quot; it&#39;s & so &; &#; &#x;",
    "don\u2019t \u201cquote\u201d this \u2018one\u2019 it&rsquo;s&hellip;&mdash;",
    "a\u00a0b\u3000c\u2003d &nbsp;e&nbsp;f",
    "before <|endoftext|> after <|StartOfText|>x !<|endoftext|>",
    "aaaaaaaaaaaaaaaa eeeee ssss",
    "antidisestablishmentarianism",
    "x\u0007\u0001y\u200dz \u0085 \u009f\u000bq",
    "e\u0301\u0323 \u1e9b\u0323 \u212b \ufb01sh \uff21",
]


def byte_characters():
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    table, spare = {}, 256
    for byte in range(256):
        if byte in plain:
            table[byte] = chr(byte)
        else:
            table[byte], spare = chr(spare), spare + 1
    return table


BYTES = byte_characters()
PIECES = regex.compile(r"<\|startoftext\|>|<\|endoftext\|>|'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+",
                       regex.IGNORECASE)


def plain(character):
    """One character as ftfy leaves it: C1 controls as Windows-1252, no ligatures, usual widths, straight quotes."""
    if "\u0080" <= character <= "\u009f":
        character = character.encode("latin-1").decode("cp1252", errors="ignore") or character
    if "\ufb00" <= character <= "\ufb06" or "\uff01" <= character <= "\uffef":
        character = unicodedata.normalize("NFKC", character)
    return regex.sub("[\u201c-\u201f]", '"', regex.sub("[\u02bc\u2018-\u201b]", "'", character))


def clean(text):
    text = html.unescape(html.unescape(text))
    text = regex.sub(r"[^\P{Cc}\t\n\f\r\x80-\x9f]|\ufeff", "", "".join(map(plain, text)))
    return regex.sub(r"\s+", " ", unicodedata.normalize("NFC", text)).strip().lower()


def spell(piece):
    symbols = [BYTES[byte] for byte in piece.encode()]
    return symbols[:-1] + [symbols[-1] + "</w>"]


def join(symbols, pair):
    out = []
    for symbol in symbols:
        if out and out[-1] is not None and (out[-1], symbol) == pair:
            out[-1] = pair[0] + pair[1]
            out.append(None)  # a pair just merged is not merged again in this round
        else:
            out.append(symbol)
    return [symbol for symbol in out if symbol is not None]


def learn():
    words = [spell(piece) for line in CORPUS.splitlines() for piece in PIECES.findall(clean(line))]
    merges = []
    while len(merges) < MERGES:
        counts = {}
        for word in words:
            for pair in zip(word, word[1:]):
                counts[pair] = counts.get(pair, 0) + 1
        best = max(counts, key=lambda pair: (counts[pair], pair))
        merges.append(best)
        words = [join(word, best) for word in words]
    return merges


def tokenize(text, vocabulary, ranks):
    ids = []
    for piece in PIECES.findall(clean(text)):
        if piece in (BEGIN, END):
            ids.append(vocabulary[piece])
            continue
        symbols = spell(piece)
        while True:
            pairs = [pair for pair in zip(symbols, symbols[1:]) if pair in ranks]
            if not pairs:
                break
            symbols = join(symbols, min(pairs, key=ranks.get))
        ids += [vocabulary[symbol] for symbol in symbols]
    return [vocabulary[BEGIN]] + ids[:POSITIONS - 2] + [vocabulary[END]]


def weights(generator, vocabulary):
    def random(*shape, scale=1.0):
        return torch.randn(*shape, generator=generator, dtype=torch.float64) * scale

    def norm(name):
        return {f"{name}.weight": 1 + random(WIDTH, scale=0.2), f"{name}.bias": random(WIDTH, scale=0.2)}

    model = {"text_model.embeddings.token_embedding.weight": random(vocabulary, WIDTH, scale=0.5),
             "text_model.embeddings.position_embedding.weight": random(POSITIONS, WIDTH, scale=0.3)}
    for layer in range(LAYERS):
        stem = f"text_model.encoder.layers.{layer}."
        model |= norm(stem + "layer_norm1") | norm(stem + "layer_norm2")
        for part in "qkv":
            model[f"{stem}self_attn.{part}_proj.weight"] = random(WIDTH, WIDTH, scale=0.35)
            model[f"{stem}self_attn.{part}_proj.bias"] = random(WIDTH, scale=0.2)
        model[stem + "self_attn.out_proj.weight"] = random(WIDTH, WIDTH, scale=0.2)
        model[stem + "self_attn.out_proj.bias"] = random(WIDTH, scale=0.2)
        model[stem + "mlp.fc1.weight"] = random(INNER, WIDTH, scale=0.3)
        model[stem + "mlp.fc1.bias"] = random(INNER, scale=0.2)
        model[stem + "mlp.fc2.weight"] = random(WIDTH, INNER, scale=0.2)
        model[stem + "mlp.fc2.bias"] = random(WIDTH, scale=0.2)
    model |= norm("text_model.final_layer_norm")
    model["text_projection.weight"] = random(DIMENSION, WIDTH, scale=0.2)
    model["vision_model.post_layernorm.bias"] = random(3)  # the other tower is in the same file
    return model


def save(path, model, kind):
    types = {torch.float32: "F32", torch.float16: "F16", torch.bfloat16: "BF16"}
    header, parts, at = {}, [], 0
    for name, tensor in model.items():
        tensor = tensor.to(kind).contiguous()
        data = (tensor.view(torch.int16) if kind == torch.bfloat16 else tensor).numpy().tobytes()
        header[name] = {"dtype": types[kind], "shape": list(tensor.shape), "data_offsets": [at, at + len(data)]}
        parts.append(data)
        at += len(data)
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + b"".join(parts))


def run(model, ids, activation):
    """Every stage (embeddings, each block, last norm) and the text's vector."""
    functional = torch.nn.functional

    def norm(x, name):
        return functional.layer_norm(x, (WIDTH,), model[name + ".weight"], model[name + ".bias"], 1e-5)

    def linear(x, name):
        return functional.linear(x, model[name + ".weight"], model[name + ".bias"])

    x = model["text_model.embeddings.token_embedding.weight"][ids]
    x = x + model["text_model.embeddings.position_embedding.weight"][:len(ids)]
    mask = torch.full((len(ids), len(ids)), -torch.inf, dtype=torch.float64).triu(1)
    stages = [x]
    for layer in range(LAYERS):
        stem = f"text_model.encoder.layers.{layer}."
        y = norm(x, stem + "layer_norm1")
        q, k, v = (linear(y, f"{stem}self_attn.{part}_proj").view(len(ids), HEADS, -1).transpose(0, 1) for part in "qkv")
        share = torch.softmax(q @ k.transpose(1, 2) / (WIDTH // HEADS) ** 0.5 + mask, dim=-1)
        x = x + linear((share @ v).transpose(0, 1).reshape(len(ids), WIDTH), stem + "self_attn.out_proj")
        y = linear(norm(x, stem + "layer_norm2"), stem + "mlp.fc1")
        y = y * torch.sigmoid(1.702 * y) if activation == "quick_gelu" else functional.gelu(y)
        x = x + linear(y, stem + "mlp.fc2")
        stages.append(x)
    x = norm(x, "text_model.final_layer_norm")
    stages.append(x)
    return stages, functional.normalize(x[-1] @ model["text_projection.weight"].T, dim=0)


def main(out):
    merges = learn()
    characters = list(BYTES.values())
    tokens = characters + [c + "</w>" for c in characters] + [a + b for a, b in merges] + [BEGIN, END]
    vocabulary = {token: number for number, token in enumerate(tokens)}
    ranks = {pair: rank for rank, pair in enumerate(merges)}
    texts = [{"text": text, "tokens": tokenize(text, vocabulary, ranks)} for text in TEXTS]
    os.makedirs(out, exist_ok=True)
    with open(f"{out}/vocab.json", "w") as file:
        json.dump(vocabulary, file)
    with open(f"{out}/merges.txt", "w") as file:
        file.write("#version: 0.2\n" + "".join(f"{a} {b}\n" for a, b in merges))
    with open(f"{out}/texts.json", "w") as file:
        json.dump(texts, file, indent=1)
    with open(f"{out}/more_texts.json", "w") as file:
        lines = (json.dumps({"text": text, "tokens": tokenize(text, vocabulary, ranks)}) for text in MORE_TEXTS)
        file.write("[" + ",\n".join(lines) + "]\n")
    variants = [("f32_quick", torch.float32, "quick_gelu", True), ("f32_gelu", torch.float32, "gelu", False),
                ("f16_quick", torch.float16, "quick_gelu", False), ("bf16_gelu", torch.bfloat16, "gelu", True)]
    for seed, (name, kind, activation, nested) in enumerate(variants):
        folder = f"{out}/{name}"
        os.makedirs(folder, exist_ok=True)
        for file in ("vocab.json", "merges.txt"):
            if not os.path.lexists(f"{folder}/{file}"):
                os.symlink(f"../{file}", f"{folder}/{file}")
        settings = {"hidden_size": WIDTH, "intermediate_size": INNER, "num_hidden_layers": LAYERS,
                    "num_attention_heads": HEADS, "max_position_embeddings": POSITIONS, "vocab_size": len(tokens),
                    "hidden_act": activation, "layer_norm_eps": 1e-5,
                    "eos_token_id": 2 if nested else vocabulary[END]}
        config = ({"model_type": "clip", "projection_dim": DIMENSION, "text_config": settings} if nested else
                  {"model_type": "clip_text_model", "projection_dim": DIMENSION} | settings)
        with open(f"{folder}/config.json", "w") as file:
            json.dump(config, file, indent=1)
        model = weights(torch.Generator().manual_seed(seed), len(tokens))
        save(f"{folder}/model.safetensors", model, kind)
        if kind == torch.float16:  # the same as PyTorch stores it
            os.makedirs(f"{out}/f16_torch", exist_ok=True)
            torch.save({key: value.to(kind) for key, value in model.items()}, f"{out}/f16_torch/pytorch_model.bin")
        model = {key: value.to(kind).double() for key, value in model.items()}
        rows, vectors = [], []
        for text in texts:
            ids = text["tokens"][:text["tokens"].index(vocabulary[END]) + 1]
            stages, vector = run(model, ids, activation)
            rows += stages
            vectors.append(vector)
        numpy.save(f"{folder}/stages.npy", torch.cat(rows).float().numpy())
        numpy.save(f"{folder}/vectors.npy", torch.stack(vectors).float().numpy())


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else os.path.join(os.path.dirname(__file__), "../golden/clip"))

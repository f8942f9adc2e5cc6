#!/usr/bin/python3
"""Makes tests/golden/clip/published: what CLIP's published tokenizer makes of texts, and as much of its vocabulary.

    clip_published.py bpe_simple_vocab_16e6.txt.gz token_ids.json OUTPUT

The vocabulary is the file of openai/CLIP.  token_ids.json has {"text", "ids"}: texts and what simple_tokenizer of the same
repository gives with ftfy 6.3.1, cut at 77.  Only the merges that make up these tokens are kept, in their order, with
their published numbers; all 256 bytes are.  As tokens spell their text, a difference in cleaning or splitting shows with
these as it does with all merges.  Run by hand, its output is committed.
"""
import gzip, json, sys

MERGES = 49152 - 256 - 2


def byte_characters():
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    return [chr(byte) for byte in plain] + [chr(256 + i) for i in range(256 - len(plain))]


def main(vocabulary, texts, out):
    with gzip.open(vocabulary, "rt") as file:
        merges = [line.split() for line in file.read().split("\n")[1:MERGES + 1]]
    characters = byte_characters()
    tokens = characters + [c + "</w>" for c in characters] + [a + b for a, b in merges]
    tokens += ["<|startoftext|>", "<|endoftext|>"]
    number = {token: i for i, token in enumerate(tokens)}
    with open(texts) as file:
        texts = json.load(file)
    needed = {tokens[i] for text in texts for i in text["ids"]}
    kept = []
    for left, right in reversed(merges):
        if left + right in needed:
            needed |= {left, right}
            kept.insert(0, (left, right))
    needed |= set(tokens[:512])
    with open(f"{out}/merges.txt", "w") as file:
        file.write("#version: 0.2\n" + "".join(f"{a} {b}\n" for a, b in kept))
    with open(f"{out}/vocab.json", "w") as file:
        json.dump({token: number[token] for token in tokens if token in needed}, file, ensure_ascii=False)
    with open(f"{out}/texts.json", "w") as file:
        lines = (json.dumps({"text": text["text"], "tokens": text["ids"]}) for text in texts)
        file.write("[" + ",\n".join(lines) + "]\n")


if __name__ == "__main__":
    main(*sys.argv[1:])

#!/usr/bin/python3
"""Makes engine/encoders/entities.def: the names of HTML's character references with their characters.

The names are those of the HTML standard (WHATWG, https://html.spec.whatwg.org/entities.json), as Python's html.entities
holds them.  Run by hand, its output is committed.
"""
import html.entities, os, sys, textwrap

HEAD = """/* HTML's named character references, sorted, by tests/tools/entities.py from the WHATWG's list: BARE is also recognised
 * without its semicolon, PAIR stands for two characters. */
"""


def entry(name):
    names = html.entities.html5
    characters = [f"{ord(character):#x}" for character in names[name + ";"]]
    kind = "BARE" if name in names else "PAIR" if len(characters) > 1 else "NAME"
    return f"{kind}({', '.join([name] + characters)})"


def main(path):
    names = sorted(name[:-1] for name in html.entities.html5 if name.endswith(";"))
    text = textwrap.fill(" ".join(map(entry, names)).replace(", ", ",~"), 120, break_on_hyphens=False)
    with open(path, "w") as file:
        file.write(HEAD + text.replace("~", " ") + "\n")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else
         os.path.join(os.path.dirname(__file__), "../../engine/encoders/entities.def"))

#!/usr/bin/python3
"""Makes tests/matrices/: the same small matrix in every kind of file that Python's libraries write, and files that must
be refused.  Needs Debian's python3-numpy and python3-h5py.

    /usr/bin/python3 tests/tools/matrix_fixtures.py
"""
import io
import os
import pickle
import sqlite3
import zipfile

import h5py
import numpy as np

folder = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "matrices")
values = np.array([[0, -1, 2.5], [3, 1024, -0.125]])  # exact in every type
rows = np.array([1, 100, 7])


def write(name, data):
    with open(os.path.join(folder, name), "wb") as file:
        file.write(data)


def pickles():
    for protocol in (2, 3, 4, 5):
        for order in "CF":
            for end in "<>":
                for width in "248":
                    array = values.astype(end + "f" + width, order=order)
                    name = "p%d_%s%s_%s.pkl" % (protocol, {"<": "le", ">": "be"}[end], width, order)
                    write(name, pickle.dumps(array, protocol))
        for kind in ("i1", "i4", ">i8", "u2", ">u8"):
            write("p%d_rows_%s.pkl" % (protocol, kind.replace(">", "be_")),
                  pickle.dumps(rows.astype(kind), protocol))
        mask = np.array([[1, 0, 1], [1, 1, 0]])
        for kind in ("?", "i8", "f8"):
            write("p%d_mask_%s.pkl" % (protocol, {"?": "bool"}.get(kind, kind)),
                  pickle.dumps(mask.astype(kind, order="F" if kind == "i8" else "C"), protocol))
    write("p5_readonly.pkl", pickle.dumps(frozen(values.astype("f4")), 5))
    # numpy 2's names of the same functions; newlines end names in protocols 2 and 3
    write("p3_numpy2.pkl", pickle.dumps(values.astype("f4"), 3).replace(b"numpy.core.", b"numpy._core."))
    # Python 2 stored bytes as strings, and small numbers instead of booleans
    write("p2_python2.pkl", b"\x80\x02cnumpy.core.multiarray\n_reconstruct\nq\x01cnumpy\nndarray\nq\x02K\x00\x85U\x01b"
          b"\x87Rq\x03(K\x01\x8a\x01\x02\x8a\x01\x03\x86cnumpy\ndtype\nq\x04U\x02f4K\x00K\x01\x87Rq\x05(K\x03U\x01<NNN"
          b"J\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb\x89U\x18" + values.astype("<f4").tobytes() + b"tb.")


def frozen(array):
    array.flags.writeable = False
    return array


class Runs:
    """Runs a command when unpickled."""

    def __init__(self, call, arguments):
        self.call, self.arguments = call, arguments

    def __reduce__(self):
        return self.call, self.arguments


def refused():
    for protocol in (2, 4):
        bad = {
            "system": Runs(os.system, ("touch /tmp/hubscope-was-here",)),
            "eval": Runs(eval, ("1",)),
            "hidden": np.array([Runs(os.system, ("touch /tmp/hubscope-was-here",))], dtype=object),
            "tuple": (values, values),
            "number": 3.5,
            "scalar": np.float32(3.5),
            "strings": np.array([["a", "b"]]),
            "structured": np.zeros((2, 2), dtype=[("a", "f4"), ("b", "f4")]),
            "complex": values.astype("c8"),
            "empty": values[:0],
            "class": Runs.__new__(Runs),
        }
        bad["class"].__dict__.update(call=tuple, arguments=())
        for name, thing in bad.items():
            write("bad_p%d_%s.pkl" % (protocol, name), pickle.dumps(thing, protocol))
        write("p%d_dict.pkl" % protocol, pickle.dumps({"text": values}, protocol))
        write("p%d_list.pkl" % protocol, pickle.dumps([values], protocol))
    write("bad_p0.pkl", pickle.dumps(values, 0))
    write("bad_two.pkl", pickle.dumps(values, 4) + pickle.dumps(values, 4))
    buffers = []
    write("bad_out_of_band.pkl", pickle.dumps(values, 5, buffer_callback=buffers.append))


class Pipe(io.RawIOBase):
    """A stream that cannot seek: the archive then stores sizes after the data."""

    def __init__(self):
        super().__init__()
        self.data = b""

    def writable(self):
        return True

    def write(self, data):
        self.data += bytes(data)
        return len(data)


def archives():
    arrays = {"text": values.astype("f4"), "ids": rows}
    path = os.path.join(folder, "")
    np.savez(path + "stored.npz", **arrays)
    np.savez_compressed(path + "deflated.npz", **arrays)
    np.savez_compressed(path + "several.npz", text=values.astype("f4"), video=values[:1].astype(">f8"),
                        order=np.asfortranarray(values.astype("f2")), ids=rows, names=np.array(["a", "b"]),
                        cube=np.zeros((2, 2, 2)), objects=np.array([{}, None], dtype=object))
    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        with archive.open("text.npy", "w") as member:
            np.lib.format.write_array(member, values)
    write("streamed.npz", pipe.data)
    with zipfile.ZipFile(path + "other.npz", "w") as archive:
        archive.writestr("data.pkl", b"")
    with zipfile.ZipFile(path + "bzip2.npz", "w", zipfile.ZIP_BZIP2) as archive:
        with archive.open("text.npy", "w") as member:
            np.lib.format.write_array(member, values)
    bomb = io.BytesIO()
    np.lib.format.write_array(bomb, values)
    with zipfile.ZipFile(path + "bomb.npz", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("text.npy", bomb.getvalue() + bytes(4 << 20))


def hdf5():
    def make(name, **options):
        return h5py.File(os.path.join(folder, name), "w", **options)

    with make("one.h5") as file:
        file["feats"] = values.astype("f4")
        file["ids"] = rows
    with make("types.h5") as file:
        for kind in ("<f2", "<f4", "<f8", ">f2", ">f4", ">f8"):
            file["floats/" + kind.replace("<", "le_").replace(">", "be_")] = values.astype(kind)
        for kind in ("i1", "<i4", ">i8", "<u2", ">u8"):
            file["rows/" + kind.replace("<", "le_").replace(">", "be_")] = rows.astype(kind)
        file["mask/bool"] = np.array([[True, False, True], [True, True, False]])
        file["mask/f8"] = np.array([1.0, 0, 1, 1, 1, 0])
        file.create_dataset("packed/gzip", data=values, chunks=(1, 2), compression="gzip", shuffle=True,
                            fletcher32=True)
        file.create_dataset("packed/resized", data=values, chunks=(1, 2), maxshape=(None, None))
        file["deep/er/feats"] = values
        file["cube"] = np.zeros((2, 2, 2))
        file["scalar"] = 3.5
        file["empty"] = np.zeros((0, 3))
        file["none"] = h5py.Empty("f4")
        file["texts"] = np.array([[b"a", b"b"]])
        file["complex"] = values.astype("c8")
        file["large"] = np.array([1, 2 ** 64 - 1], dtype="u8")
        file["hard"] = file["deep/er/feats"]
        file["soft"] = h5py.SoftLink("/deep/er/feats")
        file["outside"] = h5py.ExternalLink("one.h5", "feats")
        file["away"] = h5py.ExternalLink("one.h5", "/")
        file.create_dataset("external", (2, 3), "f4", external=[("p5_le4_C.pkl", 0, 24)])
        layout = h5py.VirtualLayout((2, 3), "f4")
        layout[:] = h5py.VirtualSource("one.h5", "feats", (2, 3))
        file.create_virtual_dataset("virtual", layout)
    with make("user_block.h5", userblock_size=1024, libver="latest") as file:
        file["feats"] = np.asfortranarray(values)
    with make("no_arrays.h5") as file:
        file.create_group("empty")
    # a dataset that claims a huge size, with nothing stored
    with make("sparse.h5") as file:
        file.create_dataset("feats", (1 << 40, 1 << 10), "f4", chunks=(1, 16))


def databases():
    """An SQLite file: vectors as blobs and as texts, by key, and what is none."""
    path = os.path.join(folder, "vectors.db")
    if os.path.exists(path):
        os.remove(path)
    database = sqlite3.connect(path)
    database.execute("PRAGMA page_size = 512")
    database.execute("CREATE TABLE t(key TEXT, vector BLOB, list TEXT, odd BLOB)")
    for key, row in zip("ba", values):
        database.execute("INSERT INTO t VALUES(?, ?, ?, ?)",
                         (key + ".mp4", row.astype("<f4").tobytes(), str(row.tolist()), b"12345"))
    database.execute("CREATE TABLE e(key, vector)")
    database.executemany("INSERT INTO e VALUES(?, ?)", [(None, bytes(12)), ("k", None), ("k", bytes(8))])
    database.commit()
    database.close()


def golden():
    """Golden cases in files other than .npy."""
    def load(case, name):
        return np.load(os.path.join(folder, "..", "golden", case, name + ".npy"))

    np.savez_compressed(os.path.join(folder, "case1.npz"), text=load("case1", "queries"),
                        bank=load("case1", "bank"), rows=load("case1", "targets").astype("i2"))
    write("case1_videos.pkl", pickle.dumps(np.asfortranarray(load("case1", "videos")), 5))
    for case, protocol in (("case3", 2), ("case4", 4)):
        for name in ("sims", "bank_sims"):
            write("%s_%s.pkl" % (case, name), pickle.dumps(load(case, name), protocol))


os.makedirs(folder, exist_ok=True)
pickles()
refused()
archives()
hdf5()
databases()
golden()

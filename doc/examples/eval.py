#!/usr/bin/env python3
"""Prints what `hubscope eval COLLECTION` prints, in short, from matrices that numpy holds: none is copied.

    python3 eval.py COLLECTION
"""
import ctypes as c
import os
import sys

import numpy as np

lib = c.CDLL(os.environ.get("LIBHUBSCOPE", "libhubscope.so.1"))
handle, size, text = c.c_void_p, c.c_size_t, c.c_char_p


class Error(c.Structure):
    _fields_ = [("code", c.c_int), ("message", c.c_char * 512)]


class Matrix(c.Structure):
    _fields_ = [("data", handle), ("rows", size), ("columns", size), ("row_stride", c.c_ssize_t),
                ("column_stride", c.c_ssize_t)]

    @classmethod
    def of(cls, array):
        """Refers to the array's memory, whatever its strides; the array must be float32 and outlive the collection."""
        assert array.dtype == np.float32 and array.ndim == 2
        return cls(array.ctypes.data, *array.shape, *(stride // 4 for stride in array.strides))


class Matrices(c.Structure):
    _fields_ = [("size", size), ("queries", Matrix), ("videos", Matrix), ("bank", Matrix), ("video_bank", Matrix),
                ("similarities", Matrix), ("bank_similarities", Matrix), ("targets", handle),
                ("logit_scale", c.c_double)]


def declare(name, result, *arguments):
    function = getattr(lib, "hubscope_" + name)
    function.restype, function.argtypes = result, arguments
    return function


collection_open = declare("collection_open", Error, text, c.POINTER(handle))
collection_borrow = declare("collection_borrow", Error, c.POINTER(Matrices), c.POINTER(handle))
collection_close = declare("collection_close", None, handle)
collection_target = declare("collection_target", c.c_int64, handle, size)
logit_scale = declare("collection_logit_scale", c.c_double, handle, size)
study_open = declare("study_open", Error, handle, handle, c.POINTER(handle))
study_add = declare("study_add", Error, handle, text)
study_fit = declare("study_fit", Error, handle, handle)
study_analyse = declare("study_analyse", Error, handle, size, handle)
study_close = declare("study_close", None, handle)
result_measure = declare("result_measure", c.c_double, handle, size, text)
result_ranks = declare("result_ranks", c.POINTER(c.c_double), handle, size)


def check(error):
    if error.code:
        sys.exit(error.message.decode())


folder = sys.argv[1] if len(sys.argv) > 1 else "."
queries, videos, bank = (np.load(os.path.join(folder, name + ".npy"), mmap_mode="r")
                         for name in ("queries", "videos", "bank_train"))

# Only the catalog knows the targets and the scale; embeddings of your own come with theirs.
opened = handle()
check(collection_open(folder.encode(), c.byref(opened)))
targets = np.array([collection_target(opened, query) for query in range(len(queries))])
scale = logit_scale(opened, 0)
collection_close(opened)

matrices = Matrices(size=c.sizeof(Matrices), queries=Matrix.of(queries), videos=Matrix.of(videos), bank=Matrix.of(bank),
                    targets=targets.ctypes.data, logit_scale=scale)
collection, study = handle(), handle()
check(collection_borrow(c.byref(matrices), c.byref(collection)))
check(study_open(collection, None, c.byref(study)))
rules = ["raw", "qbnorm", "ncl"]
for rule in rules:
    check(study_add(study, rule.encode()))
check(study_fit(study, None))
check(study_analyse(study, 0, None))
for entry, rule in enumerate(rules):
    ranks = np.ctypeslib.as_array(result_ranks(study, entry), (len(queries),))  # the study's own memory
    assert abs(100 * np.mean(ranks < 6) - result_measure(study, entry, b"R@5")) < 1e-9
    print(f"{rule:8}", *(f"{name}={result_measure(study, entry, name.encode()):.10g}" for name in
                         ("R@1", "R@5", "R@10", "MdR", "MnR", "skewness", "normalization_error")))
study_close(study)
collection_close(collection)

#!/usr/bin/python3
"""Makes tests/layouts/ but for its folder parquet/: small files in the structure that real datasets and feature dumps
have (facts of structure only; every caption, key and number is made up).  Six videos of 32 dimensions; v.npy holds their
vectors, qN.npy N query vectors.  expected.json says, for each file, what an import must find: videos, captions in order,
and for matrices the array (`v`: the rows of v.npy in its order).

Needs Debian's python3-numpy, python3-torch, python3-h5py and python3-scipy.

    /usr/bin/python3 tests/tools/layout_fixtures.py
"""
import collections, csv, io, json, os, pickle, struct, tarfile
import numpy as np

os.chdir(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "layouts"))
rng = np.random.default_rng(0)
unit = lambda x: (x / np.linalg.norm(x, axis=1, keepdims=True)).astype("float32")
v = unit(rng.normal(size=(6, 32)))
np.save("v.npy", v)
for k in (2, 6, 12, 18, 30):
    np.save(f"q{k}.npy", unit(rng.normal(size=(k, 32))))
C = ["someone tightens a screw on a bicycle", "two children fly a kite", "a cook folds dough, then waits", "a goalkeeper jumps left",
     "a man compares two cars", "rain runs down a window"]
E = {}

# MSR-VTT ------------------------------------------------------------------------------------------------
ids = [f"video{7010 + i}" for i in range(6)]
for name, sep in (("MSRVTT_JSFUSION_test.csv", ","), ("MSRVTT_JSFUSION_test_semicolon.csv", ";")):
    with open(name, "w", newline="") as f:
        w = csv.writer(f, delimiter=sep)
        w.writerow("key vid_key video_id sentence".split())
        for i in range(6):
            w.writerow([f"ret{i}", "msr" + ids[i][5:], ids[i], C[i]])
    E[name] = dict(videos=ids, captions=C)
json.dump([{"video": f"{ids[i]}.mp4", "caption": [C[i], C[i] + " again"]} for i in range(6)], open("caption_lists.json", "w"))
E["caption_lists.json"] = dict(videos=[f"{i}.mp4" for i in ids], captions=[c for x in C for c in (x, x + " again")], note="a list of captions in one field: one query each, in order")
# MSVD
yt = [f"aB3_{i}xYz-q{i}_{10 * i}_{10 * i + 7}" for i in range(6)]
pickle.dump({yt[i]: [(C[i].replace(",", "") + f" {j}").split() for j in range(2)] for i in range(6)}, open("raw-captions.pkl", "wb"))
E["raw-captions.pkl"] = dict(videos=yt, captions=[C[i].replace(",", "") + f" {j}" for i in range(6) for j in range(2)], note="pickled dict: video -> list of captions as lists of words")
open("test_list.txt", "w").write("\n".join(yt) + "\n")
# LSMDC: tab separated, no header, name ends in .csv, six columns
cl = [f"{1000 + i}_A_Film_00.01.4{i}.006-00.01.5{i}.815" for i in range(6)]
lines = "".join(f'{cl[i]}\t00.01.4{i}.006\t00.01.5{i}.815\t00.01.4{i}.006\t00.01.5{i}.815\t{C[i].capitalize()}, "SOMEONE" says.\n' for i in range(6))
open("LSMDC16_challenge_1000.csv", "w").write(lines)
E["LSMDC16_challenge_1000.csv"] = dict(videos=cl, captions=[f'{c.capitalize()}, "SOMEONE" says.' for c in C], note="--layout lsmdc, and columns by number")
# DiDeMo and ActivityNet: paragraph retrieval joins a video's sentences with a blank
json.dump([{"description": C[i] + f" {j}", "video": f"1234{i}@N00_54{i}_ab.avi", "times": [[1, 1], [2, 2]], "num_segments": 6, "annotation_id": 100 * i + j} for i in range(6) for j in range(3)], open("didemo_test_data.json", "w"))
E["didemo_test_data.json"] = dict(videos=[f"1234{i}@N00_54{i}_ab.avi" for i in range(6)], captions=[C[i] + f" {j}" for i in range(6) for j in range(3)], paragraphs=[" ".join(C[i] + f" {j}" for j in range(3)) for i in range(6)], note="a sentence a query, or with --paragraphs a video a query")
json.dump({f"v_uQi{i}": {"duration": 55.15, "timestamps": [[0.28, 55.15], [13.79, 54.32]], "sentences": [C[i] + ".", " The others watch."]} for i in range(6)}, open("activitynet_val_1.json", "w"))
E["activitynet_val_1.json"] = dict(videos=[f"v_uQi{i}" for i in range(6)], captions=[x for i in range(6) for x in (C[i] + ".", "The others watch.")], paragraphs=[C[i] + ". The others watch." for i in range(6)])
# VATEX
json.dump([{"videoID": f"_0b{i}_000055_000065", "enCap": [C[i] + f" {j}" for j in range(5)], "chCap": ["一个人"] * 5} for i in range(6)], open("vatex.json", "w"))
E["vatex.json"] = dict(videos=[f"_0b{i}_000055_000065" for i in range(6)], captions=[C[i] + f" {j}" for i in range(6) for j in range(5)])
# Karpathy splits
for name, extra in (("flickr8k", lambda i: {}), ("coco", lambda i: {"filepath": "val2014", "cocoid": 391000 + i})):
    json.dump({"images": [{"sentids": list(range(5 * i, 5 * i + 5)), "imgid": i, "sentences": [{"tokens": C[i].split(), "raw": C[i] + f" {j}.", "imgid": i, "sentid": 5 * i + j} for j in range(5)],
                           "split": "test" if i < 4 else "train", "filename": f"{1000 + i}_ab.jpg", **extra(i)} for i in range(6)], "dataset": name}, open(f"dataset_{name}.json", "w"))
    E[f"dataset_{name}.json"] = dict(split="test", videos=[f"{1000 + i}_ab" for i in range(4)], captions=[C[i] + f" {j}." for i in range(4) for j in range(5)])
# COCO captions, WebVid, AudioCaps, Clotho
json.dump({"images": [{"file_name": f"00000039713{i}.jpg", "id": 397130 + i} for i in range(6)], "annotations": [{"image_id": 397130 + i, "id": 10 * i + j, "caption": C[i] + f" {j}"} for i in range(6) for j in range(2)]}, open("captions_val2017.json", "w"))
E["captions_val2017.json"] = dict(videos=[f"00000039713{i}" for i in range(6)], captions=[C[i] + f" {j}" for i in range(6) for j in range(2)])
open("results_2M_val.csv", "w").write("videoid,contentUrl,duration,page_dir,name\n" + "".join(f'10538{i},https://example.org/{i}.mp4,PT00H00M17S,027701_027750,"{C[i]}, close up"\n' for i in range(6)))
E["results_2M_val.csv"] = dict(videos=[f"10538{i}" for i in range(6)], captions=[c + ", close up" for c in C], duration_ms=17000)
with open("clotho_captions_evaluation.csv", "w", newline="") as f:
    w = csv.writer(f); w.writerow(["file_name"] + [f"caption_{j}" for j in range(1, 6)])
    for i in range(6): w.writerow([f"A {i}.wav"] + [C[i] + f", {j}." for j in range(5)])
E["clotho_captions_evaluation.csv"] = dict(videos=[f"A {i}.wav" for i in range(6)], captions=[C[i] + f", {j}." for i in range(6) for j in range(5)])
with open("audiocaps_test.csv", "w", newline="") as f:
    w = csv.writer(f, lineterminator="\n"); w.writerow(["audiocap_id", "youtube_id", "start_time", "caption"])
    for i in range(6):
        for j in range(2): w.writerow([97150 + 2 * i + j, f"-r{i}_Ab9cD{i}z", 10 * i, C[i] + (" loudly" if j else "")])
E["audiocaps_test.csv"] = dict(videos=[f"-r{i}_Ab9cD{i}z" for i in range(6)], captions=[C[i] + (" loudly" if j else "") for i in range(6) for j in range(2)])
# JSON as Python writes it
open("nan.json", "w").write(json.dumps([{"video": f"v{i}", "caption": C[i], "score": float("nan"), "big": 10 ** 30, "inf": float("-inf")} for i in range(6)]))
E["nan.json"] = dict(videos=[f"v{i}" for i in range(6)], captions=C)
# features -----------------------------------------------------------------------------------------------
import torch, h5py, scipy.io
t = torch.tensor(v)
torch.save(t, "v.pt"); torch.save(t.half(), "v_half.pt"); torch.save(t.bfloat16(), "v_bf16.pt"); torch.save(t.double(), "v_f64.pt")
torch.save(t.t().contiguous().t(), "v_strided.pt"); torch.save(torch.cat([t.flip(0), t])[6:], "v_offset.pt")
torch.save(t, "v_legacy.pth", _use_new_zipfile_serialization=False)
torch.save({"video_features": t, "text_features": torch.tensor(np.load("q6.npy")), "ids": ids}, "feats.pt")
torch.save(collections.OrderedDict((ids[i], t[i].clone()) for i in (3, 0, 5, 1, 4, 2)), "per_video.pth")
torch.save([{"vid": ids[i], "feat": t[i].clone()} for i in range(6)], "list.pt")
for n in ("v.pt", "v_half.pt", "v_bf16.pt", "v_f64.pt", "v_strided.pt", "v_offset.pt", "v_legacy.pth"): E[n] = dict(matrix="v", tolerance={"v_half.pt": 5e-4, "v_bf16.pt": 4e-3}.get(n, 1e-6))
E["feats.pt"] = dict(members={"video_features": "v", "text_features": "q6"}); E["per_video.pth"] = dict(matrix="v", keys=ids, note="rows by key, in the order of the table of videos")
E["list.pt"] = dict(refused="a list of dicts")
pickle.dump({ids[i]: v[i] for i in (2, 0, 1, 5, 4, 3)}, open("per_video.pkl", "wb")); pickle.dump([v[i] for i in range(6)], open("list_of_arrays.pkl", "wb")); pickle.dump({"sims": v}, open("dict.pkl", "wb"))
E["per_video.pkl"] = dict(matrix="v", keys=ids); E["list_of_arrays.pkl"] = dict(matrix="v"); E["dict.pkl"] = dict(members={"sims": "v"})
np.save("v_row3d.npy", v[:, None, :]); E["v_row3d.npy"] = dict(matrix="v", note="(6, 1, 32)")
noise = 0.1 * rng.normal(size=(6, 12, 32)); noise -= noise.mean(1, keepdims=True)
n4 = noise[:, :4] - noise[:, :4].mean(1, keepdims=True)
np.save("frames3d.npy", (v[:, None, :] + n4).astype("float32")); E["frames3d.npy"] = dict(refused="(6, 4, 32) unless --pool mean", pooled="v", tolerance=1e-6)
with h5py.File("per_video.h5", "w") as f:
    for i in range(6): f[ids[i]] = v[i]
with h5py.File("frames.h5", "w") as f:
    for i in range(6): f[ids[i]] = (v[i] + noise[i]).astype("float32")
E["per_video.h5"] = dict(matrix="v", keys=ids); E["frames.h5"] = dict(refused="(12, 32) a key unless --pool mean", pooled="v", keys=ids, tolerance=1e-6)
scipy.io.savemat("v.mat", {"v": v}); E["v.mat"] = dict(refused="MATLAB 5, by name")
os.makedirs("clip_retrieval/img_emb", exist_ok=True); os.makedirs("clip_retrieval/text_emb", exist_ok=True)
for k in range(12): np.save(f"clip_retrieval/img_emb/img_emb_{k}.npy", np.roll(v, k, 0)[:2].astype("float16"))
np.save("v_shards.npy", np.concatenate([np.roll(v, k, 0)[:2] for k in range(12)]))
np.save("clip_retrieval/text_emb/text_emb_0.npy", np.load("q6.npy").astype("float16"))
E["clip_retrieval/img_emb"] = dict(matrix="v_shards", tolerance=5e-4, note="folder of twelve numbered shards, in the order of their numbers (10 after 9)")
open("flat.faiss", "wb").write(b"IxFI" + struct.pack("<iqqqBi", 32, 6, 1 << 20, 1 << 20, 1, 0) + struct.pack("<q", 6 * 32) + v.tobytes())
E["flat.faiss"] = dict(matrix="v")
open("vectors.csv", "w").write("id,embedding\n" + "".join(f'{ids[i]},"[{",".join(repr(float(x)) for x in v[i])}]"\n' for i in (2, 0, 1, 5, 4, 3)))
E["vectors.csv"] = dict(matrix="v", keys=ids, note="a column of [numbers], as pgvector, Spotlight and others export")
t = tarfile.open("webdataset_00000.tar", "w")
for i in range(6):
    for e, b in (("txt", C[i].encode()), ("json", json.dumps({"caption": C[i]}).encode())):
        x = tarfile.TarInfo(f"{i:09d}.{e}"); x.size = len(b); t.addfile(x, io.BytesIO(b))
t.close(); E["webdataset_00000.tar"] = dict(refused="a tar archive, by name")
pq = dict(matrix="v", keys=ids, captions=C)
for f in sorted(os.listdir("parquet")):
    if f.endswith(".parquet") and "groups" not in f: E[f"parquet/{f}"] = dict(members={m: "v" for m in (("embedding", "fixed", "dbl") if f.startswith("duckdb") else ("embedding", "fixed"))}, keys=ids, captions=C, tolerance=1e-6)
E["parquet/duckdb_groups.parquet"] = dict(rows=5000, note="embedding[r][x] = ((16 r + x) mod 997) / 997; key k<r>; caption number r mod 50")
E["parquet/stream.arrow"] = E["parquet/file.arrow"] = dict(refused="Arrow IPC, by name")
E["clip_retrieval/text_emb/text_emb_0.npy"] = dict(matrix="q6", tolerance=5e-4)
E["_keys"] = "Karpathy, COCO and Flickr drop the image's ending; other layouts keep keys as the file has them; where rows of a matrix or pictures come by key they also match without the ending. Karpathy's default split is test. test_list.txt is a list for --videos-table."
json.dump(E, open("expected.json", "w"), ensure_ascii=False, indent=1)

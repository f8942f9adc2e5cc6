#!/bin/bash
# The same data as float32 or float16 embeddings, or as float32 or float16 similarities, give the same analysis.
source "$TESTS_DIR/tools/check.sh" || exit 1
make=$TOOLS_DIR/npy_make
cd "$work" || exit 1
asked=()
for rule in raw is qbnorm:beta=20,k=3 ncl:scale=50,iterations=4 csls nnn:alpha=0.5,k=16,scale=30 gc dsl:scale=20; do
    asked+=(--rule "$rule")
done
asked_embedded=("${asked[@]}" --rule center --rule dualis --rule dualdis)

# If products are exact, sources differ only in the name.
for shape in queries=201 videos=67 bank=300 clips=45; do
    name=${shape%=*}
    holds "$make" unit "${shape#*=}" ${#name} $name.f32.npy
    holds "$make" half $name.f32.npy $name.f16.npy
done
holds "$make" products queries.f32.npy videos.f32.npy sims.f32.npy
holds "$make" products bank.f32.npy videos.f32.npy bank_sims.f32.npy
for name in sims bank_sims; do
    holds "$make" half $name.f32.npy $name.f16.npy
    holds "$make" float $name.f16.npy again.npy
    holds cmp $name.f32.npy again.npy # nothing was rounded
done
embeddings() { inputs=(--queries queries.$1.npy --videos videos.$1.npy --bank bank.$1.npy --video-bank clips.$1.npy); }
similarities() { inputs=(--sims sims.$1.npy --bank-sims bank_sims.$1.npy); }

same() { # same NAME...: the last output equals the first source's, except for these members
    if [[ -s first ]]; then
        holds "$TOOLS_DIR/json_near" 0 first out "$@"
    else
        cp out first
    fi
}

everywhere() { # everywhere ARGUMENTS: the rules available with all sources
    rm -f first
    for type in f32 f16; do
        for kind in embeddings similarities; do
            $kind $type
            good "$@" "${inputs[@]}" "${asked[@]}" --logit-scale 30 --format json
            same collection bank bank_name gallery_bank gallery_bank_name
        done
    done
}
everywhere eval
everywhere hubs --top 0 --k 7
everywhere hubs --top 0 --k 50
rules=("${asked[@]}")
asked=(--rule raw --rule qbnorm:beta=20,k=3 --rule ncl:scale=50,iterations=4 --rule csls)
everywhere mass --top 0
asked=(--rule raw --rule ncl:scale=50,iterations=4)
everywhere shifts --top 0
asked=(--rule raw --rule dsl:scale=20) # banks of similarities are query banks
everywhere eval --direction v2t

asked=("${rules[@]}")
for direction in t2v v2t; do
    rm -f first
    for type in f32 f16; do
        embeddings $type
        good eval "${inputs[@]}" "${asked_embedded[@]}" --direction $direction --format json
        same collection
    done
done

# Rules that similarities do not allow are refused, not replaced.
for type in f32 f16; do
    similarities $type
    bad 1 'rule center cannot be used here: needs embeddings, not stored similarities' eval "${inputs[@]}" --rule center
    for rule in dualis dualdis; do
        bad 1 "rule $rule cannot be used here: needs a second bank" eval "${inputs[@]}" --rule raw --rule $rule
    done
    for rule in is qbnorm ncl csls nnn gc; do
        bad 1 "rule $rule cannot be used here: needs a bank of videos, and there is none" eval "${inputs[@]}" \
            --direction v2t --rule $rule
    done
done

# The golden cases as similarities, rounded once: the same results are expected as for the embeddings.
known=(raw is qbnorm ncl csls nnn gc dsl)
for case in 1 2 5 6; do
    dir=$TESTS_DIR/golden/case$case
    holds "$make" products "$dir/queries.npy" "$dir/videos.npy" sims.f32.npy
    holds "$make" products "$dir/bank.npy" "$dir/videos.npy" bank_sims.f32.npy
    named=()
    while read -r spec; do
        named+=(--rule "$spec")
    done < <("$TOOLS_DIR/eval_json" specs "$dir/expected.json" t2v "${known[@]}")
    similarities f32
    good eval "${inputs[@]}" --targets "$dir/targets.npy" --format json "${named[@]}"
    holds "$TOOLS_DIR/eval_json" check "$dir/expected.json" t2v "${known[@]}" <out

    # Float16 rounds; the rounded values are also written as float32.
    for name in sims bank_sims; do
        holds "$make" half $name.f32.npy $name.f16.npy
        holds "$make" float $name.f16.npy $name.wide.npy
    done
    for name in queries videos bank; do
        holds "$make" half "$dir/$name.npy" $name.f16.npy
        holds "$make" float $name.f16.npy $name.wide.npy
    done
    cp clips.f32.npy clips.wide.npy
    for kind in similarities embeddings; do
        rm -f first
        for type in wide f16; do
            $kind $type
            [[ $kind == embeddings ]] && inputs=("${inputs[@]:0:6}") # other clips
            good eval "${inputs[@]}" --targets "$dir/targets.npy" --format json "${named[@]}"
            same collection
        done
    done
done

# NaN and infinities, anywhere.
similarities f32
for value in nan inf -inf; do
    for type in f32 f16; do
        holds "$make" spoil 41 5 $value sims.$type.npy spoilt.npy
        bad 1 'spoilt.npy: 1 row holds NaN or infinite values \(row 41, in column 5\)' eval --sims spoilt.npy --targets "$dir/targets.npy"
        holds "$make" spoil 299 63 $value bank_sims.$type.npy spoilt.npy
        bad 1 'spoilt.npy: 1 row holds NaN or infinite values \(row 299, in column 63\)' eval --sims sims.f32.npy --bank-sims spoilt.npy \
            --targets "$dir/targets.npy"
    done
done
finish

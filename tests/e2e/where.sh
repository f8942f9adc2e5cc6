#!/bin/bash
# Measures of a subset of the videos: --where.
source "$TESTS_DIR/tools/check.sh" || exit 1

good hubs sample --rule raw --where group=smileys --top 2
has '^only group=smileys: 90 of the videos, 180 of the queries, in the whole gallery$'
has 'fair share of N_10: 20.0;'
has '^the subset is 18.0 % of the gallery and holds 20.8 % of the list places, 1.16 times its fair share$'
has '10 of 90 videos appear in at least twice'
has '^242 .* 56 '
good mass sample --rule ncl --where group==smileys-emotion --top 1
has '^the subset is 18.0 % of the gallery and holds 17.2 % of the mass'
good eval sample --rule raw --where group=smileys --where tags=CAT --format json
has '"where": ?"group=smileys and tags=CAT"'
has '"items": ?4'
good eval sample --rule raw --where 'group!=smileys' --direction v2t
has '^only group!=smileys: 820 of the captions, 410 of the queries'
good shifts sample --where key=1f438 --top 0
has '2 queries helped, 0 hurt, 0 unchanged'

bad 1 "no column 'grp'; it has key, title, tags, group, subgroup" eval sample --where grp=x
bad 1 "no column 'Group'; did you mean 'group'" eval sample --where Group=smileys
bad 1 'no video has group=nothing; group is people-body, smileys-emotion' hubs sample --where group=nothing
bad 2 'a condition is COLUMN=VALUE' eval sample --where group
bad 2 "unknown option '--where': eval, hubs, mass and shifts take it" lists sample --where group=smileys
bad 2 'omit it, or --where' eval sample --where group=smileys --bootstrap-mass
bad 2 'omit it, or --where' eval sample --where group=smileys --dump "$work/dump"
bad 1 'matrices have no table of videos' eval --queries "$HUBSCOPE_SAMPLE/queries.npy" \
    --videos "$HUBSCOPE_SAMPLE/videos.npy" --where group=x
finish

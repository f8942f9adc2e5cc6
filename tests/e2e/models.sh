# Several models in one collection: added, compared in every command, checked, removed; collections made before there were
# models are read unchanged, and are changed only whole.
. "$TESTS_DIR/tools/check.sh"
data=$TESTS_DIR/../sample_data
ridge=$data/ridge
cd "$work"
plain=(--no-encoder --texts-table "$data/texts.csv" --videos-table "$data/videos.csv" --videos "$data/videos.npy"
    --queries "$data/queries.npy" --logit-scale 22.712 --bank "train=$data/bank_train.npy"
    --bank "stills=$data/bank_stills.npy" --video-bank "train=$data/video_bank_train.npy")
added=(--add-model ridge --videos "$data/videos.npy" --queries "$ridge/queries.npy" --encoder "$ridge/encoder"
    --bank "train=$ridge/bank_train.npy" --logit-scale 20 --model "ridge regression")
sed '/^keywords,/d' "$data/texts.csv" >texts.csv
plain[2]=texts.csv
good import mine "${plain[@]}"
good info mine --format json
has '"name": "base"'
good eval mine --rule ncl --bootstrap 0
cp out alone

# A collection of version 1: the same without its tables of models.
cp -r mine old
"$TOOLS_DIR/sql" old/catalog.db "DROP TABLE models; DROP TABLE model_banks; PRAGMA user_version = 1" >/dev/null
cp old/catalog.db before.db
chmod -R a-w old
good eval old --rule ncl --bootstrap 0
holds cmp -s out alone
good check old
has '^catalog +ok +schema version 1'
good search old --caption 3 --rule base/ncl
chmod -R u+w old
good eval old --rule raw --bootstrap 0
cp old/catalog.db before.db
bad 1 'has 468 rows, but .* has 1000 queries' import old --add-model ridge --videos "$data/videos.npy" \
    --queries "$ridge/bank_train.npy"
holds cmp -s old/catalog.db before.db
good import old "${added[@]}"
good check old
has '^catalog +ok +schema version 2'
good eval old --rule ridge/raw --format csv --bootstrap 0
has ',ridge/raw:scale=20,'

# A second model: each rule on its own similarities and scale, compared query by query.
good import mine "${added[@]}" --dry-run
has '^  model ridge'
has '^  bank train +468 '
bad 1 'has no model "ridge"' import mine --add-bank "ridge/stills=$ridge/bank_stills.npy"
good import mine "${added[@]}"
has '^mine: now with model ridge, bank train of 468 rows, an encoder .static.$'
good check mine
has '^encoder +ok +base: none.*; ridge: static; mean cosine .* 1.0000'
good eval mine --rule ncl --bootstrap 0
holds cmp -s out alone
good eval mine --rule base/raw --rule ridge/raw --rule ridge/ncl --bootstrap 200
has '^raw:scale=22.712 +24\.8 '
has '^ridge/raw:scale=20 +3\.2 .* -21\.60 '
has '^ridge/ncl:scale=20,iterations=4 +6\.5 .* 34\.0 '
good shifts mine --rule raw --rule ridge/raw
has '^from raw:scale=22.712 to ridge/raw:scale=20: 214 queries helped, 770 hurt'
good hubs mine --rule raw --rule ridge/raw
has '^ridge/raw:scale=20: '
good mass mine --rule raw --rule ridge/ncl
has '^ridge/ncl:scale=20,iterations=4$'
good sweep mine --rule ridge/ncl --over iterations=0,4
has '^mine, model ridge: '
has '^ncl:scale=20,iterations=4 +6\.5 '
good bank mine --rule ridge/ncl --bank train
has '^mine, model ridge: '
bad 2 'banks of one model' bank mine --rule ridge/ncl --rule raw
good lists mine --rule ridge/raw --rule raw --output lists.run
holds test -s lists.ridge_raw_scale=20.run -a -s lists.raw_scale=22.712.run
good report mine --rule raw --rule ridge/ncl --output page.html
holds grep -q 'ridge/ncl' page.html
good search mine --caption 3 --rule raw --rule ridge/raw
has '^ridge/raw:scale=20, target at rank '
bad 1 'no text encoder, and no stored caption' search mine zzzz --rule raw --rule ridge/raw
good import mine --add-encoder "$data/encoder"
good search mine yellow face crying with tears --rule raw --rule ridge/raw --top 1 --format csv
has '^raw:scale=22.712,'
has '^ridge/raw:scale=20,'

# Banks that a model lacks; a model's own.
good info mine
has '^stills +2236 +yes +queries +ridge$'
has '^train +234 .* videos +ridge$'
bad 1 'model ridge has no query bank .stills.' eval mine --rule ridge/ncl@stills
bad 1 'has 468 rows, but mine has 2236 rows in the bank "stills"' import mine \
    --add-bank "ridge/stills=$ridge/bank_train.npy"
good import mine --add-bank "ridge/stills=$ridge/bank_stills.npy" --add-bank "ridge/own=$ridge/bank_keywords.npy"
good eval mine --rule ridge/ncl@stills --rule ridge/ncl@own --bootstrap 0
good check mine
good info mine
has '^own +8264 +queries +base$'
bad 1 'already' import mine --add-bank "ridge/stills=$ridge/bank_stills.npy"
bad 1 'model base has no query bank .own.' eval mine --rule ncl@own

# Stored similarities beside embeddings.
"$TOOLS_DIR/npy_make" float "$ridge/queries.npy" queries.npy
"$TOOLS_DIR/npy_make" products queries.npy "$data/videos.npy" sims.npy
good import mine --add-model other --sims sims.npy
good eval mine --rule raw --rule other/raw --bootstrap 0
has '^other/raw:scale=100 +3\.2 '
good check mine
has '^counts .*, other stored similarities'

# Names that cannot be, and models that are not there.
bad 1 "unknown model 'nobody'; known: base, ridge" eval mine --rule nobody/raw
bad 2 "no model can have this name|cannot name" eval mine --rule ../raw
bad 2 "cannot name a model" import mine --add-model 'a b' --videos x --queries y
bad 2 "cannot name a model" import mine --add-model .. --videos x --queries y
bad 1 'already has a model "ridge"' import mine "${added[@]}"
bad 2 'for new collections' import mine --add-model x --texts-table texts.csv --videos x --queries y
bad 2 'queries is missing' import mine --add-model x --videos x

# A matrix of a model that was changed, and files that are not the model's.
cp -r mine broken
cp "$ridge/bank_train.npy" broken/models/ridge/queries.npy
run check broken
holds test $status = 1
has 'models/ridge/queries.npy: has 468 rows'
bad 1 'models/ridge/queries.npy: is 468 x 128' eval broken --rule raw
rm -r broken
cp -r mine broken
touch broken/models/ridge/notes.txt
run check broken
has 'models/ridge/notes.txt: is not part of the collection'
"$TOOLS_DIR/sql" broken/catalog.db "UPDATE models SET folder = '../mine' WHERE name = 'ridge'" >/dev/null
bad 1 'catalog is damaged' eval broken --rule raw
run check broken
holds test $status = 1
has 'names a model "ridge" in folder'

# Removing: nothing of the model stays, and the next takes the first's place.
good import old --remove-model ridge
holds test ! -e old/models
good check old
good eval old --rule ncl --bootstrap 0
holds cmp -s out alone
bad 2 'cannot be combined' import mine --remove-model base --add-encoder "$data/encoder"
bad 1 'has no model "nobody"' import mine --remove-model nobody
good import mine --remove-model base
has '^mine: now without model base'
good check mine
holds test ! -e mine/videos.npy -a -d mine/models/ridge
good eval mine --rule raw --bootstrap 0
has '^raw:scale=20 +3\.2 '
good import mine --remove-model other
bad 1 'has no other model than "ridge"' import mine --remove-model ridge
finish

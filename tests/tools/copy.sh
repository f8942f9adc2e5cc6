# Sourced by the tests that change a collection, compare what it says twice, or need only its beginning.
# copy_collection needs TOOLS_DIR.

# copy_collection FROM TO: a copy to write to, whole even while another test caches a fit in the original.
copy_collection() {
    mkdir "$2" && find "$1" -mindepth 1 -maxdepth 1 ! -name 'catalog.db*' -exec cp -r -t "$2" {} + &&
        chmod -R u+w "$2" &&
        "${TOOLS_DIR:?where the test tools were built}/sql" "$1/catalog.db" "VACUUM INTO '$2/catalog.db'"
}

# first_rows ROWS FROM TO: the first rows of a .npy file of float32 with 128 columns, as the sample's are
first_rows() {
    {
        head -c 10 "$2"
        printf '%-117s\n' "{'descr': '<f4', 'fortran_order': False, 'shape': ($1, 128), }"
        tail -c +129 "$2" | head -c $(($1 * 128 * 4))
    } >"$3"
}

# Sourced by the tests that change a collection, or compare what it says twice.
# Needs TOOLS_DIR.

# copy_collection FROM TO: a copy to write to, whole even while another test caches a fit in the original.
copy_collection() {
    mkdir "$2" && find "$1" -mindepth 1 -maxdepth 1 ! -name 'catalog.db*' -exec cp -r -t "$2" {} + &&
        chmod -R u+w "$2" &&
        "${TOOLS_DIR:?where the test tools were built}/sql" "$1/catalog.db" "VACUUM INTO '$2/catalog.db'"
}

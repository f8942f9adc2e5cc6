# Sourced by tests that need small or damaged .npy files.

npy() { # npy FILE DESCR SHAPE VALUES...: values are byte strings for printf, such as '\x00\x00\x80\x3f'
    local file=$1 header size
    header="{'descr': '$2', 'fortran_order': False, 'shape': $3, }"
    shift 3
    size=$((((${#header} + 11 + 63) / 64) * 64 - 10))
    {
        printf '\x93NUMPY\x01\x00'
        printf "\\x$(printf %02x $((size % 256)))\\x$(printf %02x $((size / 256)))"
        printf "%-$((size - 1))s\n" "$header"
        printf '%b' "$@"
    } >"$file"
}

one='\x00\x00\x80\x3f' half='\x00\x00\x00\x3f' zero='\x00\x00\x00\x00' nan='\x00\x00\xc0\x7f'

/* HTML's character references in text: &amp; &#8217; &#x2019; and the 2,125 other names. */
#ifndef HUBSCOPE_ENGINE_ENCODERS_REFERENCES_H
#define HUBSCOPE_ENGINE_ENCODERS_REFERENCES_H

#include <stddef.h>
#include <stdint.h>

/* Both decode every reference of `count` characters once, in place, and return how many characters remain. */

/* As browsers do: old names also without their semicolon, even at the start of longer words; numbers from 128 to 159
 * as in Windows-1252; characters that HTML does not allow are dropped. */
size_t references_decode(uint32_t *text, size_t count);

/* Only what cannot be meant otherwise, as ftfy does: a semicolon ends every reference, of at most 24 letters and
 * digits; names may be in capitals, for their character in upper case. */
size_t references_decode_certain(uint32_t *text, size_t count);

/* What Windows-1252 has in place of U+0080 to U+009F; other characters are returned unchanged. */
uint32_t references_windows(uint32_t character);

#endif

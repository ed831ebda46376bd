/*
 * oracle.h - part 2 of protocol/README.md once more, read plainly, for the fuzzers to compare with.
 *
 * It shares no code and no approach with the programs: it asks whether the bytes are a header by
 * going through the grammar from left to right, and knows no state between two calls.
 */
#ifndef ORACLE_H
#define ORACLE_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum verdict { INCOMPLETE, MALFORMED, COMPLETE };

struct header {
    const unsigned char *word;
    size_t word_length;
    long length;                        /* 0 to 99999 */
    size_t size;                        /* of the header itself, its LF included */
};

/* Clauses 2.1, 2.3: what the front of the bytes is. */
static enum verdict oracle_header(const unsigned char *bytes, size_t size, struct header *header)
{
    size_t end = 0, at = 0, digits = 0;
    while (end < size && end < 23 && bytes[end] != 0x0A)
        end++;
    if (end == 23)
        return MALFORMED;
    if (end == size)
        return INCOMPLETE;
    while (bytes[at] >= 0x41 && bytes[at] <= 0x5A)
        at++;
    header->word = bytes;
    header->word_length = at;
    if (at < 1 || at > 16 || bytes[at++] != 0x20)
        return MALFORMED;
    header->length = 0;
    while (bytes[at] >= 0x30 && bytes[at] <= 0x39 && digits < 6) {
        header->length = header->length * 10 + bytes[at++] - 0x30;
        digits++;
    }
    header->size = end + 1;
    bool leading_zero = digits > 1 && bytes[at - digits] == 0x30;
    return at == end && digits >= 1 && digits <= 5 && !leading_zero ? COMPLETE : MALFORMED;
}

/* True if the header's word is this one. */
static bool header_is(const struct header *header, const char *word)
{
    return strlen(word) == header->word_length &&
           memcmp(word, header->word, header->word_length) == 0;
}

/* Tells what is wrong and ends the run, so that libFuzzer keeps the input. */
__attribute__((noreturn, format(printf, 1, 2)))
static void fault(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fputs("FAULT: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    abort();
}

#endif

/*
 * reply_header_fuzzer - libFuzzer on what the client reads from a server: a reply's header, and the
 * forms that a reply's payload may have (clause 10.11).
 *
 * The client's source is included as it is, its main() renamed. The header is given to
 * parse_reply_header() as it grows, byte by byte, and each verdict is compared with an oracle's.
 */
#define main program_main
#include PROGRAM_UNDER_TEST
#undef main

#include "oracle.h"

/* True if bytes could still become the header of a reply, or are one. */
static bool oracle_may_become_reply(const unsigned char *bytes, size_t size)
{
    /* By trying: what may become a header has an end that makes it one. */
    static const char *const ends[] = { "OK 0\n", "K 0\n", "ERR 0\n", "RR 0\n", "R 0\n", " 0\n",
                                        "0\n", "\n", "" };
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        unsigned char whole[32];
        struct header header;
        if (size + strlen(ends[i]) > sizeof whole)
            continue;
        memcpy(whole, bytes, size);
        memcpy(whole + size, ends[i], strlen(ends[i]));
        if (oracle_header(whole, size + strlen(ends[i]), &header) == COMPLETE &&
            header.size == size + strlen(ends[i]) && header.length <= 65535 &&
            (header_is(&header, "OK") || header_is(&header, "ERR")))
            return true;
    }
    return false;
}

static void check_header(const unsigned char *data, size_t size)
{
    for (size_t count = 1; count <= size && count <= 24; count++) {
        struct reply reply = { false, NULL, 0, 0 };
        struct header header;
        char *copy = malloc(count);     /* on the heap, so that a byte read beyond is seen */
        memcpy(copy, data, count);
        int came = parse_reply_header(copy, count, &reply);
        free(copy);
        bool whole = oracle_header(data, count, &header) == COMPLETE && header.length <= 65535 &&
                     (header_is(&header, "OK") || header_is(&header, "ERR"));
        int expected = whole ? (int)header.size : oracle_may_become_reply(data, count) ? 0 : -1;
        if (came != expected)
            fault("parse_reply_header() of %zu bytes is %d, expected %d", count, came, expected);
        if (whole && ((long)reply.length != header.length || reply.ok != header_is(&header, "OK")))
            fault("parse_reply_header() read length %zu, expected %ld", reply.length, header.length);
        if (came != 0)
            return;                     /* exchange() asks no more */
    }
}

/* Clause 10.11: the forms of payloads, which must be judged without a byte read beyond them. */
static void check_payload(const unsigned char *data, size_t size)
{
    char *copy = malloc(size > 0 ? size : 1);
    memcpy(copy, data, size);
    struct reply reply = { true, copy, size, 0 };
    const char *host = NULL, *port = NULL;
    size_t host_size = 0, colons = 0, digits = 0, at = 0;
    if (parse_address(&reply, &host, &host_size, &port) &&
        (host < copy || host + host_size >= port || port >= copy + size || port[-1] != ':'))
        fault("parse_address() tells of places outside the reply");
    for (size_t i = 0; i < size; i++) {
        digits += copy[i] >= '0' && copy[i] <= '9';
        colons += copy[i] == ':';
    }
    if (all_digits(copy, size) != (size > 0 && digits == size))
        fault("all_digits() is wrong");
    while (at < size && copy[at] >= '0' && copy[at] <= '9')
        at++;
    bool form = at >= 2 && size == at + 6 && digits == size - 2 && colons == 2 &&
                copy[at] == ':' && copy[at + 3] == ':' && copy[at + 1] < '6' && copy[at + 4] < '6';
    if (is_uptime(copy, size) != form)
        fault("is_uptime() is wrong");
    free(copy);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    check_header(data, size);
    check_payload(data, size);
    return 0;
}

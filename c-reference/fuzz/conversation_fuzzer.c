/*
 * conversation_fuzzer - libFuzzer on a server's whole conversation: bytes in, bytes out.
 *
 * The server's source is included as it is (PROGRAM_UNDER_TEST names it), its main() renamed. The
 * input is given to conversation_receive() in pieces, and what comes out is taken in pieces too, as
 * a socket would. It must be what an oracle says of the bytes as one: part 2 to part 5 of
 * protocol/README.md, read plainly and without a state between two bytes.
 *
 * The conversation is fenced text, the same in both servers, so one of them stands for both.
 */
#define _POSIX_C_SOURCE 200809L
#include <time.h>

/* The server's clock, stopped: no reply may depend on how busy this machine is. */
static int stopped_clock(struct timespec *time);
#define clock_gettime(clock, time) stopped_clock(time)
#define main program_main
#include PROGRAM_UNDER_TEST
#undef main

#include "oracle.h"

enum { LONGEST_INPUT = 70000, LONGEST_OUTPUT = 8 * LONGEST_INPUT };
enum pieces { WHOLE, SINGLE_BYTES, BY_CHANCE };

static int64_t seconds_now;

static int stopped_clock(struct timespec *time)
{
    time->tv_sec = seconds_now;
    time->tv_nsec = 999999999;          /* clause 3.4: cut off, not rounded */
    return 0;
}

static const char ADDRESS[] = "203.0.113.7:50000";

/* Writes what the replies to the bytes must be, and returns its length. */
static size_t expected_replies(const unsigned char *bytes, size_t size, char *out)
{
    unsigned long long served = 0;
    size_t length = 0;
    while (size > 0) {
        struct header header;
        enum verdict verdict = oracle_header(bytes, size, &header);
        if (verdict == INCOMPLETE)
            break;
        if (verdict == MALFORMED || header.length > 65535)
            return length + (size_t)sprintf(out + length, "%s", verdict == MALFORMED ?
                "ERR 16\nmalformed header" : "ERR 17\npayload too large");
        if (size - header.size < (size_t)header.length)
            break;                      /* clause 1.4: cut short, no reply */
        const unsigned char *payload = bytes + header.size;
        bool known = header_is(&header, "ADDR") || header_is(&header, "COUNT") ||
                     header_is(&header, "UPTIME");
        if (header_is(&header, "UPPER")) {
            served++;
            length += (size_t)sprintf(out + length, "OK %ld\n", header.length);
            for (long i = 0; i < header.length; i++)
                out[length++] = (char)(payload[i] >= 0x61 && payload[i] <= 0x7A ? payload[i] - 0x20
                                                                               : payload[i]);
        } else if (!known) {
            length += (size_t)sprintf(out + length, "ERR 15\nunknown command");
        } else if (header.length > 0) {
            length += (size_t)sprintf(out + length, "ERR 18\nunexpected payload");
        } else {
            char text[64];
            served++;
            if (header_is(&header, "ADDR"))
                snprintf(text, sizeof text, "%s", ADDRESS);
            else if (header_is(&header, "COUNT"))
                snprintf(text, sizeof text, "%llu", served);
            else
                snprintf(text, sizeof text, "%02d:%02d:%02d", (int)(seconds_now / 3600),
                         (int)(seconds_now % 3600 / 60), (int)(seconds_now % 60));
            length += (size_t)sprintf(out + length, "OK %zu\n%s", strlen(text), text);
        }
        bytes += header.size + (size_t)header.length;
        size -= header.size + (size_t)header.length;
    }
    return length;
}

/* How large the next piece is, from 1 to `most`. By chance a third are single bytes. */
static size_t piece_size(enum pieces pieces, unsigned *seed, size_t most)
{
    *seed = *seed * 1103515245u + 12345u;
    unsigned chance = *seed >> 16;
    size_t wanted = pieces == WHOLE || chance % 3 == 0 ? most : chance % 3 == 1 ? 1 + chance % 40 : 1;
    if (pieces == SINGLE_BYTES)
        wanted = 1;
    return wanted < most ? wanted : most;
}

/* Has the conversation, in pieces; writes what comes out, and returns its length. */
static size_t actual_replies(const unsigned char *bytes, size_t size, enum pieces pieces,
                             unsigned seed, char *out)
{
    struct conversation talk;
    size_t length = 0;
    memset(&talk, 0, sizeof talk);
    strcpy(talk.address, ADDRESS);
    atomic_store(&requests_served, 0);
    ready_time = 0;
    while (size > 0) {
        size_t count = piece_size(pieces, &seed, size < RECEIVE_SIZE ? size : RECEIVE_SIZE);
        char *copy = malloc(count);     /* on the heap, so that a byte read beyond is seen */
        memcpy(copy, bytes, count);
        if (!conversation_receive(&talk, copy, count))
            fault("conversation_receive() says that there is no memory");
        free(copy);
        if (talk.capacity > 2 * (8 * RECEIVE_SIZE + PAYLOAD_MAX + HEADER_MAX))
            fault("a conversation stores %zu bytes, more than it promises", talk.capacity);
        while (conversation_pending(&talk) > 0) {
            size_t sent = piece_size(pieces, &seed, conversation_pending(&talk));
            memcpy(out + length, talk.output + talk.sent, sent);
            length += sent;
            conversation_sent(&talk, sent);
        }
        bytes += count;
        size -= count;
    }
    free(talk.output);
    return length;
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    /* No reply is longer than eight times its request: "A 0\n", "ERR 15\nunknown command". */
    static char expected[LONGEST_OUTPUT], actual[LONGEST_OUTPUT];
    unsigned seed = 0;
    if (size > LONGEST_INPUT)
        return -1;
    for (size_t i = 0; i < size; i++)
        seed = seed * 31 + data[i];
    seconds_now = seed % 1000000;
    size_t wanted = expected_replies(data, size, expected);
    for (enum pieces pieces = WHOLE; pieces <= BY_CHANCE; pieces++) {
        size_t came = actual_replies(data, size, pieces, seed, actual), same = 0;
        while (same < came && same < wanted && actual[same] == expected[same])
            same++;
        if (same < came || same < wanted)
            fault("%zu bytes of replies came, %zu were expected; they differ from byte %zu on",
                  came, wanted, same);
    }
    return 0;
}

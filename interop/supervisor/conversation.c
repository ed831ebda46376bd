/*
 * One asker: he says what to run, and gets what it prints, says and becomes.
 *
 * Both directions carry frames: a byte that says what it is, a length of 4 bytes (big endian), a payload.
 *
 *   from the asker   E NAME=VALUE, for LC_ALL and LANG   I bytes for the peer's stdin
 *                    A one argument                      C the end of the peer's stdin
 *                    S start it                          K a signal for it, one byte
 *                    N anything, as a question for the clock
 *                    W a question for waits, its threads' and ours
 *   to the asker     P it runs: 4 bytes, its number      O, R bytes of its stdout, of its stderr
 *                    X it ended: 4 bytes, its status     o, r the end of its stdout, of its stderr
 *                    F text: it cannot be done           Z, z it was stopped, it goes on
 *                    N the answer, with the question
 *                    W the answer: lines as tell_waits has them
 *
 * Each payload to the asker begins with the time that it tells of: 8 bytes, nanoseconds of the monotonic clock.
 *
 * Nobody can hold this process up: neither an asker who does not read nor a peer who does not. When the
 * asker goes the peer and its group are killed; when the supervisor goes, after SIGTERM and a moment.
 */
#include "supervisor.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef POLLRDHUP
#define POLLRDHUP 0             /* where there is none, an asker who goes while his bytes wait is noticed when they do not */
#endif

enum {
    HEAD = 5, STAMP = 8,
    FRAME_MAX = 1 << 20,        /* a payload */
    INPUT_MAX = 16 << 20,       /* what waits for the peer to read it */
    OUTPUT_MAX = 1 << 20,       /* what waits for the asker to read it; then the peer waits */
    PIECE_MAX = 1 << 16,        /* what is read at once; a pipe of Linux holds as much */
    CLOCK_MAX = 64,
    ARGUMENTS_MAX = 64,
    WAITS_MAX = 1 << 17,        /* some thousands of threads */
    SIGNALLED = 128,
    FAREWELL_MS = 5000          /* what an asker gets to close his end, when all is said */
};

#define LAST_WORDS INT64_C(2000000000)  /* nanoseconds that a peer gets after SIGTERM */

/* ---------------------------------------------- the state ------------------------------------ */

static struct peer peer = { .id = 0, .input = -1, .output = -1, .errors = -1 };
static char **to_run;                           /* the registry's command */
static char *arguments[ARGUMENTS_MAX + 1];
static size_t argument_count;
static bool is_started, has_ended, is_input_over;
static bool is_full;                            /* there is no room for the asker's next frame: he has to wait */
static bool is_over;                            /* all is said: what still comes from the asker is dropped */

static struct bytes from_asker, to_asker, to_peer;

/* Puts bytes to those that wait. Without memory for them the asker sees the end, and nobody is left behind. */
static void keep(struct bytes *bytes, const void *more, size_t length)
{
    if (append(bytes, more, length))
        return;
    if (is_started)
        end_peer(&peer);
    _exit(1);
}

static void put_number(unsigned char *to, uint64_t number, int size)
{
    for (int i = size; i-- > 0; number >>= 8)
        to[i] = (unsigned char)number;
}

static void tell(char type, int64_t when, const void *payload, size_t length)
{
    unsigned char head[HEAD + STAMP] = { (unsigned char)type };
    put_number(head + 1, STAMP + length, 4);
    put_number(head + HEAD, (uint64_t)when, STAMP);
    keep(&to_asker, head, sizeof head);
    keep(&to_asker, payload, length);
}

static void tell_number(char type, int64_t when, int number)
{
    unsigned char payload[4];
    put_number(payload, (uint32_t)number, sizeof payload);
    tell(type, when, payload, sizeof payload);
}

static void close_end(int *end)
{
    if (*end >= 0)
        close(*end);
    *end = -1;
}

/* Ends the conversation with a sentence about why. */
static void refuse(const char *why)
{
    if (is_started)
        end_peer(&peer);
    is_started = false;
    close_end(&peer.input);
    close_end(&peer.output);
    close_end(&peer.errors);
    tell('F', monotonic(), why, strlen(why));
    is_over = true;
}

/* ---------------------------------------------- the peer ------------------------------------- */

/* Takes what the peer printed, to tell of it as of `when`, 0 for now; false if there is nothing more now. */
static bool take_output(int *end, char type, char end_type, int64_t when)
{
    static unsigned char piece[PIECE_MAX];
    ssize_t length = *end >= 0 ? read(*end, piece, sizeof piece) : -1;
    if (*end < 0 || (length < 0 && (errno == EAGAIN || errno == EINTR)))
        return false;
    tell(length > 0 ? type : end_type, when != 0 ? when : monotonic(), piece, length > 0 ? (size_t)length : 0);
    if (length <= 0)
        close_end(end);
    return length > 0;
}

/* Takes all that the peer can have left in its pipes; what another process adds without end is not awaited. */
static void take_the_rest(int64_t when)
{
    for (int i = 0; i < FRAME_MAX / PIECE_MAX && take_output(&peer.output, 'O', 'o', when); i++) {
        /* the next piece */
    }
    for (int i = 0; i < FRAME_MAX / PIECE_MAX && take_output(&peer.errors, 'R', 'r', when); i++) {
        /* the next piece */
    }
}

/* Tells what has become of the peer. That it ended is only looked at: reaped, its number could become another's. */
static void look_at_peer(void)
{
    siginfo_t news = { .si_pid = 0 };
    while (waitid(P_PID, (id_t)peer.id, &news, WSTOPPED | WCONTINUED | WNOHANG) == 0 && news.si_pid == peer.id) {
        tell(news.si_code == CLD_CONTINUED ? 'z' : 'Z', monotonic(), "", 0);
        news.si_pid = 0;
    }
    news.si_pid = 0;
    if (waitid(P_PID, (id_t)peer.id, &news, WEXITED | WNOHANG | WNOWAIT) != 0 || news.si_pid != peer.id)
        return;
    int64_t now = monotonic();
    take_the_rest(now);
    tell_number('X', now, news.si_code == CLD_EXITED ? news.si_status : SIGNALLED + news.si_status);
    has_ended = true;
}

/* Gives the peer what its pipe takes of its stdin, and the end when it is due. */
static void feed_peer(void)
{
    while (peer.input >= 0 && to_peer.length > 0) {
        ssize_t length = write(peer.input, to_peer.room + to_peer.start, to_peer.length);
        if (length < 0 && errno == EAGAIN)
            return;
        if (length < 0 && errno != EINTR)
            close_end(&peer.input);     /* it reads no more */
        else if (length > 0)
            drop(&to_peer, (size_t)length);
    }
    if (peer.input < 0)
        drop(&to_peer, to_peer.length);
    else if (is_input_over)
        close_end(&peer.input);
}

static void start(void)
{
    char reason[512], **command = command_with(to_run, arguments);
    int error = command != NULL ? start_peer(&peer, command) : ENOMEM;
    is_started = error == 0;
    snprintf(reason, sizeof reason, "'%s' cannot be started: %s", to_run[0], strerror(error));
    if (is_started)
        tell_number('P', monotonic(), peer.id);
    else
        refuse(reason);
    free(command);
}

/* ---------------------------------------------- the asker ------------------------------------ */

/* Does what a frame says; returns what is wrong with it, or NULL. */
static const char *obey(unsigned char type, const unsigned char *payload, size_t length)
{
    static const char TOO_EARLY[] = "I, C, K and W are for a program that was started";
    static const char TOO_LATE[] = "E, A and S come before the program is started";
    static char waits[WAITS_MAX];
    size_t told;
    char *text;
    if (is_started && (type == 'E' || type == 'A' || type == 'S'))
        return TOO_LATE;
    if (!is_started && (type == 'I' || type == 'C' || type == 'K' || type == 'W'))
        return TOO_EARLY;
    if (length > 0 && (type == 'S' || type == 'C' || type == 'W'))
        return "S, C and W have no payload";
    switch (type) {
    case 'E':
    case 'A':
        if (memchr(payload, '\0', length) != NULL || (text = strndup((const char *)payload, length)) == NULL)
            return "a text has no byte 0";
        if (type == 'E')        /* the text becomes part of the environment */
            return strncmp(text, "LC_ALL=", 7) != 0 && strncmp(text, "LANG=", 5) != 0 ? "only LC_ALL and LANG can be set"
                : putenv(text) != 0 ? strerror(errno) : NULL;
        if (argument_count == ARGUMENTS_MAX)
            return "there are too many arguments";
        arguments[argument_count++] = text;
        return NULL;
    case 'S':
        start();
        return NULL;
    case 'I':
        if (is_input_over)
            return "the program's stdin was ended before";
        keep(&to_peer, payload, length);
        return NULL;
    case 'C':
        is_input_over = true;
        return NULL;
    case 'K':
        return length != 1 || payload[0] == 0 || kill(peer.id, payload[0]) != 0 ? "there is no such signal" : NULL;
    case 'N':
        if (length > CLOCK_MAX)
            return "a question for the clock has at most 64 bytes";
        tell('N', monotonic(), payload, length);
        return NULL;
    case 'W':
        told = tell_waits(getpid(), waits, sizeof waits);       /* for what we wait, the peer and the asker wait too */
        tell('W', monotonic(), waits, told + tell_waits(peer.id, waits + told, sizeof waits - told));
        return NULL;
    default:
        return "there is no such frame";
    }
}

/* Obeys the frames that have come whole, as far as there is room for what they bring; false if the asker is to be cut off. */
static bool obey_all(void)
{
    is_full = false;
    while (!is_over && from_asker.length >= HEAD) {
        const unsigned char *frame = from_asker.room + from_asker.start;
        size_t length = (size_t)frame[1] << 24 | (size_t)frame[2] << 16 | (size_t)frame[3] << 8 | frame[4];
        if (length > FRAME_MAX)
            return false;
        if (from_asker.length < HEAD + length)
            break;
        is_full = (frame[0] == 'I' && to_peer.length + length > INPUT_MAX) || ((frame[0] == 'N' || frame[0] == 'W') && to_asker.length > OUTPUT_MAX);
        if (is_full)
            break;
        const char *wrong = obey(frame[0], frame + HEAD, length);
        drop(&from_asker, HEAD + length);
        if (wrong != NULL)
            refuse(wrong);
    }
    if (is_over)
        drop(&from_asker, from_asker.length);
    return true;
}

/* Reads from the asker; false if he is gone. */
static bool hear(int asker)
{
    static unsigned char piece[PIECE_MAX];
    ssize_t length = recv(asker, piece, sizeof piece, 0);
    if (length > 0)
        keep(&from_asker, piece, (size_t)length);
    return length > 0 || (length < 0 && (errno == EAGAIN || errno == EINTR));
}

/* Writes to the asker what he takes; false if he is gone. */
static bool speak(int asker)
{
    while (to_asker.length > 0) {
        ssize_t length = send(asker, to_asker.room + to_asker.start, to_asker.length, MSG_NOSIGNAL);
        if (length < 0)
            return errno == EAGAIN || errno == EINTR;
        drop(&to_asker, (size_t)length);
    }
    return true;
}

/*
 * An asker whose machine vanished is noticed in 90 s, where the system can be told so. By the same probes
 * also one is noticed, some minutes later, who went with so much unsent that his end cannot come through.
 */
static void set_options(int asker)
{
    int yes = 1;
    setsockopt(asker, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    setsockopt(asker, SOL_SOCKET, SO_KEEPALIVE, &yes, sizeof yes);
#if defined TCP_KEEPIDLE && defined TCP_KEEPINTVL && defined TCP_KEEPCNT
    int idle = 60, interval = 10, probes = 3;
    setsockopt(asker, IPPROTO_TCP, TCP_KEEPIDLE, &idle, sizeof idle);
    setsockopt(asker, IPPROTO_TCP, TCP_KEEPINTVL, &interval, sizeof interval);
    setsockopt(asker, IPPROTO_TCP, TCP_KEEPCNT, &probes, sizeof probes);
#endif
}

/*
 * The supervisor was told to end, and passes that on: the peer gets a moment to say goodbye. What it prints is
 * dropped, so that it is not held up: the asker goes as well, or knows of it.
 */
static void let_end(int wake)
{
    const int64_t limit = monotonic() + LAST_WORDS;
    kill(peer.id, SIGTERM);
    for (int64_t left; (left = limit - monotonic()) > 0;) {
        static unsigned char dropped[PIECE_MAX];
        siginfo_t news = { .si_pid = 0 };
        if (waitid(P_PID, (id_t)peer.id, &news, WEXITED | WNOHANG | WNOWAIT) != 0 || news.si_pid == peer.id)
            return;
        struct pollfd waits[] = { { wake, POLLIN, 0 }, { peer.output, POLLIN, 0 }, { peer.errors, POLLIN, 0 } };
        if (poll(waits, 3, (int)(left / 1000000) + 1) <= 0)
            continue;
        while (read(wake, dropped, sizeof dropped) > 0) {
            /* SIGCHLD: it is looked for above */
        }
        if (waits[1].revents != 0 && read(peer.output, dropped, sizeof dropped) == 0)
            close_end(&peer.output);
        if (waits[2].revents != 0 && read(peer.errors, dropped, sizeof dropped) == 0)
            close_end(&peer.errors);
    }
}

/* --------------------------------------------- the method ------------------------------------ */

/* Talks with an asker until he, or the supervisor at the other end of the bond, is gone. */
static void talk(int asker, int bond, int wake)
{
    enum { WAKE, BOND, ASKER, INPUT, OUTPUT, ERRORS, WAITS };
    bool is_silent = false;
    for (;;) {
        bool takes_output = to_asker.length < OUTPUT_MAX;
        struct pollfd waits[WAITS] = {
            [WAKE] = { .fd = wake, .events = POLLIN },
            [BOND] = { .fd = bond, .events = POLLIN },
            [ASKER] = { .fd = asker, .events = (short)((is_full ? POLLRDHUP : POLLIN) | (to_asker.length > 0 ? POLLOUT : 0)) },
            [INPUT] = { .fd = to_peer.length > 0 ? peer.input : -1, .events = POLLOUT },
            [OUTPUT] = { .fd = takes_output ? peer.output : -1, .events = POLLIN },
            [ERRORS] = { .fd = takes_output ? peer.errors : -1, .events = POLLIN },
        };
        int ready = poll(waits, WAITS, is_silent ? FAREWELL_MS : -1);
        if (ready < 0 && errno == EINTR)
            continue;
        if (ready > 0 && waits[BOND].revents != 0 && is_started && !has_ended)
            let_end(wake);
        if (ready <= 0 || waits[BOND].revents != 0)
            return;
        if (waits[WAKE].revents != 0) {
            char signals[64];
            while (read(wake, signals, sizeof signals) > 0) {
                /* SIGCHLD, by which the peer is looked at below; others are not for us */
            }
        }
        if (waits[OUTPUT].revents != 0)
            take_output(&peer.output, 'O', 'o', 0);
        if (waits[ERRORS].revents != 0)
            take_output(&peer.errors, 'R', 'r', 0);
        if ((waits[ASKER].revents & ~POLLOUT) != 0 && (is_full || !hear(asker)))
            return;
        feed_peer();
        if (!obey_all())
            return;
        feed_peer();
        if (waits[WAKE].revents != 0 && is_started && !has_ended)
            look_at_peer();
        if (has_ended && peer.output < 0 && peer.errors < 0) {
            is_over = true;
            is_full = false;
        }
        if (!speak(asker))
            return;
        /* What was held back because there was no room can go on now that there is: nothing else would wake us for it. */
        for (size_t waiting = from_asker.length + 1; is_full && from_asker.length < waiting;) {
            waiting = from_asker.length;
            if (!obey_all())
                return;
            feed_peer();
            if (!speak(asker))
                return;
        }
        if (is_over && !is_silent && to_asker.length == 0) {
            shutdown(asker, SHUT_WR);   /* closed now, with bytes of his unread, he might lose what we said */
            is_silent = true;
        }
    }
}

void converse(int asker, int bond, int wake, char **command)
{
    to_run = command;
    set_nonblocking(asker);
    set_options(asker);
    talk(asker, bond, wake);
    if (is_started)
        end_peer(&peer);
}

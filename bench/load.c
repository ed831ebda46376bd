/*
 * load - asks an EasyTCP/1 server as fast as it can be asked, checks every reply, and says how long each took. For the
 * benchmark; one thread around epoll, so that it fits on a core of its own. It shares no code with any server.
 *
 *   load loop  PORT SERVER CONNECTIONS OUTSTANDING [IDLE]
 *              connects, says so, and then asks for each line "WARM SECONDS" of its stdin, until that ends, in a closed loop:
 *              each connection has so many requests under way, for WARM seconds untimed and then for SECONDS. IDLE more are
 *              connected and ask nothing
 *   load burst PORT SERVER CLIENTS OPEN
 *              fresh clients connect, ask once, read the reply and close; at most OPEN at once
 *   load storm PORT SERVER CLIENTS
 *              all connect, and only when each is connected, or was refused, do they ask once, read the reply and close
 *
 * SERVER is its process, whose processor time is told beside this program's own; 0 for none. Whoever is to stay connected has
 * been answered once, untimed: only then has the server taken him; who was idle is asked once more at the end. What was measured
 * is one line of JSON: replies, latencies and processor time of that time, and in "all" the replies since its start. Latencies
 * are in nanoseconds on the monotonic clock, all else in seconds. Exit 0 if all replies were right, 1 if one was wrong or lost, 2 for wrong arguments, 3 if it could not do its
 * work. It ends by itself, or with its stdin.
 *
 * Build: gcc -O2 load.c -o load
 */
#define _GNU_SOURCE                     /* epoll, IP_BIND_ADDRESS_NO_PORT */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define SECOND INT64_C(1000000000)

enum {
    WRONG_USAGE = 2,
    NO_WORK = 3,
    OUTSTANDING_MAX = 16,
    PAYLOAD = 32,
    REQUEST = 9 + PAYLOAD,              /* "UPPER 32\n" */
    REPLY = 6 + PAYLOAD,                /* "OK 32\n" */
    SOURCES = 16,                       /* so many addresses to connect from: each has its own ports */
    PATIENCE = 30,                      /* seconds that nothing may happen for */
    LONGEST = 3600,                     /* seconds that may be asked for */
    EVENTS = 1024
};

struct connection {
    int descriptor;                     /* -1: closed */
    uint32_t number;
    uint64_t asked, told;               /* requests sent, replies read */
    int64_t asked_at[OUTSTANDING_MAX];
    bool writes;                        /* the queue waits for room to send */
    size_t in_count, out_count;
    char in[OUTSTANDING_MAX * REPLY], out[OUTSTANDING_MAX * REQUEST];
};

static unsigned short port;
static int queue;
static struct connection *all;
static pid_t server;
static uint64_t replies, wrong, refused, open_now;
static int64_t last_event;
static int64_t timed_from = INT64_MAX;  /* the latency of what is asked from then on counts, however late the reply */

static int64_t monotonic(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * SECOND + now.tv_nsec;
}

static void give_up(const char *what)
{
    if (errno == 0)
        fprintf(stderr, "load: %s\n", what);
    else
        fprintf(stderr, "load: %s: %s\n", what, strerror(errno));
    exit(NO_WORK);
}

/* The processor time of a process in seconds, with that of its threads which have ended. */
static double processor_time(pid_t process)
{
    clockid_t clock = CLOCK_PROCESS_CPUTIME_ID;
    struct timespec time;
    errno = process == getpid() ? 0 : clock_getcpuclockid(process, &clock);
    if (errno != 0 || clock_gettime(clock, &time) < 0)
        give_up("the server's processor time");
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/* ------------------------------------------- latencies --------------------------------------- */

/* Log-linear: 64 steps an octave, so that a figure is at most 1.6 % above the true one. */
enum { STEPS = 64, OCTAVES = 40 };
static uint64_t histogram[OCTAVES * STEPS];
static int64_t longest;

static void note_latency(int64_t nanoseconds)
{
    uint64_t value = nanoseconds > 0 ? (uint64_t)nanoseconds : 0;
    int octave = 0;
    while (value >> octave >= 2 * STEPS)
        octave++;
    size_t place = octave == 0 ? value : (size_t)octave * STEPS + (value >> octave);
    histogram[place < OCTAVES * STEPS ? place : OCTAVES * STEPS - 1]++;
    longest = nanoseconds > longest ? nanoseconds : longest;
}

static double percentile(double share)
{
    uint64_t count = 0, seen = 0;
    for (size_t i = 0; i < OCTAVES * STEPS; i++)
        count += histogram[i];
    for (size_t i = 0; i < OCTAVES * STEPS; i++) {
        seen += histogram[i];
        if (count > 0 && (double)seen >= share * (double)count) {
            size_t octave = i < 2 * STEPS ? 0 : i / STEPS - 1;
            double upper = (double)((uint64_t)(i - octave * STEPS + 1) << octave);
            return upper < (double)longest ? upper : (double)longest;
        }
    }
    return 0;
}

/* ------------------------------------------- connections ------------------------------------- */

/* What is asked, and what the reply to it must be: no two of a connection's requests are alike. */
static const char asked_form[] = "UPPER 32\nask 0000000 no. 0000000000 okay?", told_form[] = "OK 32\nASK 0000000 NO. 0000000000 OKAY?";

/* In decimal, with zeros before it; by hand, for this is what the generator does most. */
static void write_number(char *text, int digits, uint64_t value)
{
    for (; digits > 0; value /= 10)
        text[--digits] = (char)('0' + value % 10);
}

static void write_message(const struct connection *connection, uint64_t count, const char *form, size_t size, char *text)
{
    memcpy(text, form, size);
    write_number(text + size - PAYLOAD + 4, 7, connection->number);
    write_number(text + size - PAYLOAD + 16, 10, count);
}

static void write_request(const struct connection *connection, uint64_t count, char *text)
{
    write_message(connection, count, asked_form, REQUEST, text);
}

static bool is_right(const struct connection *connection, const char *reply)
{
    char expected[REPLY];
    write_message(connection, connection->told, told_form, REPLY, expected);
    return memcmp(reply, expected, REPLY) == 0;
}

static void control(int operation, struct connection *connection, uint32_t events)
{
    struct epoll_event event = { .events = events, .data.ptr = connection };
    if (epoll_ctl(queue, operation, connection->descriptor, &event) < 0)
        give_up("epoll_ctl");
}

/* Begins to connect. False if there is no descriptor or port left. */
static bool connect_one(struct connection *connection)
{
    struct sockaddr_in address = { .sin_family = AF_INET };
    int on = 1;
    connection->descriptor = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (connection->descriptor < 0)
        return false;
    setsockopt(connection->descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    setsockopt(connection->descriptor, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK + 1 + connection->number % SOURCES);
    if (bind(connection->descriptor, (struct sockaddr *)&address, sizeof address) < 0)
        give_up("bind");
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    if (connect(connection->descriptor, (struct sockaddr *)&address, sizeof address) < 0 && errno != EINPROGRESS) {
        close(connection->descriptor);
        connection->descriptor = -1;
        return false;
    }
    open_now++;
    connection->writes = true;
    control(EPOLL_CTL_ADD, connection, EPOLLOUT);       /* connected, when there is room */
    return true;
}

static void close_one(struct connection *connection)
{
    close(connection->descriptor);
    connection->descriptor = -1;
    open_now--;
}

/* Sends what waits. False if the connection is broken. */
static bool send_waiting(struct connection *connection)
{
    while (connection->out_count > 0) {
        ssize_t count = send(connection->descriptor, connection->out, connection->out_count, MSG_NOSIGNAL);
        if (count < 0 && errno != EAGAIN)
            return false;
        if (count < 0)
            break;
        connection->out_count -= (size_t)count;
        memmove(connection->out, connection->out + count, connection->out_count);
    }
    bool writes = connection->out_count > 0;
    if (writes != connection->writes)
        control(EPOLL_CTL_MOD, connection, writes ? EPOLLOUT : EPOLLIN);
    connection->writes = writes;
    return true;
}

static void ask(struct connection *connection, int count, int64_t now)
{
    for (int i = 0; i < count; i++) {
        connection->asked_at[connection->asked % OUTSTANDING_MAX] = now;
        write_request(connection, connection->asked++, connection->out + connection->out_count);
        connection->out_count += REQUEST;
    }
}

/* Reads replies. Returns how many whole ones came; -1 if the connection has ended. */
static int read_replies(struct connection *connection)
{
    errno = 0;                          /* of an end there is none */
    ssize_t count = recv(connection->descriptor, connection->in + connection->in_count,
                         sizeof connection->in - connection->in_count, 0);
    if (count <= 0)
        return count < 0 && errno == EAGAIN ? 0 : -1;
    connection->in_count += (size_t)count;
    int whole = (int)(connection->in_count / REPLY);
    int64_t now = monotonic();
    for (int i = 0; i < whole; i++) {
        wrong += !is_right(connection, connection->in + i * REPLY);
        int64_t asked_at = connection->asked_at[connection->told % OUTSTANDING_MAX];
        if (asked_at >= timed_from)
            note_latency(now - asked_at);
        connection->told++;
        replies++;
    }
    connection->in_count -= (size_t)whole * REPLY;
    memmove(connection->in, connection->in + whole * REPLY, connection->in_count);
    return whole;
}

/* Waits for events; ends the program if nothing happens for too long. */
static int wait_for_events(struct epoll_event events[EVENTS], int64_t until)
{
    int64_t left = until - monotonic();
    int count = epoll_wait(queue, events, EVENTS, left > SECOND ? 1000 : left > 0 ? (int)(left / 1000000) + 1 : 0);
    int64_t now = monotonic();
    if (count > 0)
        last_event = now;
    if (now - last_event > PATIENCE * SECOND) {
        errno = ETIMEDOUT;
        give_up("the server does nothing any more");
    }
    return count > 0 ? count : 0;
}

/* ---------------------------------------------- modes ---------------------------------------- */

/* A time that is measured: between its begin and its end latencies count. */
struct window {
    int64_t at;
    uint64_t replies;
    double own, servers;
};

static struct window now_of(void)
{
    return (struct window){ monotonic(), replies, processor_time(getpid()), server > 0 ? processor_time(server) : 0 };
}

/* One line: what was asked and told meanwhile, and what it cost. */
static int report(struct window begin, struct window end, uint64_t lost, const char *more)
{
    printf("{\"replies\": %llu, \"seconds\": %.6f, \"p50\": %.0f, \"p99\": %.0f, \"p999\": %.0f, \"max\": %lld, \"wrong\": %llu, "
           "\"lost\": %llu, \"refused\": %llu, \"cpu\": %.9f, \"serverCpu\": %.9f, \"all\": %llu%s}\n",
           (unsigned long long)(end.replies - begin.replies), (double)(end.at - begin.at) / 1e9, percentile(0.5), percentile(0.99),
           percentile(0.999), (long long)longest, (unsigned long long)wrong, (unsigned long long)lost, (unsigned long long)refused,
           end.own - begin.own, end.servers - begin.servers, (unsigned long long)replies, more);
    return wrong + lost > 0;
}

/* Connects `count`, a few hundred at a time so that no queue of the system's overflows, and has each answered once. */
static void connect_all(struct connection *first, uint64_t count, bool isWatched)
{
    struct epoll_event events[EVENTS];
    uint64_t begun = 0, done = 0;
    while (done < count) {
        for (; begun < count && begun - done < 256; begun++)
            if (!connect_one(&first[begun]))
                give_up("cannot connect");
        int ready = wait_for_events(events, monotonic() + SECOND);
        for (int i = 0; i < ready; i++) {
            struct connection *connection = events[i].data.ptr;
            if (connection->asked == 0)
                ask(connection, 1, 0);
            errno = 0;
            int whole = connection->writes ? 0 : read_replies(connection);
            if (whole < 0 || (events[i].events & EPOLLERR) || !send_waiting(connection))
                give_up("a connection was refused or closed");
            if (whole == 0)
                continue;
            done++;
            if (!isWatched)
                control(EPOLL_CTL_DEL, connection, 0);
        }
    }
}

/* Asks those who were idle once more, a few hundred at a time. Returns how many had been dropped, or are not answered. */
static uint64_t ask_again(struct connection *first, uint64_t count)
{
    struct epoll_event events[EVENTS];
    uint64_t begun = 0, done = 0, lost = 0;
    last_event = monotonic();
    while (done < count) {
        for (; begun < count && begun - done < 256; begun++) {
            control(EPOLL_CTL_ADD, &first[begun], EPOLLIN);
            ask(&first[begun], 1, 0);
            if (!send_waiting(&first[begun])) {
                close_one(&first[begun]);
                lost++, done++;
            }
        }
        int ready = wait_for_events(events, monotonic() + SECOND);
        for (int i = 0; i < ready; i++) {
            struct connection *connection = events[i].data.ptr;
            int whole = connection->descriptor < 0 ? 0 : read_replies(connection);
            if (whole < 0)
                lost++;
            if (whole != 0) {
                close_one(connection);
                done++;
            }
        }
    }
    return lost;
}

/* Asks for a while. Returns how many of its requests were not answered, or not rightly. */
static uint64_t ask_for(uint64_t count, int outstanding, double warm, double seconds)
{
    struct epoll_event events[EVENTS];
    struct window begin = { 0 }, end = { 0 };
    memset(histogram, 0, sizeof histogram);
    longest = 0;
    wrong = 0;
    timed_from = INT64_MAX;
    for (uint64_t i = 0; i < count; i++) {
        ask(&all[i], outstanding, monotonic());
        if (!send_waiting(&all[i]))
            give_up("send");
    }
    int64_t now = monotonic(), from = now + (int64_t)(warm * 1e9), until = from + (int64_t)(seconds * 1e9);
    uint64_t under_way = count * (uint64_t)outstanding;
    last_event = now;
    while (under_way > 0 && now < until + PATIENCE * SECOND) {
        int ready = wait_for_events(events, now < from ? from : now < until ? until : now + SECOND);
        now = monotonic();
        if (begin.at == 0 && now >= from) {
            begin = now_of();
            timed_from = begin.at;
        }
        if (end.at == 0 && now >= until)
            end = now_of();             /* what comes later was asked in time: it is checked and timed, but not counted */
        for (int i = 0; i < ready; i++) {
            struct connection *connection = events[i].data.ptr;
            int whole = connection->writes ? 0 : read_replies(connection);
            if (whole < 0)
                give_up("the server closed a connection");
            under_way -= (uint64_t)whole;
            if (now < until && whole > 0) {
                ask(connection, whole, monotonic());
                under_way += (uint64_t)whole;
            }
            if (!send_waiting(connection))
                give_up("send");
        }
    }
    report(begin, end.at > 0 ? end : now_of(), under_way, "");
    fflush(stdout);
    return under_way + wrong;
}

/* Asks again and again, with the same connections, as often as it is told to. */
static int loop(uint64_t count, int outstanding, uint64_t idle)
{
    char line[64];
    double warm, seconds;
    connect_all(all + count, idle, false);
    connect_all(all, count, true);
    uint64_t faults = wrong;
    printf("{\"connected\": %llu}\n", (unsigned long long)(count + idle));
    fflush(stdout);
    while (faults == 0 && fgets(line, sizeof line, stdin) != NULL) {
        if (sscanf(line, "%lf %lf", &warm, &seconds) != 2 || !(warm >= 0 && warm <= LONGEST && seconds > 0 && seconds <= LONGEST)) {
            fprintf(stderr, "load: a line of its stdin is not 'WARM SECONDS', each at most %d\n", LONGEST);
            return WRONG_USAGE;
        }
        faults = ask_for(count, outstanding, warm, seconds);
    }
    for (uint64_t i = 0; i < count; i++)
        close_one(&all[i]);
    faults += ask_again(all + count, idle);
    return faults + wrong > 0;
}

/* Clients come, ask once and go. One that is closed without a reply was refused; it is counted, and no fault. */
static int burst(uint64_t count, uint64_t open_most)
{
    enum { POINTS = 50 };
    struct epoll_event events[EVENTS];
    int64_t points[POINTS + 1];
    uint64_t begun = 0, done = 0, point = 0;
    struct window start = now_of();
    timed_from = 0;
    while (done < count) {
        for (int batch = 0; begun < count && open_now < open_most && batch < 256; batch++) {
            all[begun].asked_at[0] = monotonic();
            if (!connect_one(&all[begun])) {
                if (open_now == 0)
                    give_up("cannot connect");
                break;                  /* no descriptor or port: others have to go first */
            }
            begun++;
        }
        int ready = wait_for_events(events, monotonic() + SECOND / 100);
        for (int i = 0; i < ready; i++) {
            struct connection *connection = events[i].data.ptr;
            int whole = 0;
            if (connection->writes && connection->asked == 0 && !(events[i].events & (EPOLLERR | EPOLLHUP)))
                ask(connection, 1, connection->asked_at[0]);    /* timed from its connect on */
            else if (!connection->writes || (events[i].events & (EPOLLERR | EPOLLHUP)))
                whole = read_replies(connection);
            if (whole < 0 || (whole == 0 && !send_waiting(connection)))
                refused++;
            else if (whole == 0)
                continue;
            close_one(connection);
            done++;
            for (; point <= POINTS && replies >= point * count / POINTS; point++)
                points[point] = monotonic() - start.at;
        }
    }
    char more[64 + 24 * (POINTS + 1)];
    int length = snprintf(more, sizeof more, ", \"done\": [");
    for (uint64_t i = 0; i < point; i++)
        length += snprintf(more + length, sizeof more - (size_t)length, "%s%.6f", i > 0 ? ", " : "", (double)points[i] / 1e9);
    snprintf(more + length, sizeof more - (size_t)length, "]");
    return report(start, now_of(), 0, more);
}

/* All are there at once. Who is closed before he is answered was refused; he is counted, and no fault. */
static int storm(uint64_t count)
{
    struct epoll_event events[EVENTS];
    uint64_t begun = 0, settled = 0, done = 0;  /* settled: connected, or refused */
    struct window start = now_of();
    timed_from = 0;
    while (done < count) {
        for (int batch = 0; begun < count && batch < 256; batch++, begun++)
            if (!connect_one(&all[begun]))
                give_up("cannot connect");
        bool was_settled = settled == count;
        int ready = wait_for_events(events, monotonic() + SECOND / 100);
        for (int i = 0; i < ready; i++) {
            struct connection *connection = events[i].data.ptr;
            bool is_new = connection->writes && connection->asked == 0;
            bool is_broken = (events[i].events & (EPOLLERR | EPOLLHUP)) != 0;
            int whole = is_new && !is_broken ? 0 : is_broken ? -1 : connection->writes ? (send_waiting(connection) ? 0 : -1) : read_replies(connection);
            settled += is_new;
            if (is_new && !is_broken) {
                connection->writes = false;
                control(EPOLL_CTL_MOD, connection, EPOLLIN);
            }
            refused += whole < 0;
            if (whole != 0) {
                close_one(connection);
                done++;
            }
        }
        for (uint64_t i = 0; !was_settled && settled == count && i < count; i++) {
            if (all[i].descriptor >= 0) {
                ask(&all[i], 1, monotonic());
                if (!send_waiting(&all[i])) {
                    close_one(&all[i]);
                    refused++, done++;
                }
            }
        }
    }
    return report(start, now_of(), 0, "");
}

/* A number from 0 to a most; ends the program for anything else. */
static double number(const char *text, double most)
{
    char *end;
    double value = strtod(text, &end);
    if (*text < '0' || *text > '9' || *end != '\0' || !(value <= most)) {
        fprintf(stderr, "load: '%s' is no number from 0 to %.0f\n", text, most);
        exit(WRONG_USAGE);
    }
    return value;
}

int main(int argc, char **argv)
{
    enum { MOST = 1000000 };
    const char *mode = argc > 1 ? argv[1] : "";
    bool isLoop = strcmp(mode, "loop") == 0 && (argc == 6 || argc == 7);
    bool isBurst = strcmp(mode, "burst") == 0 && argc == 6, isStorm = strcmp(mode, "storm") == 0 && argc == 5;
    if (!isLoop && !isBurst && !isStorm) {
        fputs("Usage: load loop PORT SERVER CONNECTIONS OUTSTANDING [IDLE]\n       load burst PORT SERVER CLIENTS OPEN\n"
              "       load storm PORT SERVER CLIENTS\n", stderr);
        return WRONG_USAGE;
    }
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
    port = (unsigned short)number(argv[2], 65535);
    server = (pid_t)number(argv[3], INT32_MAX);
    uint64_t count = (uint64_t)number(argv[4], MOST), idle = argc == 7 ? (uint64_t)number(argv[6], MOST) : 0;
    all = calloc(count + idle, sizeof *all);
    queue = epoll_create1(EPOLL_CLOEXEC);
    if (count + idle == 0 || all == NULL || queue < 0)
        give_up("no connections to make");
    for (uint64_t i = 0; i < count + idle; i++)
        all[i].number = (uint32_t)i;
    last_event = monotonic();
    return isLoop ? loop(count, (int)number(argv[5], OUTSTANDING_MAX), idle)
         : isBurst ? burst(count, (uint64_t)number(argv[5], MOST))
         : storm(count);
}

/*
 * EasyTCPClient - the EasyTCP/1 client: a menu, worked from stdin. The C reference.
 *
 * For whoever learns sockets: main() at the end is the whole program on one screen; above it come
 * the exchange of a request and its reply, the connecting, and what a reply may look like. Every
 * wait of the program, for the server as for the keyboard, is in wait_for(): that is why a signal
 * can end it at any point. What is between fences ("shared: ...") is the same in the servers.
 *
 * "Clause 4.1" means that clause of protocol/README.md.
 *
 * Build: gcc EasyTCPClient.c -o EasyTCPClient
 */

/* ==== shared: portability ==== */
#define _POSIX_C_SOURCE 200809L
#define _DARWIN_C_SOURCE        /* macOS hides SOMAXCONN and more behind POSIX alone */
/* ==== end shared: portability ==== */

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define PROGRAM "EasyTCPClient"

/* ==== shared: protocol ==== */
enum {
    DEFAULT_PORT = 12000,
    PORT_MAX = 65535,
    COMMAND_MAX = 16,
    HEADER_MAX = 23,            /* clause 2.1: 16 letters, SP, 5 digits, LF */
    PAYLOAD_MAX = 65535,        /* clause 2.2 */
    ADDRESS_SIZE = sizeof "[]:65535" + INET6_ADDRSTRLEN
};
/* ==== end shared: protocol ==== */

static const char USAGE[] =
    "Usage: " PROGRAM " [host] [port]\n"
    "  host    the server's name, IPv4 or IPv6 address (localhost)\n"
    "  port    the server's TCP port, 1 to 65535 (12000)\n"
    "  --help  print this text\n";

static const char MENU[] =
    "<Menu>\n"
    "1) convert text to UPPER-case\n"
    "2) get my IP address and port number\n"
    "3) get server request count\n"
    "4) get server running time\n"
    "5) exit\n"
    "Input option: ";

/* ------------------------------------ clock, console, signals -------------------------------- */

/* ==== shared: clock ==== */
#define SECOND INT64_C(1000000000)      /* all times are whole nanoseconds */

/* The monotonic clock: it never jumps, whatever is done to the time of day. */
static int64_t monotonic(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * SECOND + now.tv_nsec;
}
/* ==== end shared: clock ==== */

/* ==== shared: poll timeout ==== */
/* The milliseconds from now until `when` for poll(), rounded up, so that no wait ends too early. */
static int poll_timeout(int64_t when)
{
    int64_t left = when - monotonic();
    return left <= 0 ? 0 : (int)((left + SECOND / 1000 - 1) / (SECOND / 1000));
}
/* ==== end shared: poll timeout ==== */

/* ==== shared: complaints ==== */
/* Writes one line to stderr, whatever the texts in it hold, after the program's name. */
static void complain(const char *format, ...)
{
    char line[512] = PROGRAM ": ";
    size_t length = strlen(line), room = sizeof line - length;
    va_list arguments;
    va_start(arguments, format);
    int wanted = vsnprintf(line + length, room, format, arguments);
    va_end(arguments);
    length += wanted < 0 ? 0 : (size_t)wanted < room ? (size_t)wanted : room - 1;
    for (size_t i = 0; i < length; i++)
        if ((unsigned char)line[i] < ' ')
            line[i] = '?';
    line[length++] = '\n';              /* in place of the NUL */
    if (write(STDERR_FILENO, line, length) < 0) {
        /* Nobody is left to be told. */
    }
}
/* ==== end shared: complaints ==== */

/* ==== shared: descriptors ==== */
/*
 * Opens what is closed of stdin, stdout and stderr on /dev/null: otherwise the first socket would
 * get that number, and the peer would read our console.
 */
static void hold_standard_descriptors(void)
{
    int descriptor;
    do
        descriptor = open("/dev/null", O_RDWR);
    while (descriptor >= 0 && descriptor <= STDERR_FILENO);
    if (descriptor > STDERR_FILENO)
        close(descriptor);
}

/* Makes calls on a descriptor wait (true), or say EAGAIN instead of waiting (false). */
static void set_blocking(int descriptor, bool blocking)
{
    int flags = fcntl(descriptor, F_GETFL);
    fcntl(descriptor, F_SETFL, blocking ? flags & ~O_NONBLOCK : flags | O_NONBLOCK);
}

/* True for the errors of a socket call that mean "nothing yet, try again later". */
static bool is_transient(int error)
{
    return error == EAGAIN || error == EWOULDBLOCK || error == EINTR;
}
/* ==== end shared: descriptors ==== */

/* ==== shared: signals ==== */
/*
 * The self-pipe: a signal's handler writes to [1], every wait includes [0]. So a signal ends the
 * wait also if it comes just before the wait begins.
 */
static int wake_pipe[2];
static atomic_bool stop_requested;

/* Ends the present wait, or the next one. Safe in a signal handler. */
static void wake(void)
{
    int saved = errno;
    if (write(wake_pipe[1], "", 1) < 0) {
        /* The pipe is full: then the wait ends anyway. */
    }
    errno = saved;
}

/* The handler of SIGINT and SIGTERM. */
static void on_stop_signal(int number)
{
    static const struct itimerval patience = { { 0, 0 }, { 0, 800000 } };
    (void)number;
    if (!atomic_exchange(&stop_requested, true))        /* once, not put off again */
        setitimer(ITIMER_REAL, &patience, NULL);        /* the way out if stdout is stuck */
    wake();
}

/* The handler of SIGALRM: the second that clause 8.1 grants is nearly over. */
static void on_alarm(int number)
{
    if (atomic_load(&stop_requested))
        _exit(0);
    signal(number, SIG_DFL);            /* the parent's alarm, and not ours */
    raise(number);
}

/* Gives SIGINT and SIGTERM to a handler, even if the parent had them ignored or blocked. */
static void catch_stop_signals(void (*handler)(int))
{
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = handler;
    action.sa_flags = SA_RESTART;
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    action.sa_handler = on_alarm;
    sigaction(SIGALRM, &action, NULL);
    action.sa_handler = SIG_IGN;        /* a peer or a reader that is gone is an error code, */
    sigaction(SIGPIPE, &action, NULL);  /* not a reason to die */
    sigset_t stops;
    sigemptyset(&stops);
    sigaddset(&stops, SIGINT);
    sigaddset(&stops, SIGTERM);
    sigaddset(&stops, SIGALRM);
    sigprocmask(SIG_UNBLOCK, &stops, NULL);
}

/* Makes the self-pipe; from now on SIGINT and SIGTERM end the wait and set stop_requested. */
static void signals_to_pipe(void)
{
    if (pipe(wake_pipe) < 0) {
        complain("cannot make a pipe: %s", strerror(errno));
        exit(1);
    }
    set_blocking(wake_pipe[0], false);
    set_blocking(wake_pipe[1], false);
    catch_stop_signals(on_stop_signal);
}
/* ==== end shared: signals ==== */

/* ---------------------------------------- command line --------------------------------------- */

/* ==== shared: usage ==== */
/* Clause 6.1: the end of a program that was called with wrong arguments. */
static void usage_error(void)
{
    fputs(USAGE, stderr);
    exit(2);
}

/*
 * Clause 6.1, the part of the command line that all programs share: --help anywhere is answered
 * first; too many arguments, an empty one and an unknown option (no argument of ours begins with
 * a minus) are errors.
 */
static void check_usage(int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        if (strcmp(argv[i], "--help") == 0) {
            fputs(USAGE, stdout);
            exit(0);
        }
    if (argc > 3)
        usage_error();
    for (int i = 1; i < argc; i++)
        if (argv[i][0] == '\0' || argv[i][0] == '-')
            usage_error();
}
/* ==== end shared: usage ==== */

/* ==== shared: numbers ==== */
/* Clause 6.1: a port is 1*5DIGIT up to 65535. Returns -1 if the text is anything else. */
static long parse_port(const char *text)
{
    size_t digits = strspn(text, "0123456789");
    if (digits < 1 || digits > 5 || text[digits] != '\0')
        return -1;
    long port = strtol(text, NULL, 10);
    return port <= PORT_MAX ? port : -1;
}

/* Part 2: "0" or one to five digits without a leading zero. Returns -1 if it is anything else. */
static long parse_length(const char *text, size_t size)
{
    if (size < 1 || size > 5 || (text[0] == '0' && size > 1))
        return -1;
    long length = 0;
    for (size_t i = 0; i < size; i++) {
        if (text[i] < '0' || text[i] > '9')
            return -1;
        length = length * 10 + (text[i] - '0');
    }
    return length;
}
/* ==== end shared: numbers ==== */

/* --------------------------------------- ends and waits -------------------------------------- */

static const int64_t FOREVER = INT64_MAX;

/* Clause 10.9: the good end. A line feed comes first when the user did not choose it by option. */
static void farewell(bool chosen)
{
    fputs(chosen ? "Bye bye~\n" : "\nBye bye~\n", stdout);
    exit(0);
}

/* The same from a signal's handler, for the time when nothing but the handler can end the wait. */
static void on_early_signal(int number)
{
    (void)number;
    if (write(STDOUT_FILENO, "\nBye bye~\n", 10) < 0) {
        /* Nobody is left to be told. */
    }
    _exit(0);
}

/* Clause 10.10: the bad end. What was printed stays; one line says what has happened. */
static void fail(const char *what, const char *why)
{
    fflush(stdout);
    complain("%s: %s", what, why);
    exit(1);
}

/*
 * Waits until the descriptor is ready for one of the events, or until `deadline`. Returns what it
 * is ready for, 0 at the deadline. Does not return when a signal comes.
 */
static short wait_for(int descriptor, short events, int64_t deadline)
{
    struct pollfd waited[] = { { wake_pipe[0], POLLIN, 0 }, { descriptor, events, 0 } };
    fflush(stdout);
    for (;;) {
        if (deadline != FOREVER && monotonic() >= deadline)
            return 0;
        int ready = poll(waited, 2, deadline == FOREVER ? -1 : poll_timeout(deadline));
        if (stop_requested)
            farewell(false);
        if (ready > 0 && waited[1].revents != 0)
            return waited[1].revents;
    }
}

/* ------------------------------------------ the input ---------------------------------------- */

struct line {
    char *bytes;                        /* any bytes, no NUL at the end */
    size_t length;                      /* of the whole line, ... */
    size_t stored, capacity;            /* ... of which this much is kept */
};

/* Adds bytes to the line, of which at most `limit` are kept. */
static void line_append(struct line *line, const char *bytes, size_t count, size_t limit)
{
    size_t kept = count < limit - line->stored ? count : limit - line->stored;
    line->length += count;
    if (line->stored + kept >= line->capacity) {        /* so that even an empty line has bytes */
        line->capacity = (line->stored + kept + 64) * 2;
        line->bytes = realloc(line->bytes, line->capacity);
        if (line->bytes == NULL)
            fail("cannot read the input", strerror(ENOMEM));
    }
    memcpy(line->bytes + line->stored, bytes, kept);
    line->stored += kept;
}

/*
 * Clause 10.4: reads a line from stdin and takes off its LF and one CR before it. Keeps at most
 * `limit` bytes of it, yet reads and counts it to its end. Does not return at the end of the input.
 */
static void read_line(struct line *line, size_t limit)
{
    static char input[16384];
    static size_t next, end;
    char last = '\0';
    line->length = line->stored = 0;
    for (;;) {
        if (next == end) {
            wait_for(STDIN_FILENO, POLLIN, FOREVER);
            ssize_t count = read(STDIN_FILENO, input, sizeof input);
            if (count < 0 && is_transient(errno))
                continue;
            if (count <= 0 && line->length == 0)
                farewell(false);
            if (count <= 0)
                return;                 /* a last line without LF counts */
            next = 0;
            end = (size_t)count;
        }
        const char *found = memchr(input + next, '\n', end - next);
        size_t count = found != NULL ? (size_t)(found - input) - next : end - next;
        line_append(line, input + next, count, limit);
        if (count > 0)
            last = input[next + count - 1];
        next += count;
        if (found != NULL) {
            next++;
            line->length -= last == '\r';
            if (line->stored > line->length)
                line->stored = line->length;
            return;
        }
    }
}

/* ------------------------------------------ replies ------------------------------------------ */

struct reply {
    bool ok;
    const char *payload;
    size_t length;
    double milliseconds;                /* clause 10.7 */
};

/*
 * Part 2: reads the reply's header from the `size` bytes that have come. Returns its length, 0 if
 * it is not complete, -1 as soon as it cannot become a legal header any more.
 */
static int parse_reply_header(const char *bytes, size_t size, struct reply *reply)
{
    reply->ok = bytes[0] == 'O';
    const char *status = reply->ok ? "OK " : "ERR ";
    size_t start = strlen(status), end = start;
    if (memcmp(bytes, status, size < start ? size : start) != 0)
        return -1;
    while (end < size && bytes[end] != '\n')
        end++;
    if (end >= size && size <= start)
        return 0;
    long length = end > start ? parse_length(bytes + start, end - start) : -1;
    if (length < 0 || length > PAYLOAD_MAX)
        return -1;
    reply->length = (size_t)length;
    return end < size ? (int)end + 1 : 0;
}

/* True for 1*DIGIT. */
static bool all_digits(const char *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (bytes[i] < '0' || bytes[i] > '9')
            return false;
    return size > 0;
}

/* True if the text is how inet_ntop() writes the address that it stands for (RFC 5952). */
static bool is_canonical(int family, const char *text, size_t size)
{
    struct in6_addr address;            /* holds an IPv4 address as well */
    char copy[INET6_ADDRSTRLEN] = "", canonical[INET6_ADDRSTRLEN] = "";
    if (size >= sizeof copy)
        return false;
    memcpy(copy, text, size);
    return inet_pton(family, copy, &address) == 1 &&
           !(family == AF_INET6 && IN6_IS_ADDR_V4MAPPED(&address)) &&
           inet_ntop(family, &address, canonical, sizeof canonical) != NULL &&
           strlen(canonical) == size && memcmp(canonical, text, size) == 0;
}

/*
 * Clauses 3.2, 10.11: finds the address, without the brackets of an IPv6 one, and the port behind
 * it, which reaches to the reply's end. Returns false if that is not what the reply holds.
 */
static bool parse_address(const struct reply *reply, const char **host, size_t *host_size,
                          const char **port)
{
    size_t size = reply->length;        /* of what is before the last colon */
    while (size > 0 && reply->payload[size - 1] != ':')
        size--;
    if (size < 2)
        return false;
    const char *colon = reply->payload + --size;
    long number = parse_length(colon + 1, reply->length - size - 1);
    if (number < 1 || number > PORT_MAX)
        return false;
    bool ipv6 = size >= 2 && reply->payload[0] == '[' && colon[-1] == ']';
    *host = reply->payload + (ipv6 ? 1 : 0);
    *host_size = size - (ipv6 ? 2 : 0);
    *port = colon + 1;
    return is_canonical(ipv6 ? AF_INET6 : AF_INET, *host, *host_size);
}

/* Clause 10.11: 2*DIGIT ":" MM ":" SS. */
static bool is_uptime(const char *text, size_t size)
{
    if (size < strlen("00:00:00"))
        return false;
    const char *minutes = text + size - strlen(":00:00"), *seconds = minutes + strlen(":00");
    return all_digits(text, size - strlen(":00:00")) &&
           minutes[0] == ':' && all_digits(minutes + 1, 2) && minutes[1] <= '5' &&
           seconds[0] == ':' && all_digits(seconds + 1, 2) && seconds[1] <= '5';
}

/* ------------------------------------------ the server --------------------------------------- */

static int server;                      /* the connected socket, non-blocking */

/* Connects to one address, within 5 s. Returns false, with errno set, if that fails. */
static bool connect_to(const struct addrinfo *address)
{
    const int on = 1;
    int error = 0;
    socklen_t size = sizeof error;
    server = socket(address->ai_family, address->ai_socktype, address->ai_protocol);
    if (server < 0)
        return false;
    set_blocking(server, false);
    setsockopt(server, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);   /* clause 1.6 */
    if (connect(server, address->ai_addr, address->ai_addrlen) < 0) {
        error = errno;
        if (error == EINPROGRESS || error == EINTR) {
            if (wait_for(server, POLLOUT, monotonic() + 5 * SECOND) == 0)
                error = ETIMEDOUT;
            else
                getsockopt(server, SOL_SOCKET, SO_ERROR, &error, &size);
        }
    }
    if (error != 0)
        close(server);
    errno = error;
    return error == 0;
}

/* Clause 10.1: tries every address that the host has. Does not return if none is a server. */
static void connect_to_server(const char *host, const char *port)
{
    struct addrinfo wanted, *addresses;
    char what[400];
    memset(&wanted, 0, sizeof wanted);
    wanted.ai_socktype = SOCK_STREAM;
    snprintf(what, sizeof what, "cannot connect to %.300s port %s", host, port);

    catch_stop_signals(on_early_signal);        /* getaddrinfo() may take its time */
    int error = getaddrinfo(host, port, &wanted, &addresses);
    const char *why = error == EAI_SYSTEM ? strerror(errno) : gai_strerror(error);
    signals_to_pipe();
    if (error != 0)
        fail(what, why);
    const struct addrinfo *address = addresses;
    while (!connect_to(address)) {
        address = address->ai_next;
        if (address == NULL)
            fail(what, strerror(errno));
    }
    freeaddrinfo(addresses);
}

/* Clause 10.2: the client's own port. */
static unsigned short local_port(void)
{
    struct sockaddr_in6 local;          /* an IPv4 address has its port at the same place */
    socklen_t size = sizeof local;
    getsockname(server, (struct sockaddr *)&local, &size);
    return ntohs(local.sin6_port);
}

/* Clauses 10.10, 10.11: before a request the server must be there, and must be silent. */
static void check_silence(bool surplus)
{
    char byte;
    ssize_t count = recv(server, &byte, 1, 0);
    if (surplus || count > 0)
        fail("the server breaks the protocol", "it sent bytes that nobody asked for");
    if (count == 0)
        fail("the server is gone", "it has closed the connection");
    if (!is_transient(errno))
        fail("the server is gone", strerror(errno));
}

/*
 * Sends a request and waits for its whole reply, 10 s for both; reads also while it writes (clause
 * 1.5). Returns the reply, which is valid until the next request.
 */
static struct reply exchange(const char *command, const char *payload, size_t length)
{
    static char request[HEADER_MAX + PAYLOAD_MAX];
    static char answer[sizeof "ERR 65535\n" - 1 + PAYLOAD_MAX + 1]; /* one more shows a surplus */
    static bool surplus;                /* more came with the last reply than belongs to it */
    struct reply reply = { false, answer, 0, 0 };
    size_t to_send = (size_t)snprintf(request, HEADER_MAX, "%s %zu\n", command, length);
    size_t sent = 0, received = 0;
    int header = 0;

    check_silence(surplus);
    memcpy(request + to_send, payload, length);         /* one piece, one segment */
    to_send += length;
    fflush(stdout);                     /* not within the time that is measured */
    int64_t start = monotonic(), deadline = start + 10 * SECOND;
    for (bool complete = false;;) {
        if (sent < to_send) {
            ssize_t count = send(server, request + sent, to_send - sent, 0);
            if (count < 0 && !is_transient(errno))
                fail("the server is gone", strerror(errno));
            sent += count > 0 ? (size_t)count : 0;
        }
        if (complete && sent == to_send)
            break;
        short ready = wait_for(server, (short)((complete ? 0 : POLLIN) |
                                               (sent < to_send ? POLLOUT : 0)), deadline);
        if (ready == 0)
            fail("the server is too slow", "no whole reply has come within 10 s");
        if (complete || (ready & ~POLLOUT) == 0)
            continue;
        ssize_t count = recv(server, answer + received, sizeof answer - received, 0);
        if (count == 0)
            fail("the server is gone", "it has closed the connection");
        if (count < 0 && !is_transient(errno))
            fail("the server is gone", strerror(errno));
        received += count > 0 ? (size_t)count : 0;
        if (header == 0 && received > 0)
            header = parse_reply_header(answer, received, &reply);
        if (header < 0)
            fail("the server breaks the protocol", "a reply has a malformed header");
        complete = header > 0 && received - (size_t)header >= reply.length;
        if (complete)
            reply.milliseconds = (double)(monotonic() - start) / 1e6;
    }
    surplus = received - (size_t)header > reply.length;
    reply.payload = answer + header;
    return reply;
}

/* ------------------------------------------- the menu ---------------------------------------- */

/* Prints bytes as they are, NULs too, between two texts. */
static void put(const char *before, const char *bytes, size_t size, const char *after)
{
    fputs(before, stdout);
    fwrite(bytes, 1, size, stdout);
    fputs(after, stdout);
}

/* Clauses 10.5 to 10.7: prints the reply to the option's request, if it is a reply to that. */
static void print_reply(char option, const struct reply *reply)
{
    const char *host = "", *port = "", *end = reply->payload + reply->length;
    size_t host_size = 0;
    if (reply->ok && ((option == '2' && !parse_address(reply, &host, &host_size, &port)) ||
                      (option == '3' && !all_digits(reply->payload, reply->length)) ||
                      (option == '4' && !is_uptime(reply->payload, reply->length))))
        fail("the server breaks the protocol", "a reply is not what its request asks for");
    if (!reply->ok) {
        put("Error from server: ", reply->payload, reply->length, "\n");
    } else if (option == '2') {
        put("Reply from server: client IP = ", host, host_size, ", port = ");
        put("", port, (size_t)(end - port), "\n");
    } else {
        put(option == '3' ? "Reply from server: requests served = " :
            option == '4' ? "Reply from server: run time = " : "Reply from server: ",
            reply->payload, reply->length, "\n");
    }
    printf("RTT = %.3f ms\n", reply->milliseconds);
}

/* Option 1. Clause 10.8: a sentence that is too long is not sent. */
static void convert_sentence(void)
{
    static struct line sentence;
    fputs("Input sentence: ", stdout);
    read_line(&sentence, PAYLOAD_MAX + 1);              /* one more may be the CR */
    if (sentence.length > PAYLOAD_MAX) {
        puts("The sentence is longer than 65535 bytes; nothing was sent");
        return;
    }
    struct reply reply = exchange("UPPER", sentence.bytes, sentence.length);
    print_reply('1', &reply);
}

/* Options 2 to 4. */
static void ask(char option, const char *command)
{
    struct reply reply = exchange(command, "", 0);
    print_reply(option, &reply);
}

/* Connects, then works the menu until option 5; all other ends are in wait_for() and fail(). */
int main(int argc, char **argv)
{
    struct line line = { NULL, 0, 0, 0 };
    check_usage(argc, argv);
    const char *host = argc > 1 ? argv[1] : "localhost";
    const char *port = argc > 2 ? argv[2] : "12000";
    if (parse_port(port) < 1)
        usage_error();
    hold_standard_descriptors();
    connect_to_server(host, port);
    printf("The client is running on port %hu\n", local_port());

    for (;;) {
        fputs(MENU, stdout);
        read_line(&line, SIZE_MAX);
        char option = '\0';
        if (line.length == 1)
            option = line.bytes[0];
        switch (option) {
        case '1': convert_sentence(); break;
        case '2': ask(option, "ADDR"); break;
        case '3': ask(option, "COUNT"); break;
        case '4': ask(option, "UPTIME"); break;
        case '5': farewell(true); break;
        default: put("Invalid option: ", line.bytes, line.length, "\n");
        }
    }
}

/*
 * NonBlockingTCPServer - the EasyTCP/1 server with one thread and select(). The C reference.
 *
 * For whoever learns sockets: the whole method is in main() at the end and in "The method" just
 * above it. No call on a socket ever waits; the program waits in select() alone, for whichever of
 * listener, clients and signals is ready first, and its timeout is the report's time. All the rest
 * is the same in MultiThreadTCPServer.c, between fences ("shared: ..."): read the two side by side,
 * and what remains is the difference between the two ways to interest.
 *
 * "Clause 4.1" means that clause of protocol/README.md.
 *
 * Build: gcc NonBlockingTCPServer.c -o NonBlockingTCPServer
 */

/* ==== shared: portability ==== */
#define _POSIX_C_SOURCE 200809L
#define _DARWIN_C_SOURCE        /* macOS hides SOMAXCONN and more behind POSIX alone */
/* ==== end shared: portability ==== */

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
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
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define PROGRAM "NonBlockingTCPServer"

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

/* ==== shared: wakes ==== */
/* To be called after a wait: the reason to end it is taken note of. */
static void wake_noted(void)
{
    char bytes[64];
    while (read(wake_pipe[0], bytes, sizeof bytes) > 0)
        continue;
}
/* ==== end shared: wakes ==== */

/* ---------------------------------------- command line --------------------------------------- */

/* ==== shared: usage text ==== */
static const char USAGE[] =
    "Usage: " PROGRAM " [port] [report-seconds]\n"
    "  port            the TCP port to serve on, 0 to 65535; 0 lets the system choose (12000)\n"
    "  report-seconds  how often the number of clients is printed, 0.1 to 86400 seconds (60)\n"
    "  --help          print this text\n";
/* ==== end shared: usage text ==== */

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

/* ==== shared: command line ==== */
/*
 * Clause 6.1: 1*DIGIT ["." 1*DIGIT] seconds from 0.1 to 86400, as nanoseconds; what is finer is cut
 * off. Returns -1 if the text is anything else. No strtod(): it knows locales, signs, exponents.
 */
static int64_t parse_interval(const char *text)
{
    const int64_t least = SECOND / 10, most = 86400 * SECOND;
    int64_t value = 0, unit = SECOND / 10;
    bool beyond = false;                /* a fraction too fine to be stored, yet not zero */
    size_t digits = strspn(text, "0123456789");
    const char *fraction = text + digits;
    if (digits < 1)
        return -1;
    for (; text < fraction && value <= most; text++)
        value = value * 10 + (*text - '0') * SECOND;
    if (*fraction == '.') {
        digits = strspn(++fraction, "0123456789");
        if (digits < 1)
            return -1;
        for (; digits > 0; digits--, unit /= 10) {
            value += (*fraction - '0') * unit;
            beyond = beyond || (unit == 0 && *fraction != '0');
            fraction++;
        }
    }
    if (*fraction != '\0' || value < least || value > most || (value == most && beyond))
        return -1;
    return value;
}

/* Clause 6.1: reads the command line, or prints the usage and exits. */
static void parse_command_line(int argc, char **argv, unsigned short *port, int64_t *interval)
{
    check_usage(argc, argv);
    long given_port = argc > 1 ? parse_port(argv[1]) : DEFAULT_PORT;
    *interval = argc > 2 ? parse_interval(argv[2]) : 60 * SECOND;
    if (given_port < 0 || *interval < 0)
        usage_error();
    *port = (unsigned short)given_port;
}
/* ==== end shared: command line ==== */

/* ------------------------------------- answering a client ------------------------------------ */

/* ==== shared: conversation ==== */
/*
 * One client's side of the protocol, without a socket: bytes come in, bytes go out. Everything that
 * has come in is answered at once, and nothing more is taken in while output waits (clause 1.5). So
 * a conversation never stores more than the replies to one RECEIVE_SIZE of input, the longest of
 * which are eight times their requests, and one payload; and between requests it stores nothing.
 */
enum { RECEIVE_SIZE = 4096 };           /* a turn: short, because the others wait meanwhile */

enum phase { IN_HEADER, IN_PAYLOAD, ENDED };
enum request { UPPER, ADDR, COUNT, UPTIME, UNEXPECTED_PAYLOAD, UNKNOWN_COMMAND };

struct conversation {
    enum phase phase;
    enum request request;               /* what the payload belongs to */
    size_t payload_left;
    size_t header_length;
    char header[HEADER_MAX];
    char address[ADDRESS_SIZE];         /* the client's, as clause 3.2 writes it */
    bool starved;                       /* no memory: the conversation cannot go on */
    char *output;                       /* NULL when there is none */
    size_t capacity, length;            /* bytes it can hold, bytes in it */
    size_t ready, sent;                 /* whole replies end at ready; up to sent they are gone */
};

static int64_t ready_time;              /* of the ready line: uptime and reports count from it */
static atomic_ullong requests_served;   /* clause 3.3; atomic where threads share it */

/* Makes room for `count` more bytes of output. Returns where they go, or NULL: no memory. */
static char *output_extend(struct conversation *talk, size_t count)
{
    if (talk->length + count > talk->capacity) {
        size_t capacity = talk->capacity > 0 ? talk->capacity : 256;
        while (capacity < talk->length + count)
            capacity *= 2;
        char *bigger = realloc(talk->output, capacity);
        if (bigger == NULL) {
            talk->starved = true;
            return NULL;
        }
        talk->output = bigger;
        talk->capacity = capacity;
    }
    talk->length += count;
    return talk->output + talk->length - count;
}

/* Adds bytes to the output as they are. */
static void append(struct conversation *talk, const char *bytes, size_t count)
{
    char *room = output_extend(talk, count);
    if (room != NULL)
        memcpy(room, bytes, count);
}

/* Clause 3.1: only a-z changes; no toupper(), which would ask the locale. */
static void append_upper(struct conversation *talk, const char *bytes, size_t count)
{
    char *room = output_extend(talk, count);
    for (size_t i = 0; room != NULL && i < count; i++)
        room[i] = (char)(bytes[i] >= 'a' && bytes[i] <= 'z' ? bytes[i] - 'a' + 'A' : bytes[i]);
}

/* Adds a reply's header; by hand, because snprintf() would be most of a small reply's cost. */
static void append_header(struct conversation *talk, const char *status, size_t length)
{
    char line[] = " 65535\n", *start = line + sizeof " 65535" - 1;
    do
        *--start = (char)('0' + length % 10);
    while ((length /= 10) > 0);
    *--start = ' ';
    append(talk, status, strlen(status));
    append(talk, start, (size_t)(line + sizeof line - 1 - start));
}

/* Adds a whole reply, which may then be sent. */
static void append_reply(struct conversation *talk, const char *status, const char *text)
{
    append_header(talk, status, strlen(text));
    append(talk, text, strlen(text));
    talk->ready = talk->length;
}

/* Part 3, 4.1, 4.2: the request is complete; completes its reply. The count comes first (3.3). */
static void conversation_answer(struct conversation *talk)
{
    char text[32];
    unsigned long long served = 0;
    long long up;
    if (talk->request <= UPTIME)
        served = atomic_fetch_add(&requests_served, 1) + 1;
    talk->phase = IN_HEADER;
    switch (talk->request) {
    case UPPER:                         /* written while the payload came in */
        talk->ready = talk->length;
        break;
    case ADDR:
        append_reply(talk, "OK", talk->address);
        break;
    case COUNT:
        snprintf(text, sizeof text, "%llu", served);
        append_reply(talk, "OK", text);
        break;
    case UPTIME:
        up = (monotonic() - ready_time) / SECOND;
        snprintf(text, sizeof text, "%02lld:%02d:%02d", up / 3600, (int)(up / 60 % 60),
                 (int)(up % 60));
        append_reply(talk, "OK", text);
        break;
    case UNEXPECTED_PAYLOAD:
        append_reply(talk, "ERR", "unexpected payload");
        break;
    case UNKNOWN_COMMAND:
        append_reply(talk, "ERR", "unknown command");
        break;
    }
}

/* Clauses 2.3, 4.1 to 4.4: judges the header that has come, with its LF or 23 bytes without one. */
static void conversation_judge(struct conversation *talk)
{
    static const char *const names[] = { "UPPER", "ADDR", "COUNT", "UPTIME" };
    const char *header = talk->header;
    size_t size = talk->header_length - 1, name = 0;    /* size: without the LF */
    long length = -1;
    talk->header_length = 0;
    while (name < size && header[name] >= 'A' && header[name] <= 'Z')
        name++;
    if (header[size] == '\n' && name >= 1 && name <= COMMAND_MAX && header[name] == ' ')
        length = parse_length(header + name + 1, size - name - 1);
    if (length < 0 || length > PAYLOAD_MAX) {
        append_reply(talk, "ERR", length < 0 ? "malformed header" : "payload too large");
        talk->phase = ENDED;
        return;
    }
    talk->phase = IN_PAYLOAD;
    talk->payload_left = (size_t)length;
    talk->request = UPPER;
    while (talk->request <= UPTIME && (strlen(names[talk->request]) != name ||
                                       memcmp(names[talk->request], header, name) != 0))
        talk->request++;
    if (talk->request == UPPER)
        append_header(talk, "OK", (size_t)length);
    else if (talk->request > UPTIME)
        talk->request = UNKNOWN_COMMAND;
    else if (length > 0)
        talk->request = UNEXPECTED_PAYLOAD;
}

/*
 * Takes in bytes from the client and answers every request that they complete. After an error that
 * ends the connection (clause 5.1) it drops them. Returns false if there is no memory to go on.
 */
static bool conversation_receive(struct conversation *talk, const char *bytes, size_t count)
{
    while (count > 0 && talk->phase != ENDED && !talk->starved) {
        size_t wanted = talk->phase == IN_HEADER ? HEADER_MAX - talk->header_length
                                                 : talk->payload_left;
        size_t taken = count < wanted ? count : wanted;
        if (talk->phase == IN_HEADER) {
            const char *end = memchr(bytes, '\n', taken);
            if (end != NULL)
                taken = (size_t)(end - bytes) + 1;
            memcpy(talk->header + talk->header_length, bytes, taken);
            talk->header_length += taken;
            if (end != NULL || talk->header_length == HEADER_MAX)
                conversation_judge(talk);
        } else {
            if (talk->request == UPPER)
                append_upper(talk, bytes, taken);
            talk->payload_left -= taken;
        }
        if (talk->phase == IN_PAYLOAD && talk->payload_left == 0)
            conversation_answer(talk);
        bytes += taken;
        count -= taken;
    }
    return !talk->starved;
}

/* How many bytes wait to be sent; they begin at output + sent. */
static size_t conversation_pending(const struct conversation *talk)
{
    return talk->ready - talk->sent;
}

/* Notes that `count` bytes are sent. When all are, keeps only the reply that is being written. */
static void conversation_sent(struct conversation *talk, size_t count)
{
    talk->sent += count;
    if (talk->sent < talk->ready)
        return;
    talk->length -= talk->ready;
    if (talk->length > 0) {
        memmove(talk->output, talk->output + talk->ready, talk->length);
    } else {
        free(talk->output);
        talk->output = NULL;
        talk->capacity = 0;
    }
    talk->ready = talk->sent = 0;
}
/* ==== end shared: conversation ==== */

/* ------------------------------- the clients, and what is said of them ----------------------- */

/* ==== shared: registry ==== */
/*
 * The connected clients, in ID order, and the lines about them. Each change and its lines are one
 * step, and out at once: that makes the lines one true history (clause 6.6).
 */
enum { ROSTER_MAX = 10 };

struct client {
    struct client *previous, *next;
    unsigned long long id;
    int descriptor;
    int64_t drain_until;                /* clause 5.2; 0 before the connection's end has begun */
    struct conversation talk;
};

static struct client *first_client, *last_client;
static unsigned long long last_id;
static size_t connected;

/* Clause 6.5: names at most ten, so that a line costs the same in any crowd. */
static void print_roster(void)
{
    size_t named = 0;
    printf("Connected clients = {");
    for (struct client *client = first_client; client && named < ROSTER_MAX; client = client->next)
        printf("%sclient %llu", named++ > 0 ? ", " : "", client->id);
    if (connected > named)
        printf(", %zu more", connected - named);
    printf("}\n");
    fflush(stdout);
}

/* Clause 6.3: gives the client its ID and tells of it. */
static void registry_add(struct client *client)
{
    client->id = ++last_id;
    client->previous = last_client;
    client->next = NULL;
    *(last_client ? &last_client->next : &first_client) = client;
    last_client = client;
    connected++;
    printf("Client %llu connected. Number of connected clients = %zu\n", client->id, connected);
    print_roster();
}

/* Clause 6.4: takes the client out and tells of it. */
static void registry_remove(struct client *client)
{
    *(client->previous ? &client->previous->next : &first_client) = client->next;
    *(client->next ? &client->next->previous : &last_client) = client->previous;
    connected--;
    printf("Client %llu disconnected. Number of connected clients = %zu\n", client->id, connected);
    print_roster();
}
/* ==== end shared: registry ==== */

/* ==== shared: console ==== */
#ifdef __SANITIZE_ADDRESS__             /* gcc -fsanitize=address, in tests */
#include <sanitizer/lsan_interface.h>
#endif

static int64_t report_interval;
static _Atomic int64_t next_report;     /* threads may look, and one at a time prints */

/* Clause 6.2: prints the ready line; from here the uptime and the reports are reckoned. */
static void print_ready(unsigned short port, int64_t interval)
{
    ready_time = monotonic();
    report_interval = interval;
    next_report = ready_time + interval;
    printf("The server is ready to receive on port %hu\n", port);
    fflush(stdout);
}

/* Part 7: prints every report that is due. Whole intervals are added, so that no error adds up. */
static void print_due_reports(void)
{
    for (; next_report <= monotonic(); next_report += report_interval) {
        printf("Number of connected clients = %zu\n", connected);
        fflush(stdout);
    }
}

/* Clause 8.1: the last line. The system ends the connections, all at once, when we are gone. */
static void farewell(void)
{
    printf("Bye bye~\n");
    fflush(stdout);
#ifdef __SANITIZE_ADDRESS__
    alarm(0);                           /* stdout was not stuck, and to look for leaks takes time */
    __lsan_do_leak_check();             /* _exit() would not look */
#endif
    _exit(0);                           /* not exit(): nothing may run, or print, after this */
}
/* ==== end shared: console ==== */

/* --------------------------------------- taking clients on ----------------------------------- */

/* ==== shared: listener ==== */
enum { ACCEPTS_A_PASS = 256 };          /* then the connected ones have their turn */

static atomic_llong accept_again;       /* when to try again, out of descriptors; 0: no such wait */
static bool starved_told, refused_told; /* clause 9: each trouble is told of once an episode */
static bool last_went_well = true;

/* Each method's own: takes a client on. Returns NULL, or why the client cannot be served. */
static const char *client_admit(int descriptor, const struct sockaddr_storage *peer);

/* Clause 9.2: as many descriptors as we may have. */
static void raise_descriptor_limit(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
}

/* Tries to listen on the address. Returns the socket, or -1 with errno set. */
static int listener_try(const struct sockaddr *address, socklen_t size)
{
    const int on = 1, off = 0;
    int listener = socket(address->sa_family, SOCK_STREAM, 0);
    if (listener < 0)
        return -1;
    /* Clause 8.2: bind despite connections in TIME_WAIT; it does not let a second server in. */
    if (setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 &&
        (address->sa_family != AF_INET6 ||
         setsockopt(listener, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off) == 0) &&
        bind(listener, address, size) == 0 && listen(listener, SOMAXCONN) == 0) {
        set_blocking(listener, false);  /* a client may be gone again before accept() */
        return listener;
    }
    int error = errno;
    close(listener);
    errno = error;
    return -1;
}

/* Clauses 6.2, 6.7: listens on IPv6 and IPv4 at once, where IPv6 is off on IPv4. Sets the port. */
static int listener_open(unsigned short *port)
{
    struct sockaddr_in6 any6;
    struct sockaddr_in any4;
    memset(&any6, 0, sizeof any6);
    any6.sin6_family = AF_INET6;
    any6.sin6_addr = in6addr_any;
    any6.sin6_port = htons(*port);
    memset(&any4, 0, sizeof any4);
    any4.sin_family = AF_INET;
    any4.sin_addr.s_addr = htonl(INADDR_ANY);
    any4.sin_port = htons(*port);

    int listener = listener_try((struct sockaddr *)&any6, sizeof any6);
    if (listener < 0 && (errno == EAFNOSUPPORT || errno == EADDRNOTAVAIL || errno == ENOPROTOOPT))
        listener = listener_try((struct sockaddr *)&any4, sizeof any4);
    if (listener < 0) {
        complain("cannot listen on port %hu: %s", *port, strerror(errno));
        exit(1);
    }
    socklen_t size = sizeof any6;       /* the port is at the same place in both */
    getsockname(listener, (struct sockaddr *)&any6, &size);
    *port = ntohs(any6.sin6_port);
    return listener;
}

/* Clause 3.2: writes the peer's address and port; an IPv4-mapped one is an IPv4 address. */
static void format_address(const struct sockaddr_storage *peer, char text[ADDRESS_SIZE])
{
    const struct sockaddr_in6 *ipv6 = (const struct sockaddr_in6 *)peer;
    const struct sockaddr_in *ipv4 = (const struct sockaddr_in *)peer;
    const char *form = "%s:%hu";
    char host[INET6_ADDRSTRLEN] = "";
    if (peer->ss_family == AF_INET) {
        inet_ntop(AF_INET, &ipv4->sin_addr, host, sizeof host);
    } else if (IN6_IS_ADDR_V4MAPPED(&ipv6->sin6_addr)) {
        inet_ntop(AF_INET, &ipv6->sin6_addr.s6_addr[12], host, sizeof host);
    } else {
        form = "[%s]:%hu";
        inet_ntop(AF_INET6, &ipv6->sin6_addr, host, sizeof host);
    }
    snprintf(text, ADDRESS_SIZE, form, host, ntohs(ipv6->sin6_port));   /* as in IPv4 */
}

/* Sets an option of a connection. One that the system does not know is no fault. */
static void set_option(int descriptor, int level, int option, int value)
{
    if (setsockopt(descriptor, level, option, &value, sizeof value) < 0) {
        /* Nor is a client that is gone already: recv() will tell. */
    }
}

/* Clauses 9.5, 9.6: the system looks for a client that vanishes, and then ends its connection. */
static void watch_for_vanishing(int descriptor)
{
    enum { IDLE = 60, INTERVAL = 10, PROBES = 3 };      /* seconds */
#ifdef TCP_KEEPIDLE
    set_option(descriptor, IPPROTO_TCP, TCP_KEEPIDLE, IDLE);
#elif defined TCP_KEEPALIVE             /* its name on macOS */
    set_option(descriptor, IPPROTO_TCP, TCP_KEEPALIVE, IDLE);
#endif
#ifdef TCP_KEEPINTVL
    set_option(descriptor, IPPROTO_TCP, TCP_KEEPINTVL, INTERVAL);
    set_option(descriptor, IPPROTO_TCP, TCP_KEEPCNT, PROBES);
#endif
#ifdef TCP_USER_TIMEOUT                 /* Linux; in milliseconds */
    set_option(descriptor, IPPROTO_TCP, TCP_USER_TIMEOUT, (IDLE + PROBES * INTERVAL) * 1000);
#endif
    set_option(descriptor, SOL_SOCKET, SO_KEEPALIVE, 1);
}

/* A new client, to be freed by free(); NULL if there is no memory. `size` may exceed the struct. */
static struct client *client_new(size_t size, int descriptor, const struct sockaddr_storage *peer)
{
    struct client *client = calloc(1, size);
    if (client != NULL) {
        client->descriptor = descriptor;
        format_address(peer, client->talk.address);
        set_option(descriptor, IPPROTO_TCP, TCP_NODELAY, 1);    /* clause 1.6 */
        watch_for_vanishing(descriptor);
    }
    return client;
}

/*
 * Accepts all who wait, at most ACCEPTS_A_PASS. Asks poll() first, because accept() without a free
 * descriptor fails also when nobody waits, and that is no trouble. Out of descriptors, or where the
 * system forbids it, it sets accept_again (clause 9.2), before accept(): a client that leaves just
 * then clears it, and is not missed. accept()'s other errors are of a client that is gone already.
 */
static void accept_waiting(int listener)
{
    struct pollfd door = { listener, POLLIN, 0 };
    for (int i = 0; i < ACCEPTS_A_PASS; i++) {
        if (poll(&door, 1, 0) <= 0) {
            if (last_went_well)
                starved_told = refused_told = false;    /* the end of an episode */
            return;
        }
        struct sockaddr_storage peer;
        socklen_t size = sizeof peer;
        atomic_store(&accept_again, monotonic() + SECOND);
        int descriptor = accept(listener, (struct sockaddr *)&peer, &size);
        if (descriptor < 0 && (errno == EMFILE || errno == ENFILE || errno == ENOBUFS ||
                               errno == ENOMEM || errno == EPERM || errno == EACCES)) {
            if (!starved_told)
                complain("new clients must wait: %s", strerror(errno));
            starved_told = true;
            last_went_well = false;
            return;
        }
        atomic_store(&accept_again, 0);
        if (descriptor < 0)
            continue;
        const char *obstacle = client_admit(descriptor, &peer);
        last_went_well = obstacle == NULL;
        if (obstacle != NULL) {
            close(descriptor);
            if (!refused_told)
                complain("a client cannot be served: %s", obstacle);
            refused_told = true;
        }
    }
}
/* ==== end shared: listener ==== */

/* ==== shared: client's turn ==== */
/*
 * Does the next thing for a client: sends what waits, or else receives, answers and sends at once.
 * If the socket is blocking, each call may wait; if not, nothing is done that would. Returns false
 * when the connection is over: the client has ended it (clause 1.4: by then everything owed is
 * sent), or it is broken, or it was ended by an error and has been drained (clause 5.2).
 */
static bool client_turn(struct client *client, char buffer[RECEIVE_SIZE])
{
    struct conversation *talk = &client->talk;
    if (conversation_pending(talk) == 0) {
        if (client->drain_until > 0 && monotonic() >= client->drain_until)
            return false;
        ssize_t count = recv(client->descriptor, buffer, RECEIVE_SIZE, 0);
        if (count < 0)
            return is_transient(errno);
        if (count == 0 || !conversation_receive(talk, buffer, (size_t)count))
            return false;
    }
    if (conversation_pending(talk) > 0) {
        ssize_t count = send(client->descriptor, talk->output + talk->sent,
                             conversation_pending(talk), 0);
        if (count < 0)
            return is_transient(errno);
        conversation_sent(talk, (size_t)count);
        if (talk->phase == ENDED && conversation_pending(talk) == 0) {
            shutdown(client->descriptor, SHUT_WR);
            client->drain_until = monotonic() + SECOND;
        }
    }
    return true;
}
/* ==== end shared: client's turn ==== */

/* ------------------------------------ The method: select() ----------------------------------- */

/* What select() is asked, and what it answers. */
struct interest {
    fd_set readable, writable;
    int highest;
    int64_t until;
};

/* Adds a descriptor to one of the two sets. */
static void interest_add(struct interest *interest, fd_set *set, int descriptor)
{
    FD_SET(descriptor, set);
    if (descriptor > interest->highest)
        interest->highest = descriptor;
}

/* Clause 1.5: a client for whom replies wait is asked to read, and not listened to. */
static void interest_add_client(struct interest *interest, const struct client *client)
{
    bool sending = conversation_pending(&client->talk) > 0;
    interest_add(interest, sending ? &interest->writable : &interest->readable, client->descriptor);
    if (client->drain_until > 0 && client->drain_until < interest->until)
        interest->until = client->drain_until;
}

/*
 * A process that is stopped and goes on (SIGSTOP, a paused container) finds its select() waiting for
 * what was left of the timeout when it stopped. So no wait is long, and what is overdue then comes
 * at once (clause 7.4).
 */
#define LONGEST_WAIT (SECOND / 10)

/* Waits. The time left is worked out from the clock here, at every pass (clauses 7.2 and 7.3). */
static void interest_wait(struct interest *interest)
{
    int64_t left = interest->until - monotonic(), microsecond = SECOND / 1000000;
    left = left < LONGEST_WAIT ? left : LONGEST_WAIT;
    left = left > 0 ? (left + microsecond - 1) / microsecond : 0;   /* up, never too early */
    struct timeval timeout;
    timeout.tv_sec = left / 1000000;
    timeout.tv_usec = left % 1000000;
    if (select(interest->highest + 1, &interest->readable, &interest->writable, NULL,
               &timeout) < 0) {
        FD_ZERO(&interest->readable);       /* a signal: the sets say nothing */
        FD_ZERO(&interest->writable);
    }
}

/* True if there is something to do for the client, so that client_turn() would not be in vain. */
static bool client_is_due(const struct interest *interest, const struct client *client)
{
    return FD_ISSET(client->descriptor, &interest->readable) ||
           FD_ISSET(client->descriptor, &interest->writable) ||
           (client->drain_until > 0 && monotonic() >= client->drain_until);
}

/* Ends a client's connection, and tells of it (clause 6.4). */
static void client_dismiss(struct client *client)
{
    registry_remove(client);
    close(client->descriptor);
    accept_again = 0;                   /* a descriptor is free */
    free(client->talk.output);
    free(client);
}

/*
 * Takes a client on, if its descriptor fits into an fd_set: FD_SET() beyond would write into
 * foreign memory (clause 9.3). See accept_waiting() for what is returned.
 */
static const char *client_admit(int descriptor, const struct sockaddr_storage *peer)
{
    if (descriptor >= FD_SETSIZE)
        return "select() can wait for no more descriptors (FD_SETSIZE)";
    struct client *client = client_new(sizeof *client, descriptor, peer);
    if (client == NULL)
        return strerror(ENOMEM);
    set_blocking(descriptor, false);
    registry_add(client);
    return NULL;
}

/* Prepares, then waits and serves in turn until a signal comes (part 6 to part 9). */
int main(int argc, char **argv)
{
    static char buffer[RECEIVE_SIZE];
    unsigned short port;
    int64_t interval;
    parse_command_line(argc, argv, &port, &interval);
    hold_standard_descriptors();
    raise_descriptor_limit();
    signals_to_pipe();
    int listener = listener_open(&port);
    if (wake_pipe[0] >= FD_SETSIZE || listener >= FD_SETSIZE) {
        complain("too many descriptors are open already for select() (FD_SETSIZE)");
        return 1;
    }
    print_ready(port, interval);

    for (;;) {
        /* Wait for anything at all, until the next report, try to accept, or end of a drain. */
        struct interest interest = { .highest = -1, .until = next_report };
        FD_ZERO(&interest.readable);
        FD_ZERO(&interest.writable);
        interest_add(&interest, &interest.readable, wake_pipe[0]);
        if (accept_again <= monotonic())
            interest_add(&interest, &interest.readable, listener);
        else if (accept_again < interest.until)
            interest.until = accept_again;  /* clause 9.2: leave the listener alone */
        for (struct client *client = first_client; client != NULL; client = client->next)
            interest_add_client(&interest, client);
        interest_wait(&interest);
        wake_noted();

        for (struct client *client = first_client, *next; client != NULL; client = next) {
            next = client->next;
            if (stop_requested)
                farewell();
            print_due_reports();        /* between any two clients: a pass may take its time */
            if (client_is_due(&interest, client) && !client_turn(client, buffer))
                client_dismiss(client);
        }
        if (stop_requested)
            farewell();
        print_due_reports();
        if (FD_ISSET(listener, &interest.readable))
            accept_waiting(listener);
    }
}

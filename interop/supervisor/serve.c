/*
 * supervisor --serve: listens on the control port, and gives each asker a process of its own, which
 * starts the peer and talks with the asker (conversation.c). This one only accepts and reaps.
 *
 * A socket pair, the bond, holds the family together. All those processes share one end of it: they end
 * their peers when it says end of file, which it also does if this process is killed; and this process
 * reads end of file from its own end when the last of them is gone.
 */
#include "supervisor.h"

#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static int wake_pipe[2];        /* a handler writes the signal's number to [1], every wait includes [0] */

static void on_signal(int number)
{
    int saved = errno;
    unsigned char byte = (unsigned char)number;
    if (write(wake_pipe[1], &byte, 1) < 0) {
        /* The pipe is full: then the wait ends anyway. */
    }
    errno = saved;
}

/* Makes a pipe that tells of signals, and returns the end to read from; -1 if that is not to be had. */
static int open_wake_pipe(void)
{
    if (pipe(wake_pipe) != 0)
        return -1;
    for (int i = 0; i < 2; i++) {
        set_close_on_exec(wake_pipe[i]);
        set_nonblocking(wake_pipe[i]);
    }
    return wake_pipe[0];
}

/* A socket that listens on a port of IPv6 and IPv4, or of IPv4 where there is no other; -1 if it cannot be. */
static int listen_on(int port)
{
    static const int families[] = { AF_INET6, AF_INET };
    for (int i = 0; i < 2; i++) {
        struct sockaddr_in6 six = { .sin6_family = AF_INET6, .sin6_port = htons((uint16_t)port), .sin6_addr = in6addr_any };
        struct sockaddr_in four = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_ANY) };
        const void *address = i == 0 ? (void *)&six : (void *)&four;
        int yes = 1, no = 0, listener = socket(families[i], SOCK_STREAM, 0);
        if (listener < 0)
            continue;
        set_close_on_exec(listener);
        set_nonblocking(listener);
        setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
        setsockopt(listener, IPPROTO_IPV6, IPV6_V6ONLY, &no, sizeof no);
        if (bind(listener, address, i == 0 ? sizeof six : sizeof four) == 0 && listen(listener, SOMAXCONN) == 0)
            return listener;
        int reason = errno;
        close(listener);
        errno = reason;
        if (reason == EADDRINUSE || reason == EACCES)
            break;
    }
    return -1;
}

static bool say_where(int listener)
{
    struct sockaddr_storage address;
    socklen_t size = sizeof address;
    getsockname(listener, (struct sockaddr *)&address, &size);
    in_port_t port = address.ss_family == AF_INET6 ? ((struct sockaddr_in6 *)&address)->sin6_port : ((struct sockaddr_in *)&address)->sin_port;
    return printf("The supervisor listens on port %d\n", ntohs(port)) >= 0 && fflush(stdout) == 0;
}

/* Accepts an asker, and leaves him to a process of his own. */
static void welcome(int listener, const int bond[2], char **command)
{
    int asker = accept(listener, NULL, NULL);
    if (asker < 0) {
        if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM)
            poll(NULL, 0, 100);         /* it waits on, and we cannot do anything but wait as well */
        return;
    }
    set_close_on_exec(asker);
    sigset_t all, mask;
    sigfillset(&all);
    sigprocmask(SIG_BLOCK, &all, &mask);        /* until the new process has a wake pipe of its own */
    pid_t id = fork();
    if (id == 0) {
        close(listener);
        close(bond[0]);
        close(wake_pipe[0]);
        close(wake_pipe[1]);
        int wake = open_wake_pipe();
        sigprocmask(SIG_SETMASK, &mask, NULL);
        if (wake >= 0)
            converse(asker, bond[1], wake, command);
        _exit(0);
    }
    if (id < 0)
        complain("cannot start", "a process for an asker");
    sigprocmask(SIG_SETMASK, &mask, NULL);
    close(asker);
}

/* True if one of the signals that came says that we shall end. */
static bool is_told_to_end(int wake)
{
    unsigned char signals[64];
    ssize_t length;
    bool end = false;
    while ((length = read(wake, signals, sizeof signals)) > 0)
        end |= memchr(signals, SIGTERM, (size_t)length) != NULL || memchr(signals, SIGINT, (size_t)length) != NULL;
    return end;
}

/* Serves until SIGTERM or SIGINT. */
int serve(int port, char **command)
{
    int bond[2], wake = open_wake_pipe(), listener = listen_on(port);
    char text[8];
    snprintf(text, sizeof text, "%d", port);
    if (wake < 0 || listener < 0 || socketpair(AF_UNIX, SOCK_STREAM, 0, bond) != 0) {
        complain("cannot listen on port", text);
        return 1;
    }
    set_close_on_exec(bond[0]);
    set_close_on_exec(bond[1]);
    static const int noticed[] = { SIGCHLD, SIGTERM, SIGINT };
    for (size_t i = 0; i < sizeof noticed / sizeof *noticed; i++)
        sigaction(noticed[i], &(struct sigaction){ .sa_handler = on_signal, .sa_flags = SA_RESTART }, NULL);
    signal(SIGPIPE, SIG_IGN);
    if (!say_where(listener)) {
        complain("cannot write to", "stdout");
        return 1;
    }

    struct pollfd waits[] = { { .fd = wake, .events = POLLIN }, { .fd = listener, .events = POLLIN } };
    while (!is_told_to_end(wake)) {
        while (waitpid(-1, NULL, WNOHANG) > 0) {
            /* one that served an asker, or, as PID 1, an orphan */
        }
        if (poll(waits, 2, -1) > 0 && waits[1].revents != 0)
            welcome(listener, bond, command);
    }

    close(listener);
    close(bond[1]);
    shutdown(bond[0], SHUT_WR);
    while (read(bond[0], text, 1) != 0 && errno == EINTR) {
        /* until the last of them is gone */
    }
    return 0;
}

/*
 * supervisor - PID 1 of a peer's container: starts the peer, passes signals on, and reaps.
 *
 * An image holds this one static program beside the peer. It does four things:
 *
 *   --run COMMAND...                  runs the command as its child, with its own stdio
 *   --as-owner-of FOLDER COMMAND...   the same, as the user who owns a folder
 *   --listens PORT                    the health check: does anybody listen on that port?
 *   --serve PORT COMMAND...           runs the command whenever it is asked to over the network
 *                                     (serve.c, conversation.c)
 *
 * It is POSIX, but for /proc, which --listens reads.
 */
#include "supervisor.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#ifdef __linux__
#include <linux/capability.h>
#include <sys/syscall.h>
#endif
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { DONE = 0, FAILED = 1, MISUSED = 2, SIGNALLED = 128 };

static const char USAGE[] =
    "Usage: supervisor --run COMMAND...\n"
    "       supervisor --as-owner-of FOLDER COMMAND...\n"
    "       supervisor --listens PORT\n"
    "       supervisor --serve PORT COMMAND...\n"
    "Runs COMMAND as its child, or whenever it is asked to on the control port PORT (0: any);\n"
    "--listens exits 0 if a TCP socket listens on PORT, else 1.\n";

/* ------------------------------------------ what all share ----------------------------------- */

void complain(const char *what, const char *about)
{
    fprintf(stderr, "supervisor: %s %s: %s\n", what, about, strerror(errno));
}

int64_t monotonic(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

void set_close_on_exec(int descriptor)
{
    fcntl(descriptor, F_SETFD, FD_CLOEXEC);
}

void set_nonblocking(int descriptor)
{
    fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK);
}

/* Opens what is closed of stdin, stdout and stderr: the first pipe must not get such a number. */
static void hold_standard_descriptors(void)
{
    int descriptor;
    do
        descriptor = open("/dev/null", O_RDWR);
    while (descriptor >= 0 && descriptor <= STDERR_FILENO);
    if (descriptor > STDERR_FILENO)
        close(descriptor);
}

/* A port of 1 to 5 digits, from least to 65535; -1 for anything else. */
static int port_of(const char *text, long least)
{
    size_t digits = strspn(text, "0123456789");
    long port = strtol(text, NULL, 10);
    return digits > 0 && digits <= 5 && text[digits] == '\0' && port >= least && port <= 65535 ? (int)port : -1;
}

/* -------------------------------------------- --run ------------------------------------------ */

/*
 * Becomes the command. It leads a group of its own, in front of the terminal if there is one: a
 * Ctrl-C goes to that group, and does not come a second time from us.
 */
static void become(char **command, const sigset_t *mask)
{
    setpgid(0, 0);
    tcsetpgrp(STDIN_FILENO, getpid());
    sigprocmask(SIG_SETMASK, mask, NULL);
    execvp(command[0], command);
    complain("cannot start", command[0]);
    _exit(FAILED);
}

/* Runs a command until it ends, and returns its status; reaps whoever is orphaned meanwhile. */
static int run(char **command)
{
    static const int passed_on[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2, SIGWINCH };
    sigset_t awaited, mask;
    sigemptyset(&awaited);
    sigaddset(&awaited, SIGCHLD);
    sigaddset(&awaited, SIGTTOU);       /* come from tcsetpgrp, if we are not in front */
    for (size_t i = 0; i < sizeof passed_on / sizeof *passed_on; i++)
        sigaddset(&awaited, passed_on[i]);
    sigprocmask(SIG_BLOCK, &awaited, &mask);
    signal(SIGCHLD, SIG_DFL);           /* ignored, it would leave us no status */

    pid_t child = fork();
    if (child < 0) {
        complain("cannot start", command[0]);
        return FAILED;
    }
    if (child == 0)
        become(command, &mask);
    for (;;) {
        int number, status;
        if (sigwait(&awaited, &number) != 0)
            continue;
        if (number != SIGCHLD && number != SIGTTOU)
            kill(child, number);
        for (pid_t ended; (ended = waitpid(-1, &status, WNOHANG)) > 0; )
            if (ended == child)
                return WIFSIGNALED(status) ? SIGNALLED + WTERMSIG(status) : WEXITSTATUS(status);
    }
}

/* Keeps no right above those of a user, also as root; where nothing new can be gained by exec (no-new-privileges) that lasts. */
static void drop_capabilities(void)
{
#ifdef __linux__
    struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
    struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = { { 0, 0, 0 } };
    syscall(SYS_capset, &header, none);
#endif
}

/* Becomes the owner of a folder, if it is root who asks and the owner is not: what is written there is his. */
static bool become_owner(const char *folder)
{
    struct stat facts;
    if (stat(folder, &facts) != 0) {
        complain("cannot see", folder);
        return false;
    }
    if (geteuid() == 0 && facts.st_uid != 0 && (setgid(facts.st_gid) != 0 || setgroups(0, NULL) != 0 || setuid(facts.st_uid) != 0)) {
        complain("cannot become the owner of", folder);
        return false;
    }
    drop_capabilities();
    return true;
}

/* ------------------------------------------ --listens ---------------------------------------- */

/* True if a table of sockets, as /proc/net/tcp, has one that listens on a port. No connection is made: the server gives no ID. */
static bool has_listener(const char *table, unsigned port)
{
    static const unsigned listening = 0x0A;
    FILE *file = fopen(table, "r");
    char line[512];
    bool found = false;
    while (file != NULL && !found && fgets(line, sizeof line, file) != NULL) {
        unsigned local, state;
        found = sscanf(line, " %*u: %*[0-9A-Fa-f]:%x %*[0-9A-Fa-f]:%*x %x", &local, &state) == 2
            && local == port && state == listening;
    }
    if (file != NULL)
        fclose(file);
    return found;
}

int main(int count, char **arguments)
{
    const char *mode = count > 1 ? arguments[1] : "";
    hold_standard_descriptors();
    if (count == 2 && strcmp(mode, "--help") == 0)
        return fputs(USAGE, stdout) < 0 || fflush(stdout) != 0 ? FAILED : DONE;
    if (count > 2 && strcmp(mode, "--run") == 0)
        return run(arguments + 2);
    if (count > 3 && strcmp(mode, "--as-owner-of") == 0)
        return become_owner(arguments[2]) ? run(arguments + 3) : FAILED;
    if (count == 3 && strcmp(mode, "--listens") == 0 && port_of(arguments[2], 1) > 0) {
        unsigned port = (unsigned)port_of(arguments[2], 1);
        return has_listener("/proc/net/tcp", port) || has_listener("/proc/net/tcp6", port) ? DONE : FAILED;
    }
    if (count > 3 && strcmp(mode, "--serve") == 0 && port_of(arguments[2], 0) >= 0)
        return serve(port_of(arguments[2], 0), arguments + 3);
    fputs(USAGE, stderr);
    return MISUSED;
}

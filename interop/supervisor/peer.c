/* A run of the command: what it is started with, its pipes, and its end. */
#include "supervisor.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef NSIG
#define NSIG 32
#endif

/* True for a part of a registry's command that stands for an argument: {port}. */
static bool is_place(const char *part)
{
    size_t letters = part[0] == '{' ? strspn(part + 1, "abcdefghijklmnopqrstuvwxyz") : 0;
    return letters > 0 && strcmp(part + 1 + letters, "}") == 0;
}

/*
 * The command with arguments. If there are as many as it has places for, each goes into its place, in
 * their order; else the places are left out, and the arguments come at the end. The caller frees it.
 */
char **command_with(char **command, char **arguments)
{
    size_t parts = 0, places = 0, given = 0, length = 0;
    for (; command[parts] != NULL; parts++)
        places += is_place(command[parts]);
    while (arguments[given] != NULL)
        given++;
    char **whole = calloc(parts + given + 1, sizeof *whole);
    if (whole == NULL)
        return NULL;
    for (size_t i = 0; i < parts; i++)
        if (!is_place(command[i]))
            whole[length++] = command[i];
        else if (given == places)
            whole[length++] = *arguments++;
    while (*arguments != NULL)
        whole[length++] = *arguments++;
    return whole;
}

/* Becomes the command, in a session of its own and with signals as a program expects them; or writes to `news` why not. */
static void become(char **command, int input, int output, int errors, int news)
{
    sigset_t none;
    sigemptyset(&none);
    setsid();
    for (int number = 1; number < NSIG; number++)
        signal(number, SIG_DFL);
    sigprocmask(SIG_SETMASK, &none, NULL);
    dup2(input, STDIN_FILENO);
    dup2(output, STDOUT_FILENO);
    dup2(errors, STDERR_FILENO);
    execvp(command[0], command);
    int reason = errno;
    if (write(news, &reason, sizeof reason) < 0) {
        /* Nobody is left to be told. */
    }
    _exit(127);
}

/* Returns when the command runs: whatever is told about it from then on is its own doing. */
int start_peer(struct peer *peer, char **command)
{
    enum { INPUT, OUTPUT, ERRORS, NEWS, PIPES };
    int ends[PIPES][2], reason = 0, made = 0;
    while (made < PIPES && pipe(ends[made]) == 0) {
        set_close_on_exec(ends[made][0]);
        set_close_on_exec(ends[made++][1]);
    }
    if (made == PIPES && (peer->id = fork()) == 0)
        become(command, ends[INPUT][0], ends[OUTPUT][1], ends[ERRORS][1], ends[NEWS][1]);
    if (made < PIPES || peer->id < 0) {
        reason = errno;
        while (made-- > 0) {
            close(ends[made][0]);
            close(ends[made][1]);
        }
        return reason;
    }

    close(ends[INPUT][0]);
    close(ends[OUTPUT][1]);
    close(ends[ERRORS][1]);
    close(ends[NEWS][1]);
    ssize_t length;
    do
        length = read(ends[NEWS][0], &reason, sizeof reason);  /* it ends when exec has closed it */
    while (length < 0 && errno == EINTR);
    close(ends[NEWS][0]);
    peer->input = ends[INPUT][1];
    peer->output = ends[OUTPUT][0];
    peer->errors = ends[ERRORS][0];
    if (length > 0) {
        close(peer->input);
        close(peer->output);
        close(peer->errors);
        waitpid(peer->id, NULL, 0);
        return reason;
    }
    set_nonblocking(peer->input);
    set_nonblocking(peer->output);
    set_nonblocking(peer->errors);
    return 0;
}

/* Kills the program and all of its group, and reaps it. Until then its number is nobody else's, also if it ended long ago. */
void end_peer(const struct peer *peer)
{
    kill(-peer->id, SIGKILL);
    while (waitpid(peer->id, NULL, 0) < 0 && errno == EINTR) {
        /* a signal came in between */
    }
}

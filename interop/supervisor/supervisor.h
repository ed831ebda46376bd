/* What the files of the supervisor share. */
#ifndef SUPERVISOR_H
#define SUPERVISOR_H

#define _GNU_SOURCE     /* setgroups, SIGWINCH and POLLRDHUP, which other systems show without it */

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* supervisor.c */

void complain(const char *what, const char *about);     /* one line on stderr, with errno's reason */
int64_t monotonic(void);                                /* nanoseconds */
void set_close_on_exec(int descriptor);
void set_nonblocking(int descriptor);

/* peer.c: a run of the command, with pipes for its stdio */

struct peer {
    pid_t id;                   /* of the program, and of the session and the group that it leads */
    int input, output, errors;  /* our ends of the pipes, none of which waits; -1: closed */
};

char **command_with(char **command, char **arguments);
int start_peer(struct peer *peer, char **command);      /* 0, or the errno that says why not */
void end_peer(const struct peer *peer);

/* waits.c: what its threads wait for */

size_t tell_waits(pid_t id, char *text, size_t size);

/* bytes.c: bytes that wait */

struct bytes {
    unsigned char *room;
    size_t start, length, size;
};

bool append(struct bytes *bytes, const void *more, size_t length);
void drop(struct bytes *bytes, size_t length);

/* serve.c: askers who come over the network */

int serve(int port, char **command);

/* conversation.c: one asker */

void converse(int asker, int bond, int wake, char **command);

#endif

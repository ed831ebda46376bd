/*
 * How long a peer's threads have run, and waited for a processor or the disk, where the system tells
 * (Linux: /proc): by this a machine that starves a peer is told from a peer that dawdles.
 */
#include "supervisor.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>

/* Reads the first line of a thread's file; false if there is none. */
static bool read_line(pid_t id, const char *thread, const char *file, char *line, int size)
{
    char path[300];
    snprintf(path, sizeof path, "/proc/%d/task/%s/%s", (int)id, thread, file);
    FILE *opened = fopen(path, "re");
    bool is_read = opened != NULL && fgets(line, size, opened) != NULL;
    if (opened != NULL)
        fclose(opened);
    return is_read;
}

/*
 * Writes a line for each thread of a process: its number, its state (a letter of stat), nanoseconds that it
 * ran, nanoseconds that it waited. Whole lines only, as many as there is room for; returns their length.
 */
size_t tell_waits(pid_t id, char *text, size_t size)
{
    char folder[64], stat[512], times[128];
    size_t length = 0;
    snprintf(folder, sizeof folder, "/proc/%d/task", (int)id);
    DIR *threads = opendir(folder);
    for (struct dirent *thread; threads != NULL && (thread = readdir(threads)) != NULL;) {
        unsigned long long ran, waited;
        if (thread->d_name[0] == '.' || !read_line(id, thread->d_name, "stat", stat, sizeof stat)
            || !read_line(id, thread->d_name, "schedstat", times, sizeof times))
            continue;
        const char *name_end = strrchr(stat, ')');      /* a name may hold anything */
        if (name_end == NULL || name_end[1] == '\0' || sscanf(times, "%llu %llu", &ran, &waited) != 2)
            continue;
        int line = snprintf(text + length, size - length, "%s %c %llu %llu\n", thread->d_name, name_end[2], ran, waited);
        if (line < 0 || (size_t)line >= size - length)
            break;
        length += (size_t)line;
    }
    if (threads != NULL)
        closedir(threads);
    return length;
}

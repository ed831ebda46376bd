/* Bytes that wait for somebody to take them, in one piece of memory that grows with them. */
#include "supervisor.h"

#include <stdlib.h>
#include <string.h>

/* False if there is no memory; then nothing has changed. */
bool append(struct bytes *bytes, const void *more, size_t length)
{
    if (length == 0)
        return true;
    if (bytes->start + bytes->length + length > bytes->size) {
        if (bytes->start > 0)
            memmove(bytes->room, bytes->room + bytes->start, bytes->length);
        bytes->start = 0;
        if (bytes->length + length > bytes->size) {
            size_t size = 2 * (bytes->length + length);
            unsigned char *room = realloc(bytes->room, size);
            if (room == NULL)
                return false;
            bytes->room = room;
            bytes->size = size;
        }
    }
    memcpy(bytes->room + bytes->start + bytes->length, more, length);
    bytes->length += length;
    return true;
}

void drop(struct bytes *bytes, size_t length)
{
    bytes->length -= length;
    bytes->start = bytes->length > 0 ? bytes->start + length : 0;
}

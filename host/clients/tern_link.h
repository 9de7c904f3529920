/* Frames of the link to a board that `tern synth --board` made, for a host program in C99 or C++: docs/link.md says what they
 * carry. Nothing is allocated, nothing is read or written but what is passed.
 *
 *     uint8_t bytes[TERN_LINK_BYTES];
 *     size_t count = tern_link_encode('I', 1, NULL, 0, bytes);      // write these to the serial port
 *     TernLinkReader reader = {0};
 *     TernLinkFrame frame;
 *     while (!tern_link_push(&reader, next_byte(), &frame)) {}      // until a whole frame has come
 */
#ifndef TERN_LINK_H
#define TERN_LINK_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* The most bytes of a stream in a request. */
#define TERN_LINK_DATA 252
/* The most bytes of a payload: a status and 256 bytes of the output stream. */
#define TERN_LINK_PAYLOAD 257
/* The most bytes of a frame on the line: a zero, kind, number, payload and check sum with two bytes of COBS, a zero. */
#define TERN_LINK_BYTES (TERN_LINK_PAYLOAD + 10)

/* A frame. */
typedef struct {
    uint8_t kind;   /* an ASCII letter */
    uint8_t number; /* of the request */
    size_t count;   /* bytes of the payload */
    uint8_t payload[TERN_LINK_PAYLOAD];
} TernLinkFrame;

/* Finds frames among the bytes of a line; begins as {0}. */
typedef struct {
    size_t count;
    uint32_t dropped; /* frames that were none */
    uint8_t bytes[TERN_LINK_BYTES];
} TernLinkReader;

/* CRC-32 of IEEE 802.3. */
static inline uint32_t tern_link_crc32(const uint8_t *bytes, size_t count) {
    uint32_t crc = 0xffffffffu;
    for (size_t i = 0; i < count; i++) {
        crc ^= bytes[i];
        for (int bit = 0; bit < 8; bit++)
            crc = (crc >> 1) ^ (crc & 1 ? 0xedb88320u : 0);
    }
    return ~crc;
}

/* Writes a frame between two zeros to `line`, TERN_LINK_BYTES long; how many bytes it has, 0 if the payload is too long. */
static inline size_t tern_link_encode(char kind, uint8_t number, const uint8_t *payload, size_t count, uint8_t *line) {
    uint8_t plain[TERN_LINK_PAYLOAD + 6];
    size_t length = 2, end = 1, block = 1;
    if (count > TERN_LINK_PAYLOAD)
        return 0;
    plain[0] = (uint8_t)kind;
    plain[1] = number;
    if (count > 0)
        memcpy(plain + 2, payload, count);
    length += count;
    for (uint32_t i = 0, crc = tern_link_crc32(plain, length); i < 4; i++)
        plain[length++] = (uint8_t)(crc >> (8 * i));
    line[0] = 0;
    line[end++] = 1;
    for (size_t i = 0; i < length; i++) {
        if (plain[i] != 0) {
            line[end++] = plain[i];
            line[block]++;
        }
        if (plain[i] == 0 || (line[block] == 255 && i + 1 < length)) {
            block = end;
            line[end++] = 1;
        }
    }
    line[end++] = 0;
    return end;
}

/* Takes a byte of the line; 1 if it ends a frame, which is then in `frame`. */
static inline int tern_link_push(TernLinkReader *reader, uint8_t byte, TernLinkFrame *frame) {
    uint8_t plain[TERN_LINK_BYTES];
    size_t length = 0, next = 0, count = reader->count;
    uint32_t sent = 0;
    int whole = count < TERN_LINK_BYTES;
    if (byte != 0) {
        if (whole)
            reader->bytes[reader->count++] = byte;
        return 0;
    }
    reader->count = 0;
    if (count == 0)
        return 0;
    while (whole && next < count) {
        size_t block = reader->bytes[next];
        whole = next + block <= count;
        for (size_t i = 1; whole && i < block; i++)
            plain[length++] = reader->bytes[next + i];
        next += block;
        if (whole && block < 255 && next < count)
            plain[length++] = 0;
    }
    whole = whole && length >= 6 && length - 6 <= TERN_LINK_PAYLOAD;
    for (uint32_t i = 0; whole && i < 4; i++)
        sent |= (uint32_t)plain[length - 4 + i] << (8 * i);
    if (!whole || sent != tern_link_crc32(plain, length - 4)) {
        reader->dropped++;
        return 0;
    }
    frame->kind = plain[0];
    frame->number = plain[1];
    frame->count = length - 6;
    memcpy(frame->payload, plain + 2, frame->count);
    return 1;
}

#endif

/* Asks the board at a serial port who it is, in C99 with POSIX terminals:
 *
 *     cc -std=c99 -o identify identify.c && ./identify /dev/ttyUSB1
 */
#define _DEFAULT_SOURCE
#include "tern_link.h"

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <termios.h>
#include <unistd.h>

static uint32_t number(const uint8_t *bytes, int count) {
    return count == 0 ? 0 : bytes[0] | number(bytes + 1, count - 1) << 8;
}

int main(int count, char **words) {
    TernLinkReader reader = {0};
    TernLinkFrame frame;
    uint8_t line[TERN_LINK_BYTES], byte;
    struct termios mode;
    int port = count == 2 ? open(words[1], O_RDWR | O_NOCTTY) : -1;
    if (port < 0 || tcgetattr(port, &mode) != 0) {
        fprintf(stderr, "error: expected the path of a serial port\n");
        return 2;
    }
    cfmakeraw(&mode);
    cfsetspeed(&mode, B115200);
    tcsetattr(port, TCSANOW, &mode);
    /* The second number is for a board whose last request had the first. */
    for (uint8_t attempt = 1; attempt <= 8; attempt++) {
        size_t length = tern_link_encode('I', attempt, NULL, 0, line);
        struct pollfd ready = {port, POLLIN, 0};
        if (write(port, line, length) != (ssize_t)length)
            break;
        while (poll(&ready, 1, 500) == 1 && read(port, &byte, 1) == 1) {
            if (!tern_link_push(&reader, byte, &frame) || frame.kind != 'I' || frame.count != 64)
                continue;
            const uint8_t *who = frame.payload;
            printf("%.24s: %u inputs of %u bits, %u outputs, %u Hz\n", (const char *)who + 40,
                   (unsigned)number(who + 12, 2), (unsigned)who[14], (unsigned)number(who + 18, 2),
                   (unsigned)number(who + 4, 4));
            return 0;
        }
    }
    fprintf(stderr, "error: %s: nothing answers as a board does\n", words[1]);
    return 1;
}

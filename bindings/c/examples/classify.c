/* Runs a network on one sequence: a model file, and inputs [time][X] as `tern features --out inputs.npy` writes them.
 *
 *     cc classify.c -I ../include -L ../../../target/release -ltern -o classify
 *     ./classify model.safetensors inputs.npy
 *
 * Prints the outputs, a line per output of the sequence, and of a network with labels the name of the largest one of the last.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tern.h"

/* Says why and gives up. */
static void fail(const char *what, const char *why)
{
    fprintf(stderr, "error: %s: %s\n", what, why);
    exit(2);
}

static void *allocate(size_t count, size_t size)
{
    void *memory = calloc(count ? count : 1, size);
    if (memory == NULL)
        fail("memory", "there is none left");
    return memory;
}

/* The integers of an NPY file of little-endian 32-bit ones, on a little-endian machine. */
static int32_t *read_npy(const char *path, size_t *count)
{
    unsigned char head[10];
    char *header;
    size_t length;
    long begin, end;
    int32_t *values;
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        fail(path, "cannot be opened");
    if (fread(head, 1, sizeof head, file) != sizeof head || memcmp(head, "\x93NUMPY\x01", 7) != 0)
        fail(path, "is not an NPY file of version 1");
    length = head[8] + 256u * head[9];
    header = allocate(length + 1, 1);
    if (fread(header, 1, length, file) != length || strstr(header, "'<i4'") == NULL)
        fail(path, "does not hold 32-bit integers");
    free(header);
    begin = ftell(file);
    if (begin < 0 || fseek(file, 0, SEEK_END) != 0 || (end = ftell(file)) < begin || fseek(file, begin, SEEK_SET) != 0)
        fail(path, "cannot be read");
    *count = (size_t)(end - begin) / sizeof *values;
    values = allocate(*count, sizeof *values);
    if (fread(values, sizeof *values, *count, file) != *count)
        fail(path, "cannot be read");
    fclose(file);
    return values;
}

int main(int argc, char **argv)
{
    tern_network *network;
    tern_state *state;
    int32_t *inputs, *outputs;
    size_t input_count, output_count, steps, size, k, best = 0;

    if (argc != 3)
        fail("usage", "classify MODEL.safetensors INPUTS.npy");
    if (tern_network_load(argv[1], &network) != TERN_OK)
        fail("model", tern_error());
    if (tern_state_new(network, 1, &state) != TERN_OK)
        fail("state", tern_error());

    inputs = read_npy(argv[2], &input_count);
    steps = input_count / tern_network_input_size(network);
    size = tern_network_output_size(network);
    output_count = size * (tern_network_gives_every_step(network) ? steps : 1);
    outputs = allocate(output_count, sizeof *outputs);
    if (tern_state_run(state, steps, inputs, input_count, outputs, output_count) != TERN_OK)
        fail(argv[2], tern_error());

    for (k = 0; k < output_count; k++)
        printf("%ld%c", (long)outputs[k], (k + 1) % size == 0 ? '\n' : ' ');
    for (k = 0; k < size; k++)
        if (outputs[output_count - size + k] > outputs[output_count - size + best])
            best = k;
    if (tern_network_label(network, best) != NULL)
        printf("%s\n", tern_network_label(network, best));

    free(outputs);
    free(inputs);
    tern_state_free(state);
    tern_network_free(network);
    return 0;
}

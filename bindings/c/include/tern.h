/* Tern: ternary recurrent networks from a model file, with the vector instructions of the processor.
 *
 * The numbers are those of Tern's golden model and of its hardware, bit for bit: integers throughout.
 *
 *     tern_network *network;
 *     tern_state *state;
 *     if (tern_network_load("model.safetensors", &network) != TERN_OK) { puts(tern_error()); return 1; }
 *     if (tern_state_new(network, 1, &state) != TERN_OK) { puts(tern_error()); return 1; }
 *     if (tern_state_step(state, x, input_size, y, output_size) != TERN_OK) { puts(tern_error()); return 1; }
 *     tern_state_free(state);
 *     tern_network_free(network);
 *
 * Every function may be called with null pointers, which is an error or, where there is nothing to do, nothing. A network never
 * changes, and threads may share it; a state belongs to one thread at a time. No function waits, prints or starts a thread.
 *
 * Sizes: X = tern_network_input_size, N = tern_network_output_size, S = the sequences of a state. Arrays of several dimensions
 * are row-major. A count is always that of the integers of the whole array, which must be what the function needs.
 *
 * SPDX-License-Identifier: MIT OR Apache-2.0
 */
#ifndef TERN_H
#define TERN_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What a function returns. */
typedef enum tern_status {
    TERN_OK = 0,
    TERN_ARGUMENT = 1, /* a null pointer, a wrong count, a number out of range */
    TERN_FILE = 2,     /* a file that cannot be read */
    TERN_MODEL = 3,    /* a model file that breaks a rule of its format */
    TERN_INPUT = 4,    /* an input that is none of the network's */
    TERN_INTERNAL = 5  /* a fault of this library */
} tern_status;

/* A model file, ready to run. */
typedef struct tern_network tern_network;

/* Sequences that run side by side through a network, each with a state of its own. */
typedef struct tern_state tern_state;

/* One sentence that says why the last function that returns a status failed in this thread, in UTF-8; empty where it did not
 * fail. Valid until this thread calls another such function. */
const char *tern_error(void);

/* Reads the model file at `path` and lays its weights out for this processor. `*network` is null where that fails; otherwise
 * tern_network_free frees it. */
tern_status tern_network_load(const char *path, tern_network **network);

/* The same of the `size` bytes of a model file in memory, which are not used afterwards. */
tern_status tern_network_from_bytes(const void *bytes, size_t size, tern_network **network);

/* Frees a network. Its states go on: they keep what they need. */
void tern_network_free(tern_network *network);

/* Name of the network, in UTF-8; lives as long as the network. */
const char *tern_network_name(const tern_network *network);

/* Elements X of an input, 1 to 4096. */
size_t tern_network_input_size(const tern_network *network);

/* Bits b of an input element, 2 to 8. With 2 an element is -1, 0 or 1, otherwise -2^(b-1) to 2^(b-1) - 1, of which the lowest
 * is read as the one above it. */
uint32_t tern_network_input_bits(const tern_network *network);

/* Values N of an output, 1 to 4096: those of the head, or the hidden state of the last layer where there is no head. */
size_t tern_network_output_size(const tern_network *network);

/* 1 where every time step of a sequence gives an output, 0 where only the last one does. */
int32_t tern_network_gives_every_step(const tern_network *network);

/* How many labels the outputs have: N, or 0 where the file has none. */
size_t tern_network_label_count(const tern_network *network);

/* Label of output `index`, in UTF-8; null where there is none. Lives as long as the network. */
const char *tern_network_label(const tern_network *network, size_t index);

/* Tokens of a language model, 0 where the file has no embedding. Token t is label t. */
size_t tern_network_token_count(const tern_network *network);

/* Writes the input [X] of a token. `input_count` is X. */
tern_status tern_network_token(const tern_network *network, size_t token, int32_t *inputs, size_t input_count);

/* What the network runs with on this machine: "portable", "avx2" or "avx512". The numbers are the same. */
const char *tern_network_instructions(const tern_network *network);

/* A state of `sequences` sequences, 1 to 65536, at their start. `*state` is null where that fails; otherwise tern_state_free
 * frees it. */
tern_status tern_state_new(const tern_network *network, size_t sequences, tern_state **state);

/* Frees a state. */
void tern_state_free(tern_state *state);

/* The sequences S of a state. */
size_t tern_state_sequences(const tern_state *state);

/* Sets all sequences to their start. */
tern_status tern_state_reset(tern_state *state);

/* One time step of every sequence: inputs [S][X], outputs [S][N], also where the network gives an output at the end of a
 * sequence only. `input_count` is S * X, `output_count` S * N. Allocates nothing. Where it fails, state and outputs are as they
 * were. */
tern_status tern_state_step(tern_state *state, const int32_t *inputs, size_t input_count, int32_t *outputs,
                            size_t output_count);

/* Whole sequences of `steps` time steps, from their start: inputs [steps][S][X]; outputs [steps][S][N] where the network gives
 * one every time step, otherwise [S][N]. The state is then that after the last step. Where it fails, state and outputs are as
 * they were. */
tern_status tern_state_run(tern_state *state, size_t steps, const int32_t *inputs, size_t input_count, int32_t *outputs,
                           size_t output_count);

#ifdef __cplusplus
}
#endif

#endif

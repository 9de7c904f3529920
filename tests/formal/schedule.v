// Schedule of a shape: no address beyond its memory (Position's contract 2), waits (contracts 1 and 2) and ends (contract 5): while
// inputs come and the output is read, a step ends within CYCLES cycles. What is assumed of it in the proofs of Input and Drain holds.
module properties(
    input clock, input clear, input input_ready, input input_ending, input output_busy, input drain_finished
);
    wire taken, output_start, output_ending, bank, input_beat, hidden_beat, fresh, shift, last, part_last, done, done_head;
    wire [`ROW_BITS-1:0] rows;
    wire [`CHUNK_BITS-1:0] chunk;
    wire [`ADDRESS_BITS-1:0] address;
    // The drain finishes a head block that it has.
    reg in_head = 0;
    tern_schedule dut(
        .clock(clock), .clear(clear), .input_ready(input_ready), .input_ending(input_ending),
        .drain_finished(drain_finished & in_head), .output_busy(output_busy),
        .taken(taken), .output_start(output_start), .output_ending(output_ending), .bank(bank),
        .input_beat(input_beat), .hidden_beat(hidden_beat), .fresh(fresh), .chunk(chunk), .address(address),
        .shift(shift), .last(last), .part_last(part_last), .done(done), .done_head(done_head), .done_rows(rows)
    );
    reg started = 0;
    always @(posedge clock) started <= 1;
    always @(*) if (!started) assume(clear);

    // Cycles in which nothing outside held the schedule back, since a step's last input went.
    reg [15:0] waited = 0;
    reg was_ready = 0;
    wire free = input_ready & !output_busy & !in_head;
    // Cycles since a block's end, and chunks of x since the step's first.
    reg [7:0] since = `ROWS, uses = 0;
    always @(posedge clock) begin
        waited <= clear | taken ? 16'd0 : waited + free;
        was_ready <= input_ready & !clear;
        in_head <= !clear & ((done & done_head) | (in_head & !drain_finished));
        since <= clear ? `ROWS : done ? 8'd1 : since < `ROWS ? since + 8'd1 : since;
        uses <= clear ? 8'd0 : (uses + input_beat) % `BEATS;
    end
    always @(*) if (started) begin
        if (input_beat | hidden_beat) word_in_memory: assert(address < `WORDS);
        if (hidden_beat) chunk_in_memory: assert(chunk < `CHUNKS);
        if (input_beat) input_was_there: assert(was_ready);
        one_source: assert(!(input_beat & hidden_beat));
        step_ends: assert(waited <= `CYCLES);
        if (taken) only_what_is_ready: assert(input_ready);
        if (taken) whole_turns_of_the_ring: assert((uses + input_beat + 1) % `BEATS == 0);
        if (done) blocks_apart: assert(since >= `ROWS & !in_head);
        if (done) rows_of_the_array: assert(rows < `ROWS);
        if (output_start) output_waits: assert(!output_busy);
        last_word: cover((input_beat | hidden_beat) & address == `WORDS - 1);
        second_step: cover(hidden_beat & bank);
        output: cover((output_start & output_ending) | (in_head & drain_finished));
    end
endmodule

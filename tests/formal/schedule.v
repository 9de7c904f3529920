// Schedule of a shape: no address beyond its memory (Position's contract 2), waits (contract 1) and ends (contract 5): while
// inputs come and the output is read, a step ends within CYCLES cycles.
module properties(input clock, input clear, input input_ready, input input_ending, input copy_busy);
    wire taken, output_start, output_ending, bank, input_beat, hidden_beat, fresh, shift, last, part_last, done;
    wire [`CHUNK_BITS-1:0] chunk;
    wire [`ADDRESS_BITS-1:0] address;
    tern_schedule dut(
        .clock(clock), .clear(clear), .input_ready(input_ready), .input_ending(input_ending),
        .drain_finished(1'b0), .copy_busy(copy_busy),
        .taken(taken), .output_start(output_start), .output_ending(output_ending), .bank(bank),
        .input_beat(input_beat), .hidden_beat(hidden_beat), .fresh(fresh), .chunk(chunk), .address(address),
        .shift(shift), .last(last), .part_last(part_last), .done(done)
    );
    reg started = 0;
    always @(posedge clock) started <= 1;
    always @(*) if (!started) assume(clear);

    // Cycles in which nothing outside held the schedule back, since a step's last input went.
    reg [15:0] waited = 0;
    reg was_ready = 0;
    wire free = input_ready & !copy_busy;
    always @(posedge clock) begin
        waited <= clear | taken ? 16'd0 : waited + free;
        was_ready <= input_ready & !clear;
    end
    always @(*) if (started) begin
        if (input_beat | hidden_beat) word_in_memory: assert(address < `WORDS);
        if (hidden_beat) chunk_in_memory: assert(chunk < `CHUNKS);
        if (input_beat) input_was_there: assert(was_ready);
        one_source: assert(!(input_beat & hidden_beat));
        step_ends: assert(waited <= `CYCLES);
        if (taken) only_what_is_ready: assert(input_ready);
        if (output_start) output_waits: assert(!copy_busy);
        last_word: cover((input_beat | hidden_beat) & address == `WORDS - 1);
        second_step: cover(hidden_beat & bank);
        output: cover(output_start & output_ending);
    end
endmodule

// Output of a state of CHUNKS chunks: contract 1 (handshake), 2 (every chunk once, in order, tlast), 3 (busy until the last is read).
module properties(
    input clock, input clear, input start, input start_ending, input free, input [2*`LANES-1:0] memory, input tready
);
    wire read, busy, tvalid, tlast;
    wire [`INDEX_BITS-1:0] read_chunk;
    wire [`DATA_BITS-1:0] tdata;
    wire [2*`LANES-1:0] chunk = memory;
    wire begins = start & !busy;
    tern_state_output dut(
        .clock(clock), .clear(clear), .start(begins), .start_ending(start_ending), .free(free), .chunk(chunk),
        .read(read), .read_chunk(read_chunk), .busy(busy), .tdata(tdata), .tvalid(tvalid), .tlast(tlast), .tready(tready)
    );
    handshake #(.WIDTH(`DATA_BITS + 1)) sink(
        .clock(clock), .clear(clear), .valid(tvalid), .ready(tready), .data({tlast, tdata}), .assumed(1'b0)
    );

    // A core resets before it begins, which sets the number of the first chunk.
    reg started = 0;
    always @(posedge clock) started <= 1;
    always @(*) if (!started) assume(clear);

    // Chunks read and sent of the present output; what the memory answered for the chunk that is on its way.
    reg [`INDEX_BITS:0] reads = 0;
    reg ending = 0, last_read = 0, arriving = 0, waiting = 0, waiting_last = 0;
    reg [2*`LANES-1:0] answer;
    wire sent = tvalid & tready;
    always @(posedge clock) begin
        if (begins) begin reads <= 0; ending <= start_ending; end
        else if (read) reads <= reads + 1;
        arriving <= read;
        last_read <= read & reads == `CHUNKS - 1 & ending;
        if (arriving) begin answer <= chunk; waiting_last <= last_read; end
        waiting <= arriving | (waiting & !sent);
        if (clear) begin arriving <= 0; waiting <= 0; reads <= `CHUNKS; end
    end
    always @(*) if (started & !clear) begin
        if (read) in_order: assert(read_chunk == `FIRST + reads);
        if (read) only_what_is_free: assert(free);
        if (read) each_once: assert(reads < `CHUNKS);
        if (busy) busy_while_chunks_are_left: assert(reads < `CHUNKS);
        if (!busy) ends_when_all_are_read: assert(reads == `CHUNKS);
        one_at_a_time: assert(!(arriving & waiting));
        sent_what_was_read: assert(tvalid == waiting);
        if (tvalid & !waiting_last_partial) as_it_was: assert(tdata[2*`LANES-1:0] == answer);
        if (tvalid) tlast_at_the_end: assert(tlast == waiting_last);
        all_read: cover(reads == `CHUNKS && waiting && waiting_last);
        next_output_meets_the_last: cover(begins & waiting & !tready);
    end
    reg waiting_last_partial = 0, arriving_partial = 0;
    always @(posedge clock) begin
        arriving_partial <= read & reads == `CHUNKS - 1 & `PARTIAL;
        if (arriving) waiting_last_partial <= arriving_partial;
    end
endmodule

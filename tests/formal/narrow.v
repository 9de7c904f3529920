// Narrow of BYTES bytes: contract 1 (handshake), 2 (which byte is when, tlast), 3 (ready is registers), 4 (reset).
module properties(
    input clock, input reset, input [8*`BYTES:0] offer, input s_valid, input m_ready,
    input diverge, input [8*`BYTES:0] other_offer, input other_s_valid, input other_m_ready
);
    localparam WIDTH = 8 * `BYTES;
    wire s_ready, m_valid, m_last, other_s_ready;
    wire [7:0] sent_byte;
    tern_narrow dut(
        .clock(clock), .reset(reset),
        .s_axis_tdata(offer[WIDTH-1:0]), .s_axis_tvalid(s_valid), .s_axis_tready(s_ready), .s_axis_tlast(offer[WIDTH]),
        .m_axis_tdata(sent_byte), .m_axis_tvalid(m_valid), .m_axis_tready(m_ready), .m_axis_tlast(m_last)
    );
    handshake #(.WIDTH(WIDTH + 1)) source(
        .clock(clock), .clear(reset), .valid(s_valid), .ready(s_ready), .data(offer), .assumed(1'b1)
    );
    handshake #(.WIDTH(9)) sink(
        .clock(clock), .clear(reset), .valid(m_valid), .ready(m_ready), .data({m_last, sent_byte}), .assumed(1'b0)
    );

    reg diverged = 0;
    wire differs = diverge | diverged;
    always @(posedge clock) diverged <= differs;
    tern_narrow other(
        .clock(clock), .reset(reset),
        .s_axis_tdata(differs ? other_offer[WIDTH-1:0] : offer[WIDTH-1:0]),
        .s_axis_tvalid(differs ? other_s_valid : s_valid), .s_axis_tready(other_s_ready),
        .s_axis_tlast(differs ? other_offer[WIDTH] : offer[WIDTH]),
        .m_axis_tdata(), .m_axis_tvalid(), .m_axis_tready(differs ? other_m_ready : m_ready), .m_axis_tlast()
    );
    always @(*) if (!diverged) ready_is_registers: assert(s_ready == other_s_ready);

    // One bit of each beat, any one, is followed to its byte; two beats are inside at most.
    (* anyconst *) reg [$clog2(`BYTES)-1:0] place;
    (* anyconst *) reg [2:0] bit_of;
    wire [WIDTH-1:0] from_bit = offer[WIDTH-1:0] >> {place, bit_of};
    reg [$clog2(`BYTES + 1)-1:0] count = 0;
    reg [1:0] first = 0, second = 0, beats = 0;
    wire taken = s_valid & s_ready, sent = m_valid & m_ready;
    wire ends = sent & count == `BYTES - 1;
    wire [1:0] fresh = {offer[WIDTH], from_bit[0]};
    always @(posedge clock) begin
        if (sent) count <= ends ? 0 : count + 1;
        if (taken & ends) begin
            if (beats == 1) first <= fresh;
            else begin first <= second; second <= fresh; end
        end else if (taken) begin
            if (beats == 0) first <= fresh;
            else second <= fresh;
        end else if (ends) first <= second;
        beats <= beats + taken - ends;
        if (reset) begin count <= 0; beats <= 0; end
    end
    always @(*) begin
        assume(place < `BYTES);
        at_most_two_beats: assert(beats <= 2);
        if (m_valid) begin
            no_byte_from_nowhere: assert(beats != 0);
            if (count == place) byte_in_its_turn: assert(sent_byte[bit_of] == first[0]);
            tlast_on_the_last_byte: assert(m_last == (first[1] & count == `BYTES - 1));
        end
        beat_sent: cover(ends & m_last);
        two_beats_inside: cover(beats == 2);
    end
endmodule

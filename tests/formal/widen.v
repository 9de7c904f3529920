// Widen of BYTES bytes: contract 1 (handshake), 2 and 3 (which byte is where, tlast, filling up), 4 (ready is registers), 5 (reset).
module properties(
    input clock, input reset, input [8:0] offer, input s_valid, input m_ready,
    input diverge, input [8:0] other_offer, input other_s_valid, input other_m_ready
);
    localparam WIDTH = 8 * `BYTES;
    wire s_ready, m_valid, m_last, other_s_ready;
    wire [WIDTH-1:0] beat;
    tern_widen dut(
        .clock(clock), .reset(reset),
        .s_axis_tdata(offer[7:0]), .s_axis_tvalid(s_valid), .s_axis_tready(s_ready), .s_axis_tlast(offer[8]),
        .m_axis_tdata(beat), .m_axis_tvalid(m_valid), .m_axis_tready(m_ready), .m_axis_tlast(m_last)
    );
    handshake #(.WIDTH(9)) source(
        .clock(clock), .clear(reset), .valid(s_valid), .ready(s_ready), .data(offer), .assumed(1'b1)
    );
    handshake #(.WIDTH(WIDTH + 1)) sink(
        .clock(clock), .clear(reset), .valid(m_valid), .ready(m_ready), .data({m_last, beat}), .assumed(1'b0)
    );

    reg diverged = 0;
    wire differs = diverge | diverged;
    always @(posedge clock) diverged <= differs;
    tern_widen other(
        .clock(clock), .reset(reset),
        .s_axis_tdata(differs ? other_offer[7:0] : offer[7:0]), .s_axis_tvalid(differs ? other_s_valid : s_valid),
        .s_axis_tready(other_s_ready), .s_axis_tlast(differs ? other_offer[8] : offer[8]),
        .m_axis_tdata(), .m_axis_tvalid(), .m_axis_tready(differs ? other_m_ready : m_ready), .m_axis_tlast()
    );
    always @(*) if (!diverged) ready_is_registers: assert(s_ready == other_s_ready);

    // One bit of each beat, any one, is followed from its byte to the beat; two beats are inside at most.
    (* anyconst *) reg [$clog2(`BYTES)-1:0] place;
    (* anyconst *) reg [2:0] bit_of;
    wire [WIDTH-1:0] from_bit = beat >> {place, bit_of};
    reg [$clog2(`BYTES + 1)-1:0] count = 0;
    reg partial = 0;
    reg [1:0] first = 0, second = 0, beats = 0;
    wire taken = s_valid & s_ready, sent = m_valid & m_ready;
    wire now = count == place ? offer[bit_of] : (count < place ? 1'b0 : partial);
    wire complete = taken & (offer[8] | count == `BYTES - 1);
    always @(posedge clock) begin
        if (taken) begin
            count <= complete ? 0 : count + 1;
            partial <= complete ? 1'b0 : now;
        end
        if (complete & sent) begin
            if (beats == 1) first <= {offer[8], now};
            else begin first <= second; second <= {offer[8], now}; end
        end else if (complete) begin
            if (beats == 0) first <= {offer[8], now};
            else second <= {offer[8], now};
        end else if (sent) first <= second;
        beats <= beats + complete - sent;
        if (reset) begin count <= 0; beats <= 0; partial <= 0; end
    end
    always @(*) begin
        assume(place < `BYTES);
        at_most_two_beats: assert(beats <= 2);
        if (m_valid) begin
            no_beat_from_nowhere: assert(beats != 0);
            byte_in_its_place: assert(from_bit[0] == first[0]);
            tlast_of_the_last_byte: assert(m_last == first[1]);
        end
        beat_cut_short: cover(m_valid & m_last & complete & count == 0);
        two_beats_inside: cover(beats == 2);
    end
endmodule

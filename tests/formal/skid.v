// Skid: contract 1 (handshake), 2 (nothing lost, changed or reordered), 3 (ready is a register).
module properties(
    input clock, input clear, input diverge, input watch,
    input [8:0] offer, input s_valid, input m_ready, input [8:0] other_offer, input other_s_valid, input other_m_ready
);
    wire s_ready, m_valid, other_s_ready;
    wire [8:0] beat;
    tern_skid dut(
        .clock(clock), .clear(clear),
        .s_axis_tdata(offer[7:0]), .s_axis_tvalid(s_valid), .s_axis_tready(s_ready), .s_axis_tlast(offer[8]),
        .m_axis_tdata(beat[7:0]), .m_axis_tvalid(m_valid), .m_axis_tready(m_ready), .m_axis_tlast(beat[8])
    );
    handshake #(.WIDTH(9)) source(
        .clock(clock), .clear(clear), .valid(s_valid), .ready(s_ready), .data(offer), .assumed(1'b1)
    );
    handshake #(.WIDTH(9)) sink(
        .clock(clock), .clear(clear), .valid(m_valid), .ready(m_ready), .data(beat), .assumed(1'b0)
    );

    // Contract 3: a second buffer sees the same until a cycle in which its inputs differ; ready must not, in that cycle.
    reg diverged = 0;
    wire differs = diverge | diverged;
    always @(posedge clock) diverged <= differs;
    tern_skid other(
        .clock(clock), .clear(clear),
        .s_axis_tdata(differs ? other_offer[7:0] : offer[7:0]), .s_axis_tvalid(differs ? other_s_valid : s_valid),
        .s_axis_tready(other_s_ready), .s_axis_tlast(differs ? other_offer[8] : offer[8]),
        .m_axis_tdata(), .m_axis_tvalid(), .m_axis_tready(differs ? other_m_ready : m_ready), .m_axis_tlast()
    );
    always @(*) if (!diverged) ready_is_a_register: assert(s_ready == other_s_ready);

    // Contract 2: a watched byte leaves when all before it have left, and as it came.
    reg watching = 0;
    reg [8:0] watched;
    reg [1:0] inside = 0, ahead;
    wire taken = s_valid & s_ready, sent = m_valid & m_ready;
    wire starts = taken & watch & !watching;
    wire [1:0] before = watching ? ahead : inside;
    always @(posedge clock) begin
        inside <= clear ? 2'd0 : inside + taken - sent;
        if (starts) watched <= offer;
        if (clear) watching <= 0;
        else if (watching | starts) begin
            watching <= !(sent && before == 0);
            ahead <= before - sent;
        end
    end
    always @(*) begin
        at_most_one_inside: assert(inside <= 1);
        if (sent) no_byte_from_nowhere: assert(inside != 0 || taken);
        if (watching && m_valid && before == 0) as_it_came: assert(beat == watched);
        if (starts && m_valid && before == 0) passed_on_at_once: assert(beat == offer);
        kept_byte_leaves: cover(watching && sent && before == 0);
        both_ends_move: cover(taken && sent && inside == 0);
    end
endmodule

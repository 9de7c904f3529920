// Two texts of one converter between streams of BYTES bytes, the one that Rust-HDL writes and the readable one: equal outputs, for ever.
module properties(input clock, input reset, input [`INPUT_BITS-1:0] data, input valid, input last, input ready);
    wire [`OUTPUT_BITS+2:0] readable, raw;
    readable_top a(
        .clock(clock), .reset(reset), .s_axis_tdata(data), .s_axis_tvalid(valid), .s_axis_tlast(last), .m_axis_tready(ready),
        .s_axis_tready(readable[0]), .m_axis_tvalid(readable[1]), .m_axis_tlast(readable[2]), .m_axis_tdata(readable[`OUTPUT_BITS+2:3])
    );
    raw_top b(
        .clock(clock), .reset(reset), .s_axis_tdata(data), .s_axis_tvalid(valid), .s_axis_tlast(last), .m_axis_tready(ready),
        .s_axis_tready(raw[0]), .m_axis_tvalid(raw[1]), .m_axis_tlast(raw[2]), .m_axis_tdata(raw[`OUTPUT_BITS+2:3])
    );
    always @(*) begin
        same_outputs: assert(readable == raw);
        a_beat_leaves: cover(readable[1] & ready & !reset);
        back_pressure: cover(readable[1] & !readable[0]);
    end
endmodule

// One clock cycle for each line on standard input: "FLAGS DATA BYTE", hexadecimal, FLAGS = {w_tvalid, reset, tvalid, tlast,
// tready}, BYTE for the load port, of a core that has one. Answers "{s_tready, m_tvalid, m_tlast, w_tready, unknown} DATA",
// sampled just before the rising edge. What a beat carries may be unknown while it is not valid; before the first reset has
// ended everything may.
module testbench;
    reg clock = 0, known = 0;
    reg [4:0] flags = 0;
    reg [255:0] data = 0;
    reg [7:0] load = 0;
    wire s_tready, m_tvalid, m_tlast, w_tready;
    wire [OUTPUT_BITS-1:0] m_tdata;
    wire handshake = ^{s_tready, m_tvalid, w_tready};
    wire unknown = known & ~flags[3] & ((handshake === 1'bx) | (m_tvalid & (^{m_tlast, m_tdata} === 1'bx)));
    integer words;

    TOP_MODULE core(
`ifdef LOAD_PORT
        .w_axis_tdata(load), .w_axis_tvalid(flags[4]), .w_axis_tready(w_tready),
`endif
        .clock(clock), .reset(flags[3]),
        .s_axis_tdata(data[INPUT_BITS-1:0]), .s_axis_tvalid(flags[2]), .s_axis_tlast(flags[1]), .s_axis_tready(s_tready),
        .m_axis_tdata(m_tdata), .m_axis_tvalid(m_tvalid), .m_axis_tlast(m_tlast), .m_axis_tready(flags[0])
    );
`ifndef LOAD_PORT
    assign w_tready = 0;
`endif

    initial begin
        words = $fscanf(32'h8000_0000, "%h %h %h", flags, data, load);
        while (words == 3) begin
            #1;
            $display("%b%b%b%b%b %h", s_tready, m_tvalid, m_tlast, w_tready, unknown, m_tdata);
            $fflush;
            if (flags[3]) known = 1;
            clock = 1;
            #1 clock = 0;
            words = $fscanf(32'h8000_0000, "%h %h %h", flags, data, load);
        end
        $finish;
    end
endmodule

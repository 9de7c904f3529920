// One clock cycle for each line on standard input: "FLAGS DATA", hexadecimal, FLAGS = {reset, tvalid, tlast, tready}.
// Answers "{s_tready, m_tvalid, m_tlast, unknown} DATA", sampled just before the rising edge. What a beat carries may be
// unknown while it is not valid; before the first reset has ended everything may.
module testbench;
    reg clock = 0, known = 0;
    reg [3:0] flags = 0;
    reg [255:0] data = 0;
    wire s_tready, m_tvalid, m_tlast;
    wire [OUTPUT_BITS-1:0] m_tdata;
    wire unknown = known & ~flags[3] & ((^{s_tready, m_tvalid} === 1'bx) | (m_tvalid & (^{m_tlast, m_tdata} === 1'bx)));
    integer words;

    TOP_MODULE core(
        .clock(clock), .reset(flags[3]),
        .s_axis_tdata(data[INPUT_BITS-1:0]), .s_axis_tvalid(flags[2]), .s_axis_tlast(flags[1]), .s_axis_tready(s_tready),
        .m_axis_tdata(m_tdata), .m_axis_tvalid(m_tvalid), .m_axis_tlast(m_tlast), .m_axis_tready(flags[0])
    );

    initial begin
        words = $fscanf(32'h8000_0000, "%h %h", flags, data);
        while (words == 2) begin
            #1;
            $display("%b%b%b%b %h", s_tready, m_tvalid, m_tlast, unknown, m_tdata);
            $fflush;
            if (flags[3]) known = 1;
            clock = 1;
            #1 clock = 0;
            words = $fscanf(32'h8000_0000, "%h %h", flags, data);
        end
        $finish;
    end
endmodule

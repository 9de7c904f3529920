// @TOP@_tb: a self-checking test bench of @TOP@, made by gen-verilog @VERSION@; do not edit.
//
// It sends @SEQUENCES@ sequences of random inputs, with pauses on both streams, compares every beat that comes out with what the
// golden model gives, and prints PASS, or FAIL and what differs. Run it in the folder of these files:
//
//   $ iverilog -g2005 -o tb tern.v tern_tb.v && vvp -n tb
//   $ verilator --binary --timing -Wno-fatal --top-module @TOP@_tb tern.v tern_tb.v && obj_dir/V@TOP@_tb

module @TOP@_tb;
    localparam INPUT_BITS = @INPUT_BITS@;
    localparam OUTPUT_BITS = @OUTPUT_BITS@;
    localparam INPUT_BEATS = @INPUT_BEATS@;
    localparam OUTPUT_BEATS = @OUTPUT_BEATS@;
    // Cycles without a transfer after which the core hangs.
    localparam WATCHDOG = @WATCHDOG@;
    // Cycles after the last beat in which none may follow.
    localparam QUIET = @QUIET@;

    reg clock = 1'b0;
    reg reset = 1'b1;
    reg [INPUT_BITS-1:0] s_axis_tdata = 0;
    reg s_axis_tvalid = 1'b0;
    reg s_axis_tlast = 1'b0;
    wire s_axis_tready;
    wire [OUTPUT_BITS-1:0] m_axis_tdata;
    wire m_axis_tvalid;
    wire m_axis_tlast;
    reg m_axis_tready = 1'b0;
@LOAD_SIGNALS@
    // Each beat: tlast, tdata.
    reg [INPUT_BITS:0] input_beats [0:INPUT_BEATS-1];
    reg [OUTPUT_BITS:0] output_beats [0:OUTPUT_BEATS-1];

    integer cycle = 0;
    integer quiet = 0;
    integer sent = 0;
    integer received = 0;
    integer faults = 0;
    reg [15:0] noise = 16'hace1;

    @TOP@ dut (
        .clock(clock),
        .reset(reset),
        .s_axis_tdata(s_axis_tdata),
        .s_axis_tvalid(s_axis_tvalid),
        .s_axis_tready(s_axis_tready),
        .s_axis_tlast(s_axis_tlast),
@LOAD_PORTS@        .m_axis_tdata(m_axis_tdata),
        .m_axis_tvalid(m_axis_tvalid),
        .m_axis_tready(m_axis_tready),
        .m_axis_tlast(m_axis_tlast)
    );

    always #5 clock = ~clock;

    initial begin
@BEATS@    end

    always @(posedge clock) begin
        cycle <= cycle + 1;
        reset <= cycle < 4;
        noise <= {noise[14:0], noise[15] ^ noise[13] ^ noise[12] ^ noise[10]};
        quiet = quiet + 1;
        if (!reset) begin
@LOAD@            // A beat stays on offer until it is taken.
            if (s_axis_tvalid & s_axis_tready) begin
                sent = sent + 1;
                quiet = 0;
            end
            if (~s_axis_tvalid | s_axis_tready) begin
                s_axis_tvalid <= 1'b0;
                if (noise[1:0] != 2'd0 && sent < INPUT_BEATS) begin
                    s_axis_tvalid <= 1'b1;
                    {s_axis_tlast, s_axis_tdata} <= input_beats[sent];
                end
            end
            m_axis_tready <= noise[3] | noise[7];
            if (m_axis_tvalid & m_axis_tready) begin
                quiet = 0;
                if (received == OUTPUT_BEATS) begin
                    $display("FAIL: %h follows the last beat", m_axis_tdata);
                    $finish;
                end else if ({m_axis_tlast, m_axis_tdata} !== output_beats[received]) begin
                    $display("beat %0d: tlast and tdata are %b and %h, expected %b and %h", received, m_axis_tlast, m_axis_tdata,
                        output_beats[received][OUTPUT_BITS], output_beats[received][OUTPUT_BITS-1:0]);
                    faults = faults + 1;
                end
                received = received + 1;
            end
        end
        if (received == OUTPUT_BEATS && quiet == QUIET) begin
            if (faults == 0) $display("PASS: %0d beats as expected, in %0d cycles", received, cycle);
            else $display("FAIL: %0d of %0d beats differ", faults, received);
            $finish;
        end
        if (quiet == WATCHDOG) begin
            $display("FAIL: no transfer in %0d cycles, after %0d of %0d beats in and %0d of %0d out", WATCHDOG, sent, INPUT_BEATS,
                received, OUTPUT_BEATS);
            $finish;
        end
    end
endmodule

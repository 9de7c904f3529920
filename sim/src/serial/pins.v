// The pins of a board in the ports that every simulation has: tdata[0] of the input is the line from the host, that of the
// output the line to the host, with the LEDs above it; while reset is high the clock is not stable.
module tern_pins (
    input wire clock,
    input wire reset,
    input wire [7:0] s_axis_tdata,
    input wire s_axis_tvalid,
    output wire s_axis_tready,
    input wire s_axis_tlast,
    output wire [7:0] m_axis_tdata,
    output wire m_axis_tvalid,
    input wire m_axis_tready,
    output wire m_axis_tlast
);
    tern_link link (
        .clock(clock), .locked(~reset), .uart_rx(s_axis_tdata[0]), .uart_tx(m_axis_tdata[0]),
        .led_alive(m_axis_tdata[1]), .led_busy(m_axis_tdata[2]), .led_error(m_axis_tdata[3])
    );
    assign m_axis_tdata[7:4] = 4'd0;
    assign s_axis_tready = 1'b1;
    assign m_axis_tvalid = 1'b1;
    assign m_axis_tlast = 1'b0;
endmodule

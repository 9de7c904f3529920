// The stream's rule on what is offered: once valid, it holds until the transfer; assumed of a source, asserted of a sink.
module handshake #(parameter WIDTH = 1) (
    input clock, input clear, input valid, input ready, input [WIDTH-1:0] data, input assumed
);
    reg stalled = 0;
    reg [WIDTH-1:0] held;
    always @(posedge clock) begin
        stalled <= valid & !ready & !clear;
        held <= data;
    end
    wire holds = !stalled | (valid & data == held);
    always @(*) begin
        if (assumed) assume(holds);
        else offer_holds: assert(holds);
        offer_waits: cover(stalled & valid & ready);
    end
endmodule

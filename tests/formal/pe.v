// Pe of LANES lanes, without shifts: contract 1 (the exact sum since the last `last`), 2 (zeros add nothing), 3 (no cycle
// between sums), 4 (no overflow while a sum has at most CHUNKS chunks, which is what its width is made for).
module properties(input clock, input [2*`LANES-1:0] act, input [2*`LANES-1:0] weight, input last);
    wire [`RESULT_BITS-1:0] result;
    reg last_1 = 0, last_2 = 0, last_3 = 0;
    always @(posedge clock) {last_3, last_2, last_1} <= {last_2, last_1, last};
    tern_pe dut(
        .clock(clock), .act(act), .weight(weight), .shift(1'b0), .last(last_2), .result(result)
    );

    integer lane;
    reg signed [7:0] chunk;
    reg signed [1:0] a, w;
    always @(*) begin
        chunk = 0;
        for (lane = 0; lane < `LANES; lane = lane + 1) begin
            a = act[2*lane] - act[2*lane+1];
            w = weight[2*lane] - weight[2*lane+1];
            chunk = chunk + (a == 0 || w == 0 ? 8'sd0 : (a == w ? 8'sd1 : -8'sd1));
        end
    end

    // The specification: a sum that `last` ends; it comes out two cycles of counting and one of holding later.
    reg signed [15:0] sum = 0, sum_1 = 0, sum_2 = 0, sum_3 = 0;
    reg [7:0] chunks = 0;
    wire signed [15:0] total = sum + chunk;
    always @(posedge clock) begin
        sum <= last ? 16'sd0 : total;
        chunks <= last ? 8'd0 : chunks + 8'd1;
        if (last) sum_1 <= total;
        if (last_1) sum_2 <= sum_1;
        if (last_2) sum_3 <= sum_2;
    end
    always @(*) begin
        assume(chunks < `CHUNKS);
        sum_is_exact: assert($signed(result) == sum_3);
        largest: cover(sum_3 == `LANES * `CHUNKS && last_3);
        smallest: cover(sum_3 == -`LANES * `CHUNKS && last_3);
        back_to_back: cover(last & last_1 & sum_1 != 0);
    end
endmodule

// Product: contract 1, the product of two trits for all 16 pairs of codes, in every lane.
module properties(input [2*`LANES-1:0] act, input [2*`LANES-1:0] weight);
    wire [`LANES-1:0] plus, minus;
    tern_product dut(.act(act), .weight(weight), .plus(plus), .minus(minus));
    (* anyconst *) reg [$clog2(`LANES)-1:0] lane;
    wire [1:0] a = act[2 * lane +: 2], w = weight[2 * lane +: 2];
    wire signed [1:0] x = a[0] - a[1], y = w[0] - w[1], product = plus[lane] - minus[lane];
    wire signed [1:0] expected = x == 0 || y == 0 ? 2'sd0 : (x == y ? 2'sd1 : -2'sd1);
    always @(*) begin
        assume(lane < `LANES);
        product_of_trits: assert(product == expected);
        positive: cover(product == 1);
        negative: cover(product == -1);
        both_rails: cover(a == 3 && w == 1);
    end
endmodule

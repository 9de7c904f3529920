// Rounding of a layer of BITS bits, number 0, and of a layer of trits, number 1: contract 1, the hidden state of the equations for every value.
module properties(input clock, input signed [`VALUE_BITS-1:0] value, input layer);
    localparam signed [31:0] MOST = (1 << (`BITS - 1)) - 1;
    wire [`BITS-1:0] element;
    tern_rounding dut(.clock(clock), .value(value), .layer(layer), .element(element));
    reg known = 0, asked_layer;
    reg signed [31:0] asked;
    always @(posedge clock) begin
        known <= 1;
        asked <= value;
        asked_layer <= layer;
    end
    wire signed [31:0] rounded = (asked + (32'sd1 <<< (`SHIFT - 1))) >>> `SHIFT;
    wire signed [31:0] integer_state = rounded > MOST ? MOST : rounded < -MOST ? -MOST : rounded;
    wire signed [31:0] ternary_state = asked >= `THETA ? 32'sd1 : asked <= -`THETA ? -32'sd1 : 32'sd0;
    wire signed [31:0] magnitude = {1'b0, element[`BITS-2:0]};
    wire signed [31:0] got = element[`BITS-1] ? -magnitude : magnitude;
    always @(*) if (known) begin
        if (!asked_layer) integer_is_rounded_and_saturated: assert(got == integer_state);
        if (asked_layer) trit_is_that_of_the_threshold: assert(got == ternary_state);
        saturated_below: cover(!asked_layer & got == -MOST & rounded < -MOST);
        saturated_above: cover(!asked_layer & got == MOST & rounded > MOST);
        a_half_goes_up: cover(!asked_layer & got == -1 & asked == -(32'sd3 <<< (`SHIFT - 1)));
        a_trit: cover(asked_layer & got == -1);
    end
endmodule

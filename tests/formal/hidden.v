// Hidden of two layers of FIRST and SECOND units in chunks of LANES: contract 1 (each unit in its lane of its chunk, none lost,
// overwritten or twice), 2 (steps alternate between the banks, from bank 1 on).
module properties(
    input clock, input clear, input [`BITS-1:0] trit, input trit_valid, input [`CHUNK_BITS:0] read_address
);
    localparam UNITS = `FIRST + `SECOND, CHUNKS = (`FIRST + `LANES - 1) / `LANES;
    wire [`BITS*`LANES-1:0] chunk;
    tern_hidden dut(
        .clock(clock), .clear(clear), .trit(trit), .trit_valid(trit_valid), .read_address(read_address), .chunk(chunk)
    );
    reg started = 0;
    always @(posedge clock) started <= 1;
    always @(*) if (!started) assume(clear);

    // One unit in one bank, any of them, and where the contract puts it.
    (* anyconst *) reg [$clog2(UNITS)-1:0] unit;
    (* anyconst *) reg bank;
    wire second = unit >= `FIRST;
    wire [7:0] of_layer = second ? unit - `FIRST : unit, size = second ? `SECOND : `FIRST;
    wire [7:0] number = of_layer / `LANES, unused = `LANES - 1 - (size - 1) % `LANES;
    wire in_last = number == (size - 1) / `LANES;
    wire [7:0] place = number + (second ? CHUNKS : 0), lane = of_layer % `LANES + (in_last ? unused : 0);
    // The unit that completes its chunk.
    wire [7:0] closing = (second ? `FIRST : 0) + (in_last ? size - 1 : number * `LANES + `LANES - 1);

    wire [`BITS-1:0] read = chunk >> `BITS * lane;
    reg [7:0] next = 0;
    reg now = 1, known = 0, asked = 0;
    reg [`BITS-1:0] collected, stored, answer;
    wire mine = trit_valid & !clear & now == bank;
    wire [`BITS-1:0] fresh = next == unit ? trit : collected;
    wire writes = mine & next == closing;
    always @(posedge clock) begin
        if (mine & next == unit) collected <= trit;
        if (writes) stored <= fresh;
        known <= known | writes;
        if (trit_valid) begin
            next <= next == UNITS - 1 ? 8'd0 : next + 8'd1;
            if (next == UNITS - 1) now <= !now;
        end
        // A read in the cycle of the write itself may give either.
        asked <= known & !writes & read_address == {bank, place[`CHUNK_BITS-1:0]};
        answer <= stored;
        // What was there before is not read after a clear.
        if (clear) begin next <= 0; now <= 1; known <= 0; asked <= 0; end
    end
    always @(*) begin
        assume(unit < UNITS);
        if (asked) each_unit_in_its_place: assert(read == answer);
        read_in_bank_0: cover(asked & !bank & unit == UNITS - 1 & answer == 2);
        read_in_bank_1: cover(asked & bank & second & of_layer == 0 & answer == 1);
        read_while_the_other_bank_fills: cover(asked & now != bank & next == 2);
    end
endmodule

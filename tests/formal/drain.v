// Drain of an array of ROWS rows: contract 1 (each row of a block selected once, in order, and numbered on), 2 (a head row only when
// the head has sent the one before), 3 (finished with a head block's last row).
module properties(
    input clock, input clear, input done, input head, input first, input [`ROW_BITS-1:0] rows, input row_done
);
    localparam DELAY = `DELAY;
    wire [`ROWS-1:0] select;
    wire [`WORD_BITS-1:0] bias_word, unit;
    wire unit_valid, row_valid, finished;
    reg started = 0;
    always @(posedge clock) started <= 1;
    always @(*) if (!started) assume(clear);

    // The schedule: blocks at least ROWS cycles apart, and none before a head block is out. The head: an answer to each row.
    reg [7:0] since = `ROWS;
    reg in_head = 0, outstanding = 0;
    wire block = done & since >= `ROWS & !in_head & !clear;
    wire answer = row_done & outstanding & !clear;
    always @(posedge clock) begin
        since <= block ? 8'd1 : since < `ROWS ? since + 8'd1 : since;
        in_head <= block ? head : in_head & !finished;
        outstanding <= row_valid | (outstanding & !row_done);
        if (clear) begin since <= `ROWS; in_head <= 0; outstanding <= 0; end
    end
    tern_drain dut(
        .clock(clock), .clear(clear), .done(block), .head(head), .first(first), .rows(rows), .layer(1'b0), .swap(1'b0),
        .warm(1'b0), .ending(1'b0), .row_done(answer), .select(select), .bias_word(bias_word), .unit(unit),
        .unit_layer(), .unit_swap(), .unit_valid(unit_valid), .unit_warm(), .row_valid(row_valid), .row_last(),
        .row_ending(), .finished(finished)
    );

    // Blocks on their way, and what is left of the one that leaves.
    reg [DELAY:0] coming = 0, coming_head = 0, coming_first = 0;
    reg [`ROW_BITS*(DELAY+1)-1:0] coming_rows = 0;
    reg [7:0] left = 0, row = 0;
    reg [`WORD_BITS-1:0] word = 0, selected_word = 0;
    reg of_head = 0, asked = 0, selected = 0, numbered = 0;
    wire leaves = select != 0;
    wire arrives = coming[DELAY-1];
    always @(posedge clock) begin
        coming <= {coming, block};
        coming_head <= {coming_head, head};
        coming_first <= {coming_first, first};
        coming_rows <= {coming_rows, rows};
        selected <= leaves & !clear;
        selected_word <= bias_word;
        if (leaves) begin
            left <= left - 1;
            row <= row + 1;
            word <= word + 1;
            asked <= of_head;
        end
        if (answer) asked <= 0;
        if (arrives) begin
            left <= coming_rows[`ROW_BITS*(DELAY-1) +: `ROW_BITS] + 1;
            row <= 0;
            of_head <= coming_head[DELAY-1];
            if (coming_first[DELAY-1]) begin word <= 0; numbered <= 1; end
        end
        if (clear) begin coming <= 0; left <= 0; asked <= 0; numbered <= 0; end
    end
    always @(*) begin
        // A step begins with its first block.
        if (started & block) assume(rows < `ROWS);
        if (started & !clear) begin
            if (leaves) one_row_in_its_turn: assert(select == 1 << row);
            if (leaves) no_row_from_nowhere: assert(left != 0);
            if (left != 0 & !of_head) a_row_each_cycle: assert(leaves);
            if (arrives) all_rows_left: assert(left == (leaves & !of_head));
            if (leaves & numbered) numbered_on: assert(bias_word == word);
            selected_rows_are_told: assert((unit_valid | row_valid) == selected & !(unit_valid & row_valid));
            if (unit_valid | row_valid) with_their_number: assert(unit == selected_word);
            if (leaves) head_rows_wait: assert(!asked);
            finished_with_the_last_row: assert(finished == (answer & left == 0));
            blocks_without_a_pause: cover(arrives & leaves & left == 1 & !of_head & row == `ROWS - 1);
            head_block_is_out: cover(finished & row == `ROWS);
        end
    end
endmodule

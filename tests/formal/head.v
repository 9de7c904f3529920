// Head of COLUMNS columns, LAST of them in the last row: contract 1 (handshake), 2 (every output of a row once, in order), 3 (tlast);
// a row is done with its last transfer.
module properties(
    input clock, input clear, input row_valid, input row_last, input row_ending, input [`COLUMNS*`BITS-1:0] row, input tready
);
    wire tvalid, tlast, row_done;
    wire [31:0] tdata;
    reg started = 0;
    always @(posedge clock) started <= 1;
    always @(*) if (!started) assume(clear);

    // The drain: a row only when the one before is done.
    reg pending = 0, last, ending;
    reg [1:0] due = 0;
    reg [7:0] left = 0, sent = 0, waited = 0;
    wire begins = row_valid & !pending & !clear;
    wire transfer = tvalid & tready;
    wire [7:0] outputs = last ? `LAST : `COLUMNS;
    tern_head dut(
        .clock(clock), .clear(clear), .row_valid(begins), .row_last(row_last), .row_ending(row_ending), .row(row),
        .tdata(tdata), .tvalid(tvalid), .tlast(tlast), .tready(tready), .row_done(row_done)
    );
    handshake #(.WIDTH(33)) sink(
        .clock(clock), .clear(clear), .valid(tvalid), .ready(tready), .data({tlast, tdata}), .assumed(1'b0)
    );

    // One column, any one, is followed.
    (* anyconst *) reg [$clog2(`COLUMNS)-1:0] column;
    reg signed [`BITS-1:0] value;
    wire signed [31:0] expected = value;
    always @(posedge clock) begin
        due <= {due[0], begins};
        if (begins) begin pending <= 1; last <= row_last; ending <= row_ending; sent <= 0; end
        if (due[1]) value <= row >> column * `BITS;
        if (transfer) sent <= sent + 1;
        if (row_done) pending <= 0;
        waited <= pending & !tvalid ? waited + 8'd1 : 8'd0;
        if (clear) begin pending <= 0; due <= 0; waited <= 0; end
    end
    always @(*) begin
        assume(column < `COLUMNS);
        if (started & !clear) begin
            if (tvalid) no_output_from_nowhere: assert(pending & sent < outputs);
            if (tvalid & sent == column) output_of_its_column: assert(tdata == expected);
            if (tvalid) tlast_on_the_last_output: assert(tlast == (last & ending & sent == outputs - 1));
            done_with_the_last_output: assert(row_done == (transfer & sent == outputs - 1));
            row_is_sent: assert(waited <= 2);
            last_row_is_sent: cover(row_done & tlast & sent == `LAST - 1);
            full_row_is_sent: cover(row_done & sent == `COLUMNS - 1 & expected < 0);
        end
    end
endmodule

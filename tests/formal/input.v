// Input of CHUNKS chunks, LANES lanes and BITS bits: contract 1 (every beat that is taken is used, none other), 2 (a step cut short is
// filled up with zeros and ends its sequence), 3 (chunks of plane 0, then of plane 1, again and again until the step is taken).
module properties(
    input clock, input clear, input [7:0] tdata, input tvalid, input tlast, input go, input finish
);
    localparam BEATS = `CHUNKS * (`BITS - 1);
    wire tready, ready, ending;
    wire [2*`LANES-1:0] trits;
    reg started = 0;
    always @(posedge clock) started <= 1;
    always @(*) if (!started) assume(clear);

    // The schedule: it uses chunks of a full ring alone, and takes the step with the last chunk of the last plane.
    reg [7:0] use = 0;
    reg go_1 = 0, advance = 0, again = 0;
    wire goes = go & ready & !clear;
    wire taken = goes & use == BEATS - 1 & finish;
    always @(posedge clock) begin
        if (goes) use <= use == BEATS - 1 ? 8'd0 : use + 8'd1;
        if (goes & use == BEATS - 1) again <= !finish;
        if (clear) begin use <= 0; again <= 0; end
        go_1 <= goes;
        advance <= go_1;
        if (clear) go_1 <= 0;
    end
    tern_input dut(
        .clock(clock), .clear(clear), .tdata(tdata), .tvalid(tvalid), .tlast(tlast), .tready(tready),
        .advance(advance), .taken(taken), .trits(trits), .ready(ready), .ending(ending)
    );

    // One element of each step, any one, is followed from its beat to its trits.
    (* anyconst *) reg [$clog2(`CHUNKS)-1:0] place;
    (* anyconst *) reg [$clog2(`LANES)-1:0] lane;
    wire signed [`BITS-1:0] fresh = tdata >> lane * `BITS;
    reg signed [`BITS-1:0] element;
    reg [7:0] beats = 0, used = 0, idle = 0;
    reg cut = 0, last = 0, whole = 0;
    wire accept = tvalid & tready & !clear;
    wire filled = cut & beats != `CHUNKS;
    wire loads = accept | filled;
    always @(posedge clock) begin
        if (accept) begin
            last <= tlast;
            cut <= tlast;
        end
        if (loads) begin
            if (beats == place) element <= accept ? fresh : {`BITS{1'b0}};
            beats <= beats + 1;
            whole <= beats == `CHUNKS - 1;
        end
        if (taken) begin whole <= 0; beats <= 0; cut <= 0; end
        used <= advance & in_step ? (used == BEATS - 1 ? 8'd0 : used + 8'd1) : used;
        idle <= tready | ready | go_1 | advance | loads ? 8'd0 : idle + 8'd1;
        if (clear) begin beats <= 0; cut <= 0; whole <= 0; used <= 0; idle <= 0; end
    end
    wire [`BITS:0] magnitude = element < 0 ? -element : element;
    wire [`BITS-1:0] limited = magnitude > (1 << (`BITS - 1)) - 1 ? (1 << (`BITS - 1)) - 1 : magnitude;
    wire [7:0] plane = used / `CHUNKS;
    wire signed [1:0] trit = trits[2*lane] - trits[2*lane+1];
    wire one = limited >> plane;
    wire signed [1:0] expected = one ? (element < 0 ? -2'sd1 : 2'sd1) : 2'sd0;
    reg in_step = 0;
    always @(posedge clock) in_step <= !clear;
    always @(*) begin
        assume(place < `CHUNKS);
        assume(lane < `LANES);
        if (started & !clear) begin
            whole_steps_alone: assert(ready == whole);
            if (ready) end_with_its_step: assert(ending == last);
            if (tready) nothing_overwritten: assert(!whole & !filled & !go_1 & !(advance & in_step));
            if (advance & in_step & used % `CHUNKS == place) trit_of_the_element: assert(trit == expected);
            never_stuck: assert(idle <= 1);
            cut_short: cover(ready & ending & last & place == `CHUNKS - 1 & element == 0 & used == BEATS - 1);
            used_twice: cover(taken & again & element < 0 & !last);
            next_step: cover(taken & use == BEATS - 1 & last & idle == 0 & element == 3);
        end
    end
endmodule

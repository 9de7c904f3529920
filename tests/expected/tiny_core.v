`default_nettype none

// A recurrent network: an input stream, the array, the cell units and an output stream.
module tern_core (
    input wire clock,
    input wire reset,
    input wire [15:0] s_axis_tdata,
    input wire s_axis_tvalid,
    output wire s_axis_tready,
    input wire s_axis_tlast,
    output wire [31:0] m_axis_tdata,
    output wire m_axis_tvalid,
    input wire m_axis_tready,
    output wire m_axis_tlast
);
    wire dense_0_tready;
    wire [10:0] dense_0_result_0;
    wire [10:0] dense_0_result_1;
    wire [10:0] dense_0_result_2;
    wire [10:0] dense_0_result_3;
    wire [2:0] dense_0_word;
    wire [2:0] dense_0_unit;
    wire dense_0_unit_valid;
    wire dense_0_unit_warm;
    wire dense_0_row_valid;
    wire dense_0_row_last;
    wire dense_0_row_ending;
    wire dense_0_bank;
    wire dense_0_read_chunk;
    wire [1:0] units_trit;
    wire units_trit_valid;
    wire [23:0] units_row;
    wire [3:0] hidden_0_chunk;
    wire [31:0] head_0_tdata;
    wire head_0_tvalid;
    wire head_0_tlast;
    wire head_0_row_done;

    tern_dense dense_0 (
        .clock(clock),
        .clear(reset),
        .tdata(s_axis_tdata),
        .tvalid(s_axis_tvalid),
        .tlast(s_axis_tlast),
        .tready(dense_0_tready),
        .chunk(hidden_0_chunk),
        .row_done(head_0_row_done),
        .result_0(dense_0_result_0),
        .result_1(dense_0_result_1),
        .result_2(dense_0_result_2),
        .result_3(dense_0_result_3),
        .word(dense_0_word),
        .unit(dense_0_unit),
        .unit_valid(dense_0_unit_valid),
        .unit_warm(dense_0_unit_warm),
        .row_valid(dense_0_row_valid),
        .row_last(dense_0_row_last),
        .row_ending(dense_0_row_ending),
        .bank(dense_0_bank),
        .read_chunk(dense_0_read_chunk)
    );

    tern_units units (
        .clock(clock),
        .clear(reset),
        .result_0(dense_0_result_0),
        .result_1(dense_0_result_1),
        .result_2(dense_0_result_2),
        .result_3(dense_0_result_3),
        .word(dense_0_word),
        .unit(dense_0_unit),
        .valid(dense_0_unit_valid),
        .warm(dense_0_unit_warm),
        .trit(units_trit),
        .trit_valid(units_trit_valid),
        .row(units_row)
    );

    tern_hidden hidden_0 (
        .clock(clock),
        .clear(reset),
        .trit(units_trit),
        .trit_valid(units_trit_valid),
        .read_address({dense_0_bank, dense_0_read_chunk}),
        .chunk(hidden_0_chunk)
    );

    tern_head head_0 (
        .clock(clock),
        .clear(reset),
        .row_valid(dense_0_row_valid),
        .row_last(dense_0_row_last),
        .row_ending(dense_0_row_ending),
        .row(units_row),
        .tdata(head_0_tdata),
        .tvalid(head_0_tvalid),
        .tlast(head_0_tlast),
        .tready(m_axis_tready),
        .row_done(head_0_row_done)
    );

    assign s_axis_tready = dense_0_tready;
    assign m_axis_tdata = head_0_tdata;
    assign m_axis_tvalid = head_0_tvalid;
    assign m_axis_tlast = head_0_tlast;
endmodule

// From the input stream and the hidden states to the sums of every unit.
module tern_dense (
    input wire clock,
    input wire clear,
    input wire [15:0] tdata,
    input wire tvalid,
    input wire tlast,
    output wire tready,
    input wire [3:0] chunk,
    input wire row_done,
    output wire [10:0] result_0,
    output wire [10:0] result_1,
    output wire [10:0] result_2,
    output wire [10:0] result_3,
    output wire [2:0] word,
    output wire [2:0] unit,
    output wire unit_valid,
    output wire unit_warm,
    output wire row_valid,
    output wire row_last,
    output wire row_ending,
    output wire bank,
    output wire read_chunk
);
    reg input_beat_q;
    reg hidden_beat_q;
    reg [3:0] act_q;

    wire input_ring_tready;
    wire [3:0] input_ring_trits;
    wire input_ring_ready;
    wire input_ring_ending;
    wire schedule_taken;
    wire schedule_bank;
    wire schedule_input_beat;
    wire schedule_hidden_beat;
    wire schedule_fresh;
    wire schedule_chunk;
    wire [3:0] schedule_address;
    wire schedule_shift;
    wire schedule_last;
    wire schedule_done;
    wire schedule_done_head;
    wire schedule_done_first;
    wire schedule_done_rows;
    wire schedule_done_warm;
    wire schedule_done_ending;
    wire [10:0] array_result_0;
    wire [10:0] array_result_1;
    wire [10:0] array_result_2;
    wire [10:0] array_result_3;
    wire [1:0] drain_select;
    wire [2:0] drain_bias_word;
    wire [2:0] drain_unit;
    wire drain_unit_valid;
    wire drain_unit_warm;
    wire drain_row_valid;
    wire drain_row_last;
    wire drain_row_ending;
    wire drain_finished;

    tern_input input_ring (
        .clock(clock),
        .clear(clear),
        .tdata(tdata),
        .tvalid(tvalid),
        .tlast(tlast),
        .tready(input_ring_tready),
        .advance(input_beat_q),
        .taken(schedule_taken),
        .trits(input_ring_trits),
        .ready(input_ring_ready),
        .ending(input_ring_ending)
    );

    tern_schedule schedule (
        .clock(clock),
        .clear(clear),
        .input_ready(input_ring_ready),
        .input_ending(input_ring_ending),
        .drain_finished(drain_finished),
        .taken(schedule_taken),
        .bank(schedule_bank),
        .input_beat(schedule_input_beat),
        .hidden_beat(schedule_hidden_beat),
        .fresh(schedule_fresh),
        .chunk(schedule_chunk),
        .address(schedule_address),
        .shift(schedule_shift),
        .last(schedule_last),
        .done(schedule_done),
        .done_head(schedule_done_head),
        .done_first(schedule_done_first),
        .done_rows(schedule_done_rows),
        .done_warm(schedule_done_warm),
        .done_ending(schedule_done_ending)
    );

    tern_array array (
        .clock(clock),
        .address(schedule_address),
        .act(act_q),
        .shift(schedule_shift),
        .last(schedule_last),
        .select(drain_select),
        .result_0(array_result_0),
        .result_1(array_result_1),
        .result_2(array_result_2),
        .result_3(array_result_3)
    );

    tern_drain drain (
        .clock(clock),
        .clear(clear),
        .done(schedule_done),
        .head(schedule_done_head),
        .first(schedule_done_first),
        .rows(schedule_done_rows),
        .warm(schedule_done_warm),
        .ending(schedule_done_ending),
        .row_done(row_done),
        .select(drain_select),
        .bias_word(drain_bias_word),
        .unit(drain_unit),
        .unit_valid(drain_unit_valid),
        .unit_warm(drain_unit_warm),
        .row_valid(drain_row_valid),
        .row_last(drain_row_last),
        .row_ending(drain_row_ending),
        .finished(drain_finished)
    );

    assign tready = input_ring_tready;
    assign result_0 = array_result_0;
    assign result_1 = array_result_1;
    assign result_2 = array_result_2;
    assign result_3 = array_result_3;
    assign word = drain_bias_word;
    assign unit = drain_unit;
    assign unit_valid = drain_unit_valid;
    assign unit_warm = drain_unit_warm;
    assign row_valid = drain_row_valid;
    assign row_last = drain_row_last;
    assign row_ending = drain_row_ending;
    assign bank = schedule_bank ^ schedule_fresh;
    assign read_chunk = schedule_chunk;

    always @(posedge clock) begin
        input_beat_q <= schedule_input_beat;
        hidden_beat_q <= schedule_hidden_beat;
        act_q <= 4'd0;
        if (input_beat_q) begin
            act_q <= input_ring_trits;
        end
        if (hidden_beat_q) begin
            act_q <= chunk;
        end
    end
endmodule

// From the sums of a unit to its hidden state, and from those of a head row to its outputs.
module tern_units (
    input wire clock,
    input wire clear,
    input wire [10:0] result_0,
    input wire [10:0] result_1,
    input wire [10:0] result_2,
    input wire [10:0] result_3,
    input wire [2:0] word,
    input wire [2:0] unit,
    input wire valid,
    input wire warm,
    output wire [1:0] trit,
    output wire trit_valid,
    output wire [23:0] row
);
    wire signed [12:0] bias_0_preactivation;
    wire signed [12:0] bias_1_preactivation;
    wire signed [12:0] bias_2_preactivation;
    wire signed [12:0] bias_3_preactivation;
    wire signed [8:0] gate_0_out;
    wire signed [8:0] gate_1_out;
    wire signed [8:0] gate_2_out;
    wire signed [8:0] gate_3_out;
    wire [1:0] lstm_cell_0_trit;
    wire lstm_cell_0_trit_valid;

    tern_bias #(.BIAS_WORDS(96'h000000000c00003007006ffd)) bias_0 (
        .clock(clock),
        .word(word),
        .result(result_0),
        .preactivation(bias_0_preactivation)
    );

    tern_bias #(.BIAS_WORDS(96'h000000000080005007004004)) bias_1 (
        .clock(clock),
        .word(word),
        .result(result_1),
        .preactivation(bias_1_preactivation)
    );

    tern_bias #(.BIAS_WORDS(96'h000000000200ffa004ffe007)) bias_2 (
        .clock(clock),
        .word(word),
        .result(result_2),
        .preactivation(bias_2_preactivation)
    );

    tern_bias #(.BIAS_WORDS(96'h000000000000ff8ffcff8ffb)) bias_3 (
        .clock(clock),
        .word(word),
        .result(result_3),
        .preactivation(bias_3_preactivation)
    );

    tern_activation #(
        .CLAMP_SHIFT(3),
        .LUT_WORDS({
            256'h0013c2e131d8948c733a8d8743e1c90c145332984781d03194446034034041a3,
            256'he00482622000c942b16100245c0589c40570d8641458221a0066729868ec3109,
            256'h00c801e22060920e0e0a062261a89c4a44030587e6a3383ce25315818a20d078,
            256'hc81c13248d820313f148c6500c1746018221ec3c6a1e870903c368b0e0701818,
            256'hc8e312d0a07c67189c84c11139e8ac5c2a08c1c04338382c40229d4fa611f100,
            256'hc2462011446571a188327c3d054885c3698cc62f17a00161322898a66a328b87,
            256'hc77261d01c7d08020e2553b0c410013b9886c18119503a74269489a0a2e1c486,
            256'h6c3c9409671398c03c0c258707a67058a0f64607178be1e1b01cae751a044aa0,
            256'h7240e4e41812854ee2b01190d8261e06c006b021e85c040d04c8c403e8dc327a})
    ) gate_0 (.clock(clock), .value(bias_0_preactivation), .out(gate_0_out));

    tern_activation #(
        .CLAMP_SHIFT(3),
        .LUT_WORDS({
            256'h1f9202e372c068a635348987c661d908c002238a80a47388c006110087440291,
            256'h6074c24c1d01c08240d02852722d8203a52038c47a1d18810dc561d17c6c2839,
            256'h1f8647e218fcca4332868683d0f104b62f241ec0c0f299b0b64d2f05492571c0,
            256'ha08a540502c8c22111e8ca0c3c0d4725a2f94c1a1818040183727090f05a1e0c,
            256'h46e52399682e53250e89c5b2893474113c0ac84633a8ac926e369a4247c041bc,
            256'hba0d0c1dca647389983c233e84868050f1b80620358149a01048fc9a7e1b1ecf,
            256'h858388c4761a069946c132316c9e7f1b074ec4b061cc525a0617cc861358b41a,
            256'h07058f04c4730134d470059d86a0403160b47a3687c70203806060093c089007,
            256'h513004847d208b8324a030800c3235948862216924162d1d0988c6c0d910a431})
    ) gate_1 (.clock(clock), .value(bias_1_preactivation), .out(gate_1_out));

    tern_activation #(
        .CLAMP_SHIFT(3),
        .LUT_WORDS({
            256'he60fceb95efe48b9820110778100b7cf04791c6ec46763209b7c44c1f4796084,
            256'h01f757a5ec6a34ddddd75bd63ed817717dd3e74ff06a1869724261a700a3ded1,
            256'he67be1c13e944c10eae084c4911153e3d7d6917b067ec0c8be05f87444dc5088,
            256'hc881a9d11ff31c012f2ffbae1ef1086770469f39e6dd0b847f23c054ac0ccf7b,
            256'h89826f71c88e26069d30261c11886b86f97df25bd191f45da9280688e73e880b,
            256'h760af5e503872261acedc2ed9735c0b3b02f8fddd801c6a0a11978ce49dba006,
            256'hc4c109bbac313f7bf4bf4ec703fa4add04f040ae1e18920b0200b95b703f5377,
            256'h83e48cb904a0764b9077fce08aa630f1f451f928614e7a8230bbb85801014660,
            256'hafd74fa808ebfd40c360ff93e4222c7c387da3c783fc6dd1e37a03e3a78467e9})
    ) gate_2 (.clock(clock), .value(bias_2_preactivation), .out(gate_2_out));

    tern_activation #(
        .CLAMP_SHIFT(3),
        .LUT_WORDS({
            256'h380c4305a3394874122781846561f8809624199cc942a0b14c302e40118b82d3,
            256'h90704856279a46837060f0e845121c8202b18120ec502513c5c62081d8366211,
            256'h80c7a761301c30661194494662e810c8422b970b47d23824a070391f476711d9,
            256'hc82c131a9dc6858021c41c431017cae422e9783445118fc666e3e1247c450380,
            256'h00e5f0d084085c1887ce0600f1208e5604960e6601a0843464268b0a40004034,
            256'h747f13034fc001e198be292c0f85e75089a466172d8d82a6e3c98c925b3d1b85,
            256'h05c221385e7f0a178400b119f4920a3b03494553997c747e1e1a84a2c1520098,
            256'h652893c582026938720f180f4d02c0a1fcb65e258a0b467329f0e83a0a840f20,
            256'h12900cc21d0d004b40b2c8149e39321ac900c140ec202529048901e3209c0680})
    ) gate_3 (.clock(clock), .value(bias_3_preactivation), .out(gate_3_out));

    tern_lstm_cell lstm_cell_0 (
        .clock(clock),
        .clear(clear),
        .unit(unit[1:0]),
        .valid(valid),
        .warm(warm),
        .input_gate(gate_0_out),
        .forget_gate(gate_1_out),
        .candidate(gate_2_out),
        .output_gate(gate_3_out),
        .trit(lstm_cell_0_trit),
        .trit_valid(lstm_cell_0_trit_valid)
    );

    assign trit = lstm_cell_0_trit;
    assign trit_valid = lstm_cell_0_trit_valid;
    assign row = {bias_3_preactivation[12:7], bias_2_preactivation[12:7], bias_1_preactivation[12:7], bias_0_preactivation[12:7]};

    // Bits that this core does not need.
    wire unused = &{1'b0, unit[2]};
endmodule

// The systolic array: a column per gate, whose rows compute a hidden unit each.
module tern_array (
    input wire clock,
    input wire [3:0] address,
    input wire [3:0] act,
    input wire shift,
    input wire last,
    input wire [1:0] select,
    output wire [10:0] result_0,
    output wire [10:0] result_1,
    output wire [10:0] result_2,
    output wire [10:0] result_3
);
    wire [10:0] column_0_result;
    wire [10:0] column_1_result;
    wire [10:0] column_2_result;
    wire [10:0] column_3_result;
    wire shift_delay_q;
    wire last_delay_q;

    tern_column #(.MEMORY_0_WORDS(64'h0000001940821528), .MEMORY_1_WORDS(64'h000000001a541908)) column_0 (
        .clock(clock),
        .address(address),
        .act(act),
        .shift(shift_delay_q),
        .last(last_delay_q),
        .select(select),
        .result(column_0_result)
    );

    tern_column #(.MEMORY_0_WORDS(64'h0000004995a42000), .MEMORY_1_WORDS(64'h0000000096550505)) column_1 (
        .clock(clock),
        .address(address),
        .act(act),
        .shift(shift_delay_q),
        .last(last_delay_q),
        .select(select),
        .result(column_1_result)
    );

    tern_column #(.MEMORY_0_WORDS(64'h0000008180410129), .MEMORY_1_WORDS(64'h00000000686a100a)) column_2 (
        .clock(clock),
        .address(address),
        .act(act),
        .shift(shift_delay_q),
        .last(last_delay_q),
        .select(select),
        .result(column_2_result)
    );

    tern_column #(.MEMORY_0_WORDS(64'h0000000026a01026), .MEMORY_1_WORDS(64'h0000000016282424)) column_3 (
        .clock(clock),
        .address(address),
        .act(act),
        .shift(shift_delay_q),
        .last(last_delay_q),
        .select(select),
        .result(column_3_result)
    );

    tern_delay #(.WIDTH(1), .CYCLES(4)) shift_delay (.clock(clock), .d(shift), .q(shift_delay_q));

    tern_delay #(.WIDTH(1), .CYCLES(4)) last_delay (.clock(clock), .d(last), .q(last_delay_q));

    assign result_0 = column_0_result;
    assign result_1 = column_1_result;
    assign result_2 = column_2_result;
    assign result_3 = column_3_result;
endmodule

// The cell unit of LSTM layers: c' = f*c + i*g, h' = the trit of o*tanh(c').
module tern_lstm_cell (
    input wire clock,
    input wire clear,
    input wire [1:0] unit,
    input wire valid,
    input wire warm,
    input wire signed [8:0] input_gate,
    input wire signed [8:0] forget_gate,
    input wire signed [8:0] candidate,
    input wire signed [8:0] output_gate,
    output wire [1:0] trit,
    output wire trit_valid
);
    localparam [1:0] minus = 2'd2;
    localparam [17:0] of_layer_0 = 18'd1;
    localparam [1:0] plus = 2'd1;
    localparam [20:0] rounding = 21'd64;

    reg signed [21:0] total_q;
    reg signed [11:0] new_state_q;
    reg [1:0] trit_q;

    wire signed [11:0] state_old_state;
    wire state_written;
    wire trit_valid_delay_q;
    wire signed [20:0] forget_product_product;
    wire signed [17:0] input_product_product;
    wire [11:0] saturate_out;
    wire signed [8:0] activation_out;
    wire [7:0] output_delay_q;
    wire signed [17:0] output_product_product;

    wire signed [17:0] threshold_minus_theta = -of_layer_0;
    wire [1:0] threshold_trit =
        output_product_product >= $signed(of_layer_0) ? plus :
        output_product_product <= threshold_minus_theta ? minus :
        2'd0;

    tern_unit_state state (
        .clock(clock),
        .clear(clear),
        .unit(unit),
        .valid(valid),
        .warm(warm),
        .old_state(state_old_state),
        .new_state(new_state_q),
        .written(state_written)
    );

    tern_cleared_delay #(.WIDTH(1), .CYCLES(8)) trit_valid_delay (
        .clock(clock),
        .clear(clear),
        .d(state_written),
        .q(trit_valid_delay_q)
    );

    tern_multiplier #(.STAGES(4), .B_BITS(12), .SUM_BITS(21)) forget_product (
        .clock(clock),
        .a(forget_gate[7:0]),
        .b(state_old_state),
        .addend(rounding),
        .product(forget_product_product)
    );

    tern_multiplier #(.STAGES(4), .B_BITS(9), .SUM_BITS(18)) input_product (
        .clock(clock),
        .a(input_gate[7:0]),
        .b(candidate),
        .addend(18'd0),
        .product(input_product_product)
    );

    tern_clamp #(.VALUE_BITS(22), .SHIFT(7), .BITS(12), .OUT_BITS(12)) saturate (
        .value(total_q),
        .out(saturate_out)
    );

    tern_activation #(
        .CLAMP_SHIFT(4),
        .LUT_WORDS({
            256'h2075f0067cf01be3b9d87571e4d216f8c9832207fabd3c48c45408fe9b783a5f,
            256'h40f07a44d4148b3d6d467b07c4e41a4ee4cda1634fe0e6f54b1fc2062c925c26,
            256'h6931198ccea45404d51e48e3ed4eb353dbe179fce4aea7cb1e0329f10e3f83df,
            256'hc747b4f90637448d510b1ba0fc1b3340319e049660d104b9faa02197ffffe699,
            256'hcd6043d8f0a20c3179b75c415fd337d93a107f40a10e97f9e61d1c84c1dda70f,
            256'h8273ebf9f504e3014f1266d6e430802d6e0055abe762fc445c69406fc50d727a,
            256'h61d26174b5ab0d8ec9e7322180fe62f8f74ae2dd5fdcf025e97c42458ee67c76,
            256'h52d47fbfe0fdf63c3615c002cf1ee3a9efde3a3683cf03e2bf2c6669d2e4f99d,
            256'hc3779c9dd229043c5b23408b1b812214f7e331d998284dc889f9628dff4b5044})
    ) activation (.clock(clock), .value({new_state_q[11], new_state_q}), .out(activation_out));

    tern_delay #(.WIDTH(8), .CYCLES(9)) output_delay (
        .clock(clock),
        .d(output_gate[7:0]),
        .q(output_delay_q)
    );

    tern_multiplier #(.STAGES(4), .B_BITS(9), .SUM_BITS(18)) output_product (
        .clock(clock),
        .a(output_delay_q),
        .b(activation_out),
        .addend(18'd0),
        .product(output_product_product)
    );

    assign trit = trit_q;
    assign trit_valid = trit_valid_delay_q;

    always @(posedge clock) begin
        total_q <= {forget_product_product[20], forget_product_product} + {{4{input_product_product[17]}}, input_product_product};
        new_state_q <= saturate_out;
        trit_q <= threshold_trit;
    end

    // Bits that this core does not need.
    wire unused = &{1'b0, forget_gate[8], input_gate[8], output_gate[8]};
endmodule

// A column of processing elements with their weight memories.
module tern_column #(
    parameter [63:0] MEMORY_0_WORDS = 64'h0000001940821528,
    parameter [63:0] MEMORY_1_WORDS = 64'h000000001a541908
) (
    input wire clock,
    input wire [3:0] address,
    input wire [3:0] act,
    input wire shift,
    input wire last,
    input wire [1:0] select,
    output wire [10:0] result
);
    reg [3:0] address_0_q;
    reg [3:0] address_1_q;
    reg [3:0] act_0_q;
    reg [3:0] act_1_q;
    reg shift_0_q;
    reg shift_1_q;
    reg last_0_q;
    reg last_1_q;
    reg [3:0] weight_0_q;
    reg [3:0] weight_1_q;
    reg [10:0] pair_0_q;
    reg [10:0] merged_q;

    wire [3:0] memory_0_data;
    wire [3:0] memory_1_data;
    wire [10:0] pe_0_result;
    wire [10:0] pe_1_result;

    tern_rom #(.WIDTH(4), .DEPTH(16), .WORDS(MEMORY_0_WORDS)) memory_0 (
        .clock(clock),
        .address(address_0_q),
        .data(memory_0_data)
    );

    tern_rom #(.WIDTH(4), .DEPTH(16), .WORDS(MEMORY_1_WORDS)) memory_1 (
        .clock(clock),
        .address(address_1_q),
        .data(memory_1_data)
    );

    tern_pe pe_0 (
        .clock(clock),
        .act(act_0_q),
        .weight(weight_0_q),
        .shift(shift_0_q),
        .last(last_0_q),
        .result(pe_0_result)
    );

    tern_pe pe_1 (
        .clock(clock),
        .act(act_1_q),
        .weight(weight_1_q),
        .shift(shift_1_q),
        .last(last_1_q),
        .result(pe_1_result)
    );

    assign result = merged_q;

    always @(posedge clock) begin
        address_0_q <= address;
        act_0_q <= act;
        shift_0_q <= shift;
        last_0_q <= last;
        address_1_q <= address_0_q;
        act_1_q <= act_0_q;
        shift_1_q <= shift_0_q;
        last_1_q <= last_0_q;
        weight_0_q <= memory_0_data;
        weight_1_q <= memory_1_data;
        pair_0_q <= 11'd0;
        if (select[0]) begin
            pair_0_q <= pe_0_result;
        end
        if (select[1]) begin
            pair_0_q <= pe_1_result;
        end
        merged_q <= pair_0_q;
    end
endmodule

// Decides in every cycle what the array sums, and waits for input, cell and output.
module tern_schedule (
    input wire clock,
    input wire clear,
    input wire input_ready,
    input wire input_ending,
    input wire drain_finished,
    output wire taken,
    output wire bank,
    output wire input_beat,
    output wire hidden_beat,
    output wire fresh,
    output wire chunk,
    output wire [3:0] address,
    output wire shift,
    output wire last,
    output wire done,
    output wire done_head,
    output wire done_first,
    output wire done_rows,
    output wire done_warm,
    output wire done_ending
);
    localparam [1:0] rows = 2'd0;

    reg warm_q;
    reg ending_q;
    reg bank_q;
    reg [4:0] settle_timer_q;
    reg [1:0] drain_timer_q;
    reg settle_wait_q;
    reg completed_q;
    reg layer_completed_q;
    reg [4:0] settle_q;
    reg busy_q;
    reg head_busy_q;
    reg flush_q;
    reg input_beat_q;
    reg hidden_beat_q;
    reg first_q;
    reg bank_out_q;
    reg fresh_q;
    reg chunk_out_q;
    reg [3:0] address_out_q;
    reg shift_q;
    reg last_q;
    reg done_q;
    reg done_head_q;
    reg done_first_q;
    reg done_rows_q;
    reg done_warm_q;
    reg done_ending_q;

    wire position_is_hidden;
    wire position_takes_input;
    wire position_is_fresh;
    wire position_waits;
    wire position_is_head;
    wire position_chunk;
    wire [3:0] position_address;
    wire position_shift;
    wire position_block_end;
    wire position_rows;
    wire position_layer_end;
    wire position_step_end;
    wire position_last_input;
    wire [4:0] position_settle;

    wire blocked = (position_takes_input & ~input_ready) | (position_waits & settle_wait_q);
    wire held = position_block_end & busy_q;
    wire go = ~blocked & ~held;
    wire completed = go & position_block_end;
    wire take = go & position_last_input;
    wire sequence_end = position_last_input ? input_ending : ending_q;
    wire layer_completed = completed & position_layer_end;
    wire head_waits = head_busy_q | (done_q & done_head_q);

    tern_position position (
        .clock(clock),
        .clear(clear),
        .go(go),
        .is_hidden(position_is_hidden),
        .takes_input(position_takes_input),
        .is_fresh(position_is_fresh),
        .waits(position_waits),
        .is_head(position_is_head),
        .chunk(position_chunk),
        .address(position_address),
        .shift(position_shift),
        .block_end(position_block_end),
        .rows(position_rows),
        .layer_end(position_layer_end),
        .step_end(position_step_end),
        .last_input(position_last_input),
        .settle(position_settle)
    );

    assign taken = take;
    assign bank = bank_out_q;
    assign input_beat = input_beat_q;
    assign hidden_beat = hidden_beat_q;
    assign fresh = fresh_q;
    assign chunk = chunk_out_q;
    assign address = address_out_q;
    assign shift = shift_q;
    assign last = last_q;
    assign done = done_q;
    assign done_head = done_head_q;
    assign done_first = done_first_q;
    assign done_rows = done_rows_q;
    assign done_warm = done_warm_q;
    assign done_ending = done_ending_q;

    always @(posedge clock) begin
        if (take) begin
            ending_q <= input_ending;
        end
        input_beat_q <= go & position_takes_input;
        hidden_beat_q <= go & position_is_hidden & (warm_q | position_is_fresh);
        bank_out_q <= bank_q;
        fresh_q <= go & position_is_fresh;
        chunk_out_q <= position_chunk;
        address_out_q <= position_address;
        shift_q <= go & position_shift;
        last_q <= completed | flush_q;
        done_q <= completed;
        done_head_q <= position_is_head;
        done_first_q <= first_q;
        done_rows_q <= position_rows;
        done_warm_q <= warm_q;
        done_ending_q <= sequence_end;
        completed_q <= completed;
        layer_completed_q <= layer_completed;
        settle_q <= position_settle;
        settle_wait_q <= |settle_timer_q;
        if (|settle_timer_q) begin
            settle_timer_q <= settle_timer_q - 5'd1;
        end
        if (layer_completed_q & (|settle_q)) begin
            settle_timer_q <= settle_q - 5'd1;
            settle_wait_q <= 1'b1;
        end
        if (layer_completed) begin
            settle_wait_q <= 1'b1;
        end
        busy_q <= |drain_timer_q;
        if (|drain_timer_q) begin
            drain_timer_q <= drain_timer_q - 2'd1;
        end
        if (completed_q) begin
            drain_timer_q <= rows;
        end
        head_busy_q <= 1'b0;
        if (head_waits & ~drain_finished) begin
            head_busy_q <= 1'b1;
            busy_q <= 1'b1;
        end
        if (completed) begin
            busy_q <= 1'b1;
            first_q <= 1'b0;
        end
        if (completed & position_step_end) begin
            bank_q <= ~bank_q;
            warm_q <= ~sequence_end;
            first_q <= 1'b1;
        end
        flush_q <= 1'b0;
        if (clear) begin
            flush_q <= 1'b1;
            first_q <= 1'b1;
            warm_q <= 1'b0;
            bank_q <= 1'b0;
            settle_timer_q <= 5'd0;
            drain_timer_q <= 2'd0;
            settle_wait_q <= 1'b0;
            completed_q <= 1'b0;
            layer_completed_q <= 1'b0;
            busy_q <= 1'b0;
            input_beat_q <= 1'b0;
            hidden_beat_q <= 1'b0;
            head_busy_q <= 1'b0;
            last_q <= 1'b0;
            done_q <= 1'b0;
        end
    end
endmodule

// Sends the outputs of a head row, one per beat, column 0 first.
module tern_head (
    input wire clock,
    input wire clear,
    input wire row_valid,
    input wire row_last,
    input wire row_ending,
    input wire [23:0] row,
    output wire [31:0] tdata,
    output wire tvalid,
    output wire tlast,
    input wire tready,
    output wire row_done
);
    localparam [1:0] full_row = 2'd3;
    localparam [1:0] last_row = 2'd2;

    reg [23:0] row_q;
    reg [1:0] left_q;
    reg busy_q;
    reg ending_q;
    reg last_q;

    wire arrival_q;

    tern_cleared_delay #(.WIDTH(1), .CYCLES(2)) arrival (
        .clock(clock),
        .clear(clear),
        .d(row_valid),
        .q(arrival_q)
    );

    assign tdata = {{26{row_q[5]}}, row_q[5:0]};
    assign tvalid = busy_q;
    assign tlast = last_q & ending_q & ~(|left_q);
    assign row_done = busy_q & tready & ~(|left_q);

    always @(posedge clock) begin
        if (row_valid) begin
            last_q <= row_last;
            ending_q <= row_ending;
        end
        if (busy_q & tready) begin
            row_q <= {6'd0, row_q[23:6]};
            left_q <= left_q - 2'd1;
            if (~(|left_q)) begin
                busy_q <= 1'b0;
            end
        end
        if (arrival_q) begin
            row_q <= row;
            busy_q <= 1'b1;
            left_q <= full_row;
            if (last_q) begin
                left_q <= last_row;
            end
        end
        if (clear) begin
            busy_q <= 1'b0;
        end
    end
endmodule

// Collects hidden states into chunks and keeps those of two time steps.
module tern_hidden (
    input wire clock,
    input wire clear,
    input wire [1:0] trit,
    input wire trit_valid,
    input wire [1:0] read_address,
    output wire [3:0] chunk
);
    reg [3:0] pack_q;
    reg lane_q;
    reg write_chunk_q;
    reg bank_q;

    wire [3:0] memory_data;

    wire step_end = write_chunk_q & lane_q;
    wire write_bank = ~bank_q;

    tern_memory_blank #(.WIDTH(4), .DEPTH(4)) memory (
        .clock(clock),
        .address(read_address),
        .write(trit_valid & (lane_q | step_end)),
        .write_address({write_bank, write_chunk_q}),
        .write_data({trit, pack_q[3:2]}),
        .data(memory_data)
    );

    assign chunk = memory_data;

    always @(posedge clock) begin
        if (trit_valid) begin
            pack_q <= {trit, pack_q[3:2]};
            lane_q <= lane_q + 1'b1;
            if (lane_q | step_end) begin
                lane_q <= 1'b0;
                write_chunk_q <= write_chunk_q + 1'b1;
            end
            if (step_end) begin
                write_chunk_q <= 1'b0;
                bank_q <= ~bank_q;
            end
        end
        if (clear) begin
            lane_q <= 1'b0;
            write_chunk_q <= 1'b0;
            bank_q <= 1'b0;
        end
    end

    // Bits that this core does not need.
    wire unused = &{1'b0, pack_q[1:0]};
endmodule

// The states of all units: read before the gates of a unit come, written when its new state is known.
module tern_unit_state (
    input wire clock,
    input wire clear,
    input wire [1:0] unit,
    input wire valid,
    input wire warm,
    output wire signed [11:0] old_state,
    input wire [11:0] new_state,
    output wire written
);
    reg signed [11:0] old_state_q;

    wire [11:0] memory_data;
    wire [1:0] read_unit_q;
    wire [1:0] write_unit_q;
    wire warm_delay_q;
    wire write_valid_q;

    wire [11:0] kept_state = warm_delay_q ? memory_data : 12'd0;

    tern_memory_blank #(.WIDTH(12), .DEPTH(4)) memory (
        .clock(clock),
        .address(read_unit_q),
        .write(write_valid_q),
        .write_address(write_unit_q),
        .write_data(new_state),
        .data(memory_data)
    );

    tern_delay #(.WIDTH(2), .CYCLES(3)) read_unit (.clock(clock), .d(unit), .q(read_unit_q));

    tern_delay #(.WIDTH(2), .CYCLES(8)) write_unit (.clock(clock), .d(read_unit_q), .q(write_unit_q));

    tern_delay #(.WIDTH(1), .CYCLES(4)) warm_delay (.clock(clock), .d(warm), .q(warm_delay_q));

    tern_cleared_delay #(.WIDTH(1), .CYCLES(11)) write_valid (
        .clock(clock),
        .clear(clear),
        .d(valid),
        .q(write_valid_q)
    );

    assign old_state = old_state_q;
    assign written = write_valid_q;

    always @(posedge clock) begin
        old_state_q <= kept_state;
    end
endmodule

// An activation function: a table, looked up by the shifted and saturated value.
module tern_activation #(
    parameter CLAMP_SHIFT = 3,
    parameter [2303:0] LUT_WORDS = 0
) (
    input wire clock,
    input wire signed [12:0] value,
    output wire signed [8:0] out
);
    reg [7:0] index_q;
    reg [8:0] looked_up_q;

    wire [7:0] clamp_out;
    wire [8:0] lut_data;

    tern_clamp #(.VALUE_BITS(13), .SHIFT(CLAMP_SHIFT), .BITS(8), .OUT_BITS(8)) clamp (
        .value(value),
        .out(clamp_out)
    );

    tern_rom #(.WIDTH(9), .DEPTH(256), .WORDS(LUT_WORDS)) lut (
        .clock(clock),
        .address(index_q),
        .data(lut_data)
    );

    assign out = looked_up_q;

    always @(posedge clock) begin
        index_q <= clamp_out;
        looked_up_q <= lut_data;
    end
endmodule

// preactivation = 2^k * result + bias.
module tern_bias #(
    parameter [95:0] BIAS_WORDS = 96'h000000000c00003007006ffd
) (
    input wire clock,
    input wire [2:0] word,
    input wire [10:0] result,
    output wire signed [12:0] preactivation
);
    reg [11:0] fetched_q;
    reg signed [12:0] sum_q;

    wire [11:0] bias_data;

    tern_rom_in_logic #(.WIDTH(12), .DEPTH(8), .WORDS(BIAS_WORDS)) bias (
        .clock(clock),
        .address(word),
        .data(bias_data)
    );

    assign preactivation = sum_q;

    always @(posedge clock) begin
        fetched_q <= bias_data;
        sum_q <= {{2{result[10]}}, result} + {fetched_q[11], fetched_q};
    end
endmodule

// Selects the rows of a completed block, one per cycle, and says which unit or head row leaves.
module tern_drain (
    input wire clock,
    input wire clear,
    input wire done,
    input wire head,
    input wire first,
    input wire rows,
    input wire warm,
    input wire ending,
    input wire row_done,
    output wire [1:0] select,
    output wire [2:0] bias_word,
    output wire [2:0] unit,
    output wire unit_valid,
    output wire unit_warm,
    output wire row_valid,
    output wire row_last,
    output wire row_ending,
    output wire finished
);
    localparam [2:0] last_row = 3'd4;

    reg [1:0] token_q;
    reg left_q;
    reg fire_q;
    reg head_q;
    reg warm_q;
    reg ending_q;
    reg [2:0] count_q;
    reg [2:0] unit_q;
    reg unit_valid_q;
    reg unit_warm_q;
    reg row_valid_q;
    reg row_last_q;

    wire done_delay_q;
    wire head_delay_q;
    wire first_delay_q;
    wire rows_delay_q;
    wire warm_delay_q;
    wire ending_delay_q;

    wire next_row = fire_q ? ~head_q | row_done : row_done;

    tern_cleared_delay #(.WIDTH(1), .CYCLES(5)) done_delay (
        .clock(clock),
        .clear(clear),
        .d(done),
        .q(done_delay_q)
    );

    tern_delay #(.WIDTH(1), .CYCLES(5)) head_delay (.clock(clock), .d(head), .q(head_delay_q));

    tern_delay #(.WIDTH(1), .CYCLES(5)) first_delay (.clock(clock), .d(first), .q(first_delay_q));

    tern_delay #(.WIDTH(1), .CYCLES(5)) rows_delay (.clock(clock), .d(rows), .q(rows_delay_q));

    tern_delay #(.WIDTH(1), .CYCLES(5)) warm_delay (.clock(clock), .d(warm), .q(warm_delay_q));

    tern_delay #(.WIDTH(1), .CYCLES(5)) ending_delay (.clock(clock), .d(ending), .q(ending_delay_q));

    assign select = fire_q ? token_q : 2'd0;
    assign bias_word = count_q;
    assign unit = unit_q;
    assign unit_valid = unit_valid_q;
    assign unit_warm = unit_warm_q;
    assign row_valid = row_valid_q;
    assign row_last = row_last_q;
    assign row_ending = ending_q;
    assign finished = next_row & row_done & ~left_q;

    always @(posedge clock) begin
        unit_valid_q <= 1'b0;
        row_valid_q <= 1'b0;
        if (fire_q) begin
            if (head_q) begin
                row_valid_q <= 1'b1;
                fire_q <= 1'b0;
            end else begin
                unit_valid_q <= 1'b1;
            end
        end
        unit_q <= count_q;
        unit_warm_q <= warm_q;
        row_last_q <= count_q == last_row;
        if (next_row) begin
            count_q <= count_q + 3'd1;
            token_q <= {token_q[0], 1'b0};
            left_q <= left_q - 1'b1;
            fire_q <= left_q;
        end
        if (done_delay_q) begin
            token_q <= 2'd1;
            left_q <= rows_delay_q;
            fire_q <= 1'b1;
            head_q <= head_delay_q;
            warm_q <= warm_delay_q;
            ending_q <= ending_delay_q;
            if (first_delay_q) begin
                count_q <= 3'd0;
            end
        end
        if (clear) begin
            fire_q <= 1'b0;
            unit_valid_q <= 1'b0;
            row_valid_q <= 1'b0;
        end
    end
endmodule

// A processing element: adds up the products of one output.
module tern_pe (
    input wire clock,
    input wire [3:0] act,
    input wire [3:0] weight,
    input wire shift,
    input wire last,
    output wire [10:0] result
);
    reg [1:0] plus_q;
    reg [1:0] minus_q;
    reg signed [2:0] tally_q;
    reg signed [3:0] sum_q;
    reg [6:0] low_0_q;
    reg [10:0] held_q;

    wire [1:0] product_plus;
    wire [1:0] product_minus;
    wire signed [2:0] counter_0_count;

    wire signed [3:0] total = sum_q + {tally_q[2], tally_q};

    tern_product #(.LANES(2)) product (
        .act(act),
        .weight(weight),
        .plus(product_plus),
        .minus(product_minus)
    );

    tern_count #(.LANES(2), .WIDTH(3)) counter_0 (.plus(plus_q), .minus(minus_q), .count(counter_0_count));

    assign result = held_q;

    always @(posedge clock) begin
        plus_q <= product_plus;
        minus_q <= product_minus;
        tally_q <= counter_0_count;
        sum_q <= total;
        if (shift) begin
            sum_q <= {total[3], total[3:1]};
            low_0_q <= {total[0], low_0_q[6:1]};
        end
        if (last) begin
            held_q <= {total, low_0_q};
            sum_q <= 4'd0;
        end
    end
endmodule

// Where in the time step the array is: walks through the passes, blocks and chunks.
module tern_position (
    input wire clock,
    input wire clear,
    input wire go,
    output wire is_hidden,
    output wire takes_input,
    output wire is_fresh,
    output wire waits,
    output wire is_head,
    output wire chunk,
    output wire [3:0] address,
    output wire shift,
    output wire block_end,
    output wire rows,
    output wire layer_end,
    output wire step_end,
    output wire last_input,
    output wire [4:0] settle
);
    localparam [3:0] state_base = 4'd4;

    reg [3:0] next_q;
    reg left_q;
    reg chunk_q;
    reg blocks_q;
    reg last_block_q;
    reg hidden_q;
    reg takes_input_q;
    reg fresh_q;
    reg waits_q;
    reg head_q;
    reg ends_block_q;
    reg last_plane_q;
    reg first_plane_q;
    reg shifts_q;
    reg last_section_q;
    reg tail_q;
    reg [4:0] settle_q;
    reg shift_q;
    reg pass_end_q;
    reg block_end_q;
    reg closing_q;
    reg last_input_q;
    reg [3:0] input_q;
    reg [3:0] input_start_q;
    reg [3:0] state_q;

    wire [33:0] passes_data;

    wire next_pass_end = ~pass_end_q & left_q;
    wire next_left = pass_end_q ? passes_data[16] : left_q - 1'b1;
    wire next_chunk = ~pass_end_q & (chunk_q + 1'b1);
    wire next_blocks = closing_q ? passes_data[26] : block_end_q ? (blocks_q - 1'b1) : blocks_q;
    wire next_last_block = closing_q ? passes_data[14] : block_end_q ? blocks_q : last_block_q;
    wire next_ends_block = pass_end_q ? passes_data[5] : ends_block_q;
    wire next_last_plane = pass_end_q ? passes_data[8] : last_plane_q;
    wire next_shifts = pass_end_q ? passes_data[11] : shifts_q;
    wire next_hidden = pass_end_q ? passes_data[0] : hidden_q;
    wire [3:0] input_start = first_plane_q ? input_q : input_start_q;
    wire final_beat = closing_q & last_section_q;

    tern_passes passes (.index(next_q), .data(passes_data));

    assign is_hidden = hidden_q;
    assign takes_input = takes_input_q;
    assign is_fresh = fresh_q;
    assign waits = waits_q;
    assign is_head = head_q;
    assign chunk = chunk_q;
    assign address = hidden_q ? state_q : input_q;
    assign shift = shift_q;
    assign block_end = block_end_q;
    assign rows = ~closing_q | tail_q;
    assign layer_end = closing_q & ~head_q;
    assign step_end = final_beat;
    assign last_input = last_input_q;
    assign settle = settle_q;

    always @(posedge clock) begin
        if (go) begin
            left_q <= next_left;
            chunk_q <= next_chunk;
            blocks_q <= next_blocks;
            last_block_q <= next_last_block;
            ends_block_q <= next_ends_block;
            last_plane_q <= next_last_plane;
            shifts_q <= next_shifts;
            hidden_q <= next_hidden;
            takes_input_q <= ~next_hidden;
            shift_q <= next_shifts & next_pass_end;
            pass_end_q <= next_pass_end;
            block_end_q <= next_pass_end & next_ends_block;
            closing_q <= next_pass_end & next_ends_block & next_last_block;
            last_input_q <= next_pass_end & next_last_plane & next_last_block;
            first_plane_q <= 1'b0;
            if (pass_end_q) begin
                fresh_q <= passes_data[1];
                waits_q <= passes_data[2];
                head_q <= passes_data[3];
                last_section_q <= passes_data[12];
                tail_q <= passes_data[27];
                settle_q <= {passes_data[33:32], 2'd0, passes_data[29]};
                first_plane_q <= passes_data[9];
                next_q <= passes_data[21:18];
                if (passes_data[5] & ~next_last_block) begin
                    next_q <= {passes_data[25], 3'd0};
                end
            end
            input_start_q <= input_start;
            if (hidden_q) begin
                state_q <= state_q + 4'd1;
            end else begin
                input_q <= input_q + 4'd1;
            end
            if (pass_end_q & passes_data[10]) begin
                input_q <= input_start;
            end
            if (final_beat) begin
                input_q <= 4'd0;
                state_q <= state_base;
            end
        end
        if (clear) begin
            next_q <= 4'd0;
            hidden_q <= 1'b1;
            fresh_q <= 1'b0;
            waits_q <= 1'b0;
            takes_input_q <= 1'b0;
            pass_end_q <= 1'b1;
            block_end_q <= 1'b0;
            closing_q <= 1'b1;
            last_section_q <= 1'b1;
            last_input_q <= 1'b0;
        end
    end

    // Bits that this core does not need.
    wire unused = &{1'b0, passes_data[4], passes_data[7:6], passes_data[13], passes_data[15],
        passes_data[17], passes_data[24:22], passes_data[28], passes_data[31:30]};
endmodule

// Takes the beats of a time step and offers its chunks again and again, one trit plane at a time.
module tern_input (
    input wire clock,
    input wire clear,
    input wire [15:0] tdata,
    input wire tvalid,
    input wire tlast,
    output wire tready,
    input wire advance,
    input wire taken,
    output wire [3:0] trits,
    output wire ready,
    output wire ending
);
    reg [15:0] ring_0_q;
    reg [15:0] ring_1_q;
    reg [15:0] stage_q;
    reg staged_q;
    reg open_q;
    reg padding_q;
    reg full_q;
    reg last_q;
    reg beat_q;

    wire [15:0] convert_0_out;
    wire [3:0] plane_0_trits;
    wire [15:0] plane_0_rotated;
    wire taken_delay_q;

    wire accept = tvalid & open_q;
    wire [15:0] fresh = padding_q ? 16'd0 : convert_0_out;
    wire load = accept | padding_q;

    tern_sign_magnitude #(.LANES(2), .BITS(8)) convert_0 (.elements(tdata), .out(convert_0_out));

    tern_plane #(.LANES(2), .BITS(8)) plane_0 (
        .chunk(ring_0_q),
        .trits(plane_0_trits),
        .rotated(plane_0_rotated)
    );

    tern_cleared_delay #(.WIDTH(1), .CYCLES(2)) taken_delay (
        .clock(clock),
        .clear(clear),
        .d(taken),
        .q(taken_delay_q)
    );

    assign tready = open_q;
    assign trits = plane_0_trits;
    assign ready = full_q;
    assign ending = last_q;

    always @(posedge clock) begin
        stage_q <= fresh;
        staged_q <= load;
        if (staged_q | advance) begin
            ring_0_q <= ring_1_q;
            ring_1_q <= plane_0_rotated;
        end
        if (staged_q) begin
            ring_1_q <= stage_q;
        end
        if (taken) begin
            full_q <= 1'b0;
        end
        if (taken_delay_q) begin
            open_q <= 1'b1;
        end
        if (accept) begin
            last_q <= tlast;
            open_q <= ~tlast;
            padding_q <= tlast;
        end
        if (load) begin
            beat_q <= beat_q + 1'b1;
            if (beat_q) begin
                beat_q <= 1'b0;
                open_q <= 1'b0;
                padding_q <= 1'b0;
                full_q <= 1'b1;
            end
        end
        if (clear) begin
            beat_q <= 1'b0;
            staged_q <= 1'b0;
            open_q <= 1'b1;
            padding_q <= 1'b0;
            full_q <= 1'b0;
        end
    end
endmodule

// product = a * b + addend, two bits of `a` per cycle.
module tern_multiplier #(
    parameter STAGES = 4,
    parameter B_BITS = 12,
    parameter SUM_BITS = 21
) (
    input wire clock,
    input wire [2*STAGES-1:0] a,
    input wire signed [B_BITS-1:0] b,
    input wire signed [SUM_BITS-1:0] addend,
    output wire signed [SUM_BITS-1:0] product
);
    genvar k;
    generate
        for (k = 0; k < STAGES; k = k + 1) begin : stage
            // Bits of `a` from 2*k on, and what they multiply.
            wire [2*(STAGES-k)-1:0] digits;
            wire signed [B_BITS-1:0] factor;
            wire signed [SUM_BITS-1:0] sum;
            wire [SUM_BITS-1:0] once = {{SUM_BITS-B_BITS{factor[B_BITS-1]}}, factor} << (2*k);
            reg signed [SUM_BITS-1:0] sum_q;
            always @(posedge clock)
                sum_q <= sum + ({SUM_BITS{digits[0]}} & once) + ({SUM_BITS{digits[1]}} & {once[SUM_BITS-2:0], 1'b0});
            if (k == 0) begin : first
                assign digits = a;
                assign factor = b;
                assign sum = addend;
            end else begin : later
                assign digits = stage[k-1].passed.digits_q;
                assign factor = stage[k-1].passed.factor_q;
                assign sum = stage[k-1].sum_q;
            end
            if (k + 1 < STAGES) begin : passed
                reg [2*(STAGES-k)-3:0] digits_q;
                reg signed [B_BITS-1:0] factor_q;
                always @(posedge clock) begin
                    digits_q <= digits[2*(STAGES-k)-1:2];
                    factor_q <= factor;
                end
            end
        end
    endgenerate
    assign product = stage[STAGES-1].sum_q;
endmodule

// A memory with a write port: the word at an address one cycle later.
module tern_memory_blank #(
    parameter WIDTH = 12,
    parameter DEPTH = 4
) (
    input wire clock,
    input wire [$clog2(DEPTH)-1:0] address,
    input wire write,
    input wire [$clog2(DEPTH)-1:0] write_address,
    input wire [WIDTH-1:0] write_data,
    output reg [WIDTH-1:0] data
);
    (* no_rw_check *) reg [WIDTH-1:0] mem [0:DEPTH-1];
    always @(posedge clock) begin
        if (write) mem[write_address] <= write_data;
        data <= mem[address];
    end
endmodule

// Shifts right by SHIFT and saturates to BITS bits, given as OUT_BITS.
module tern_clamp #(
    parameter VALUE_BITS = 13,
    parameter SHIFT = 3,
    parameter BITS = 8,
    parameter OUT_BITS = 8
) (
    input wire signed [VALUE_BITS-1:0] value,
    output wire [OUT_BITS-1:0] out
);
    wire sign = value[VALUE_BITS-1];
    generate
        if (BITS == 1) begin : sign_alone
            assign out = {OUT_BITS{sign}};
            wire unused = &{1'b0, value[VALUE_BITS-2:0]};
        end else begin : several_bits
            wire signed [VALUE_BITS-1:0] shifted = value >>> SHIFT;
            wire [BITS+VALUE_BITS-2:0] extended = {{BITS-1{sign}}, shifted};
            // The value fits where all bits from the result's sign on are equal.
            wire fits = extended[BITS-1 +: VALUE_BITS] == {VALUE_BITS{sign}};
            assign out = {{OUT_BITS-BITS+1{sign}}, fits ? extended[BITS-2:0] : {BITS-1{~sign}}};
        end
    endgenerate
endmodule

// A ROM: the word at an address one cycle later; word 0 is lowest in WORDS.
module tern_rom_in_logic #(
    parameter WIDTH = 12,
    parameter DEPTH = 8,
    parameter [DEPTH*WIDTH-1:0] WORDS = 96'h000000000c00003007006ffd
) (
    input wire clock,
    input wire [$clog2(DEPTH)-1:0] address,
    output reg [WIDTH-1:0] data
);
    (* ram_style = "logic" *) reg [WIDTH-1:0] mem [0:DEPTH-1];
    integer k;
    initial begin
        for (k = 0; k < DEPTH; k = k + 1)
            mem[k] = WORDS[k*WIDTH +: WIDTH];
    end
    always @(posedge clock) data <= mem[address];
endmodule

// Delays a value by CYCLES cycles.
module tern_delay #(
    parameter WIDTH = 1,
    parameter CYCLES = 4
) (
    input wire clock,
    input wire [WIDTH-1:0] d,
    output wire [WIDTH-1:0] q
);
    // The value of k + 1 cycles before is at bit k*WIDTH.
    reg [CYCLES*WIDTH-1:0] stages_q;
    integer k;
    always @(posedge clock) begin
        stages_q[0 +: WIDTH] <= d;
        for (k = 1; k < CYCLES; k = k + 1)
            stages_q[k*WIDTH +: WIDTH] <= stages_q[(k-1)*WIDTH +: WIDTH];
    end
    assign q = stages_q[(CYCLES-1)*WIDTH +: WIDTH];
endmodule

// Lanes that add one, less the lanes that subtract one.
module tern_count #(
    parameter LANES = 2,
    parameter WIDTH = 3
) (
    input wire [LANES-1:0] plus,
    input wire [LANES-1:0] minus,
    output reg signed [WIDTH-1:0] count
);
    integer lane;
    always @(*) begin
        count = {WIDTH{1'b0}};
        for (lane = 0; lane < LANES; lane = lane + 1)
            count = count + {{WIDTH-1{1'b0}}, plus[lane]} - {{WIDTH-1{1'b0}}, minus[lane]};
    end
endmodule

// Multiplies each activation by its weight: -1, 0 or +1 per lane.
module tern_product #(
    parameter LANES = 2
) (
    input wire [2*LANES-1:0] act,
    input wire [2*LANES-1:0] weight,
    output reg [LANES-1:0] plus,
    output reg [LANES-1:0] minus
);
    integer lane;
    always @(*) begin
        for (lane = 0; lane < LANES; lane = lane + 1) begin
            plus[lane]  = (weight[2*lane] & act[2*lane]) | (weight[2*lane+1] & act[2*lane+1]);
            minus[lane] = (weight[2*lane] & act[2*lane+1]) | (weight[2*lane+1] & act[2*lane]);
        end
    end
endmodule

// A ROM: the word at an address one cycle later; word 0 is lowest in WORDS.
module tern_rom #(
    parameter WIDTH = 4,
    parameter DEPTH = 16,
    parameter [DEPTH*WIDTH-1:0] WORDS = 64'h0000001940821528
) (
    input wire clock,
    input wire [$clog2(DEPTH)-1:0] address,
    output reg [WIDTH-1:0] data
);
    (* ram_style = "block" *) reg [WIDTH-1:0] mem [0:DEPTH-1];
    integer k;
    initial begin
        for (k = 0; k < DEPTH; k = k + 1)
            mem[k] = WORDS[k*WIDTH +: WIDTH];
    end
    always @(posedge clock) data <= mem[address];
endmodule

// The passes of a time step, in order: what is summed in each.
module tern_passes (
    input wire [3:0] index,
    output reg [33:0] data
);
    always @(*) begin
        case (index)
            4'd0: data = 34'b1100101100000001010000101000010000;
            4'd1: data = 34'b1100101100000010010000110000010000;
            4'd2: data = 34'b1100101100000011010000110000010000;
            4'd3: data = 34'b1100101100000100010000110000010000;
            4'd4: data = 34'b1100101100000101010000110000010000;
            4'd5: data = 34'b1100101100000110010000110000010000;
            4'd6: data = 34'b1100101100000111010000110101010000;
            4'd7: data = 34'b1100101100001000010000000001110101;
            4'd8: data = 34'b0000000010000000010101000001101111;
            default: data = 34'd0;
        endcase
    end
endmodule

// Delays a value by CYCLES cycles; clear zeroes what is on its way.
module tern_cleared_delay #(
    parameter WIDTH = 1,
    parameter CYCLES = 2
) (
    input wire clock,
    input wire clear,
    input wire [WIDTH-1:0] d,
    output wire [WIDTH-1:0] q
);
    // The value of k + 1 cycles before is at bit k*WIDTH.
    reg [CYCLES*WIDTH-1:0] stages_q;
    integer k;
    always @(posedge clock) begin
        stages_q[0 +: WIDTH] <= d;
        for (k = 1; k < CYCLES; k = k + 1)
            stages_q[k*WIDTH +: WIDTH] <= stages_q[(k-1)*WIDTH +: WIDTH];
        if (clear) stages_q <= {CYCLES*WIDTH{1'b0}};
    end
    assign q = stages_q[(CYCLES-1)*WIDTH +: WIDTH];
endmodule

// The lowest plane of a chunk as trits, and the chunk with its planes rotated by one.
module tern_plane #(
    parameter LANES = 2,
    parameter BITS = 8
) (
    input wire [LANES*BITS-1:0] chunk,
    output reg [2*LANES-1:0] trits,
    output reg [LANES*BITS-1:0] rotated
);
    integer lane;
    always @(*) begin
        for (lane = 0; lane < LANES; lane = lane + 1) begin
            trits[2*lane]   = chunk[lane*BITS] & ~chunk[lane*BITS + BITS - 1];
            trits[2*lane+1] = chunk[lane*BITS] & chunk[lane*BITS + BITS - 1];
            rotated[lane*BITS + BITS - 1] = chunk[lane*BITS + BITS - 1];
            rotated[lane*BITS + BITS - 2] = chunk[lane*BITS];
            rotated[lane*BITS +: BITS-2] = chunk[lane*BITS + 1 +: BITS-2];
        end
    end
endmodule

// Signed elements as sign and magnitude; -2^(BITS-1) is read as -(2^(BITS-1) - 1).
module tern_sign_magnitude #(
    parameter LANES = 2,
    parameter BITS = 8
) (
    input wire [LANES*BITS-1:0] elements,
    output reg [LANES*BITS-1:0] out
);
    integer lane;
    reg [BITS-1:0] element;
    reg [BITS-1:0] negated;
    always @(*) begin
        for (lane = 0; lane < LANES; lane = lane + 1) begin
            element = elements[lane*BITS +: BITS];
            negated = -element;
            out[lane*BITS + BITS - 1] = element[BITS-1];
            out[lane*BITS +: BITS-1] =
                !element[BITS-1] ? element[BITS-2:0] : negated[BITS-1] ? {BITS-1{1'b1}} : negated[BITS-2:0];
        end
    end
endmodule

`default_nettype wire

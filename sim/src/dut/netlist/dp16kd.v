// The block RAM of the ECP5, DP16KD, for simulating netlists: Yosys has its ports but no behaviour.
//
// Written from Yosys' own description of the cell, lattice/brams_16kd.txt, and its mapping to it, lattice/brams_map_16kd.v, not from
// Lattice's documents: a netlist proves that widths, contents, byte enables and reads during writes agree with what Yosys takes
// the cell to be, not that Yosys takes it rightly. 1024 rows of 18 bits, two ports; a port is 18, 9,
// 4, 2 or 1 bits wide, or 36 with the data pins of both ports together (then A writes and B reads). Addresses count single bits
// of a 16384 x 1 memory: a port 18 wide uses bits 13 to 4 and takes byte enables on bits 1 and 0, one 36 wide uses bits 13 to 5
// and takes them on bits 3 to 0. Bits 8 and 17 of a row, the parity of its bytes, are there for ports of 9 bits and wider alone.
// A port that is enabled reads on the clock's edge; while it writes, its output holds (NORMAL), shows the old word
// (READBEFOREWRITE) or the new one (WRITETHROUGH). The contents before the first write are the INITVALs, 16 rows each.
//
// What is not defined in the silicon is wrong here, so that a core that relies on it fails: a port that reads bits which the other
// writes at the same edge gets their complement (bits of bytes that are not written are sound, as Yosys takes them to be). Both ports are taken to share one clock, as in a core. Output registers, which
// Yosys does not use, are refused.
module DP16KD (
  input DIA17, DIA16, DIA15, DIA14, DIA13, DIA12, DIA11, DIA10, DIA9, DIA8, DIA7, DIA6, DIA5, DIA4, DIA3, DIA2, DIA1, DIA0,
  input ADA13, ADA12, ADA11, ADA10, ADA9, ADA8, ADA7, ADA6, ADA5, ADA4, ADA3, ADA2, ADA1, ADA0,
  input CEA, OCEA, CLKA, WEA, RSTA, CSA2, CSA1, CSA0,
  output DOA17, DOA16, DOA15, DOA14, DOA13, DOA12, DOA11, DOA10, DOA9, DOA8, DOA7, DOA6, DOA5, DOA4, DOA3, DOA2, DOA1, DOA0,
  input DIB17, DIB16, DIB15, DIB14, DIB13, DIB12, DIB11, DIB10, DIB9, DIB8, DIB7, DIB6, DIB5, DIB4, DIB3, DIB2, DIB1, DIB0,
  input ADB13, ADB12, ADB11, ADB10, ADB9, ADB8, ADB7, ADB6, ADB5, ADB4, ADB3, ADB2, ADB1, ADB0,
  input CEB, OCEB, CLKB, WEB, RSTB, CSB2, CSB1, CSB0,
  output DOB17, DOB16, DOB15, DOB14, DOB13, DOB12, DOB11, DOB10, DOB9, DOB8, DOB7, DOB6, DOB5, DOB4, DOB3, DOB2, DOB1, DOB0
);
  parameter DATA_WIDTH_A = 18;
  parameter DATA_WIDTH_B = 18;
  parameter REGMODE_A = "NOREG";
  parameter REGMODE_B = "NOREG";
  parameter RESETMODE = "SYNC";
  parameter ASYNC_RESET_RELEASE = "SYNC";
  parameter CSDECODE_A = "0b000";
  parameter CSDECODE_B = "0b000";
  parameter WRITEMODE_A = "NORMAL";
  parameter WRITEMODE_B = "NORMAL";
  parameter CLKAMUX = "CLKA";
  parameter CLKBMUX = "CLKB";
  parameter GSR = "ENABLED";
  parameter [319:0] INITVAL_00 = 0, INITVAL_01 = 0, INITVAL_02 = 0, INITVAL_03 = 0;
  parameter [319:0] INITVAL_04 = 0, INITVAL_05 = 0, INITVAL_06 = 0, INITVAL_07 = 0;
  parameter [319:0] INITVAL_08 = 0, INITVAL_09 = 0, INITVAL_0A = 0, INITVAL_0B = 0;
  parameter [319:0] INITVAL_0C = 0, INITVAL_0D = 0, INITVAL_0E = 0, INITVAL_0F = 0;
  parameter [319:0] INITVAL_10 = 0, INITVAL_11 = 0, INITVAL_12 = 0, INITVAL_13 = 0;
  parameter [319:0] INITVAL_14 = 0, INITVAL_15 = 0, INITVAL_16 = 0, INITVAL_17 = 0;
  parameter [319:0] INITVAL_18 = 0, INITVAL_19 = 0, INITVAL_1A = 0, INITVAL_1B = 0;
  parameter [319:0] INITVAL_1C = 0, INITVAL_1D = 0, INITVAL_1E = 0, INITVAL_1F = 0;
  parameter [319:0] INITVAL_20 = 0, INITVAL_21 = 0, INITVAL_22 = 0, INITVAL_23 = 0;
  parameter [319:0] INITVAL_24 = 0, INITVAL_25 = 0, INITVAL_26 = 0, INITVAL_27 = 0;
  parameter [319:0] INITVAL_28 = 0, INITVAL_29 = 0, INITVAL_2A = 0, INITVAL_2B = 0;
  parameter [319:0] INITVAL_2C = 0, INITVAL_2D = 0, INITVAL_2E = 0, INITVAL_2F = 0;
  parameter [319:0] INITVAL_30 = 0, INITVAL_31 = 0, INITVAL_32 = 0, INITVAL_33 = 0;
  parameter [319:0] INITVAL_34 = 0, INITVAL_35 = 0, INITVAL_36 = 0, INITVAL_37 = 0;
  parameter [319:0] INITVAL_38 = 0, INITVAL_39 = 0, INITVAL_3A = 0, INITVAL_3B = 0;
  parameter [319:0] INITVAL_3C = 0, INITVAL_3D = 0, INITVAL_3E = 0, INITVAL_3F = 0;
  localparam [64*320-1:0] INITIAL = {
    INITVAL_3F, INITVAL_3E, INITVAL_3D, INITVAL_3C, INITVAL_3B, INITVAL_3A, INITVAL_39, INITVAL_38,
    INITVAL_37, INITVAL_36, INITVAL_35, INITVAL_34, INITVAL_33, INITVAL_32, INITVAL_31, INITVAL_30,
    INITVAL_2F, INITVAL_2E, INITVAL_2D, INITVAL_2C, INITVAL_2B, INITVAL_2A, INITVAL_29, INITVAL_28,
    INITVAL_27, INITVAL_26, INITVAL_25, INITVAL_24, INITVAL_23, INITVAL_22, INITVAL_21, INITVAL_20,
    INITVAL_1F, INITVAL_1E, INITVAL_1D, INITVAL_1C, INITVAL_1B, INITVAL_1A, INITVAL_19, INITVAL_18,
    INITVAL_17, INITVAL_16, INITVAL_15, INITVAL_14, INITVAL_13, INITVAL_12, INITVAL_11, INITVAL_10,
    INITVAL_0F, INITVAL_0E, INITVAL_0D, INITVAL_0C, INITVAL_0B, INITVAL_0A, INITVAL_09, INITVAL_08,
    INITVAL_07, INITVAL_06, INITVAL_05, INITVAL_04, INITVAL_03, INITVAL_02, INITVAL_01, INITVAL_00};

  wire [13:0] address_a = {ADA13, ADA12, ADA11, ADA10, ADA9, ADA8, ADA7, ADA6, ADA5, ADA4, ADA3, ADA2, ADA1, ADA0};
  wire [13:0] address_b = {ADB13, ADB12, ADB11, ADB10, ADB9, ADB8, ADB7, ADB6, ADB5, ADB4, ADB3, ADB2, ADB1, ADB0};
  wire [17:0] in_a = {DIA17, DIA16, DIA15, DIA14, DIA13, DIA12, DIA11, DIA10, DIA9, DIA8, DIA7, DIA6, DIA5, DIA4, DIA3, DIA2, DIA1, DIA0};
  wire [17:0] in_b = {DIB17, DIB16, DIB15, DIB14, DIB13, DIB12, DIB11, DIB10, DIB9, DIB8, DIB7, DIB6, DIB5, DIB4, DIB3, DIB2, DIB1, DIB0};
  wire clock_a = CLKAMUX == "INV" ? ~CLKA : CLKA;
  wire clock_b = CLKBMUX == "INV" ? ~CLKB : CLKB;
  wire enable_a = CEA & ~CSA2 & ~CSA1 & ~CSA0;
  wire enable_b = CEB & ~CSB2 & ~CSB1 & ~CSB0;
  wire write_a = enable_a & WEA & ~RSTA;
  wire write_b = enable_b & WEB & ~RSTB;
  reg [17:0] rows [0:1023];
  reg [35:0] out_a = 0;
  reg [35:0] out_b = 0;
  integer i;
  initial begin
    for (i = 0; i < 1024; i = i + 1) rows[i] = INITIAL[20 * i +: 18];
    if (REGMODE_A != "NOREG" || REGMODE_B != "NOREG") $fatal(1, "DP16KD with output registers");
  end

  // The lowest bit of a word in its row pair: the row by bit 4 of the address, the byte by bit 3.
  function [5:0] offset(input [13:0] address, input integer width);
    offset = (width < 36 && address[4] ? 6'd18 : 6'd0) + (width < 18 && address[3] ? 6'd9 : 6'd0)
      + (width == 4 ? {3'd0, address[2], 2'd0} : width == 2 ? {3'd0, address[2:1], 1'd0} : width == 1 ? {3'd0, address[2:0]} : 6'd0);
  endfunction

  // The bits of a word that a write changes.
  function [35:0] mask(input [13:0] address, input integer width);
    mask = width == 36 ? {{9{address[3]}}, {9{address[2]}}, {9{address[1]}}, {9{address[0]}}}
      : width == 18 ? {18'd0, {9{address[1]}}, {9{address[0]}}} : (36'd1 << width) - 36'd1;
  endfunction

  wire [35:0] pair_a = {rows[{address_a[13:5], 1'b1}], rows[{address_a[13:5], 1'b0}]};
  wire [35:0] pair_b = {rows[{address_b[13:5], 1'b1}], rows[{address_b[13:5], 1'b0}]};
  wire [5:0] offset_a = offset(address_a, DATA_WIDTH_A);
  wire [5:0] offset_b = offset(address_b, DATA_WIDTH_B);
  wire [35:0] mask_a = mask(address_a, DATA_WIDTH_A);
  wire [35:0] mask_b = mask(address_b, DATA_WIDTH_B);
  wire [35:0] data_a = {in_b, in_a} & mask_a;
  wire [35:0] data_b = {18'd0, in_b} & mask_b;

  // The bits of a port's row pair that it writes now, and those that the other port writes there.
  wire [35:0] writes_a = write_a ? mask_a << offset_a : 36'd0;
  wire [35:0] writes_b = write_b ? mask_b << offset_b : 36'd0;
  wire same = address_a[13:5] == address_b[13:5];
  wire [35:0] read_a = (pair_a ^ (same ? writes_b : 36'd0)) >> offset_a;
  wire [35:0] read_b = (pair_b ^ (same ? writes_a : 36'd0)) >> offset_b;

  always @(posedge clock_a) begin
    if (writes_a[17:0] != 0) begin
      rows[{address_a[13:5], 1'b0}] <= pair_a[17:0] & ~writes_a[17:0] | 18'(data_a << offset_a);
    end
    if (writes_a[35:18] != 0) begin
      rows[{address_a[13:5], 1'b1}] <= pair_a[35:18] & ~writes_a[35:18] | 18'(data_a << offset_a >> 18);
    end
    if (RSTA) out_a <= 0;
    else if (enable_a && (!write_a || WRITEMODE_A == "READBEFOREWRITE")) out_a <= read_a;
    else if (write_a && WRITEMODE_A == "WRITETHROUGH") out_a <= read_a & ~mask_a | data_a;
  end

  always @(posedge clock_b) begin
    if (writes_b[17:0] != 0) begin
      rows[{address_b[13:5], 1'b0}] <= pair_b[17:0] & ~writes_b[17:0] | 18'(data_b << offset_b);
    end
    if (writes_b[35:18] != 0) begin
      rows[{address_b[13:5], 1'b1}] <= pair_b[35:18] & ~writes_b[35:18] | 18'(data_b << offset_b >> 18);
    end
    if (RSTB) out_b <= 0;
    else if (enable_b && (!write_b || WRITEMODE_B == "READBEFOREWRITE")) out_b <= read_b;
    else if (write_b && WRITEMODE_B == "WRITETHROUGH") out_b <= read_b & ~mask_b | data_b;
  end

  // A word of 36 bits leaves by both ports, its upper half by B.
  assign {DOA17, DOA16, DOA15, DOA14, DOA13, DOA12, DOA11, DOA10, DOA9, DOA8, DOA7, DOA6, DOA5, DOA4, DOA3, DOA2, DOA1, DOA0}
    = DATA_WIDTH_B == 36 ? out_b[17:0] : out_a[17:0];
  assign {DOB17, DOB16, DOB15, DOB14, DOB13, DOB12, DOB11, DOB10, DOB9, DOB8, DOB7, DOB6, DOB5, DOB4, DOB3, DOB2, DOB1, DOB0}
    = DATA_WIDTH_B == 36 ? out_b[35:18] : out_b[17:0];
endmodule

//! What a waveform shows of a core, from stream to stream: in a picture, and in GTKWave.

use tern_compile::shape::Shape;
use tern_model::network::CellKind;
use tern_sim::wave::gtkwave::{Form, Group, Trace};
use tern_sim::wave::picture::{Row, Style};

/// The rows of the picture.
pub fn rows(shape: &Shape) -> Vec<Row> {
    let bit = |label: &str, signal: &str| row(label, signal, Style::Bit, None);
    let mut rows = vec![
        bit("s_axis_tvalid", "s_axis_tvalid"),
        bit("s_axis_tready", "s_axis_tready"),
        bit("beat takes x", "schedule_input_beat"),
        row("weight word", "schedule_address", Style::Number, None),
        bit("block complete", "schedule_done"),
    ];
    if !shape.layers.is_empty() {
        let valid = Some("drain_unit_valid");
        rows.insert(3, bit("beat takes h", "schedule_hidden_beat"));
        rows.push(row("unit", "drain_unit", Style::Number, valid));
    }
    for (k, gate) in gates(shape).into_iter().enumerate() {
        rows.push(row(
            &format!("gate {gate}"),
            &format!("gate_{k}_gate"),
            Style::Signed,
            None,
        ));
    }
    if !shape.layers.is_empty() {
        let valid = Some("hidden_0.trit_valid");
        let style = match shape.has_hidden_planes() {
            true => Style::SignMagnitude,
            false => Style::Trit,
        };
        rows.push(row("hidden state", "hidden_0.trit", style, valid));
    }
    rows.push(bit("m_axis_tvalid", "m_axis_tvalid"));
    rows
}

fn row(label: &str, signal: &str, style: Style, when: Option<&'static str>) -> Row {
    Row {
        label: label.to_owned(),
        signal: signal.to_owned(),
        style,
        when,
    }
}

/// The groups of the save file; `trits` and `layers` are the files with the names of trits and of sections.
pub fn groups(shape: &Shape, trits: &str, layers: &str) -> Vec<Group> {
    let trits = || Form::Trits(trits.to_owned());
    let layer = || Form::Names(layers.to_owned());
    let mut schedule = vec![
        trace("beat takes x", "schedule_input_beat", Form::Bit),
        trace("weight word", "schedule_address", Form::Number),
        trace("block complete", "schedule_done", Form::Bit),
    ];
    let mut units = vec![];
    if !shape.layers.is_empty() {
        schedule.insert(1, trace("beat takes h", "schedule_hidden_beat", Form::Bit));
        units.push(trace("unit valid", "drain_unit_valid", Form::Bit));
        units.push(trace("unit", "drain_unit", Form::Number));
    }
    if shape.layers.len() > 1 {
        units.push(trace("layer", "drain_unit_layer", layer()));
    }
    let mut groups = vec![
        group("input stream", stream("s_axis")),
        group("schedule", schedule),
        group(
            "PE 0 of column 0",
            vec![
                trace("activation", "array.column_0.pe_0.act", trits()),
                trace("weight", "array.column_0.pe_0.weight", trits()),
                trace("partial sum", "array.column_0.pe_0.sum_q", Form::Signed),
                trace("sum complete", "array.column_0.pe_0.last", Form::Bit),
            ],
        ),
    ];
    for (k, sum) in sums(shape).into_iter().enumerate() {
        units.push(trace(
            &sum,
            &format!("bias_{k}_preactivation"),
            Form::Signed,
        ));
    }
    for (k, gate) in gates(shape).into_iter().enumerate() {
        units.push(trace(
            &format!("gate {gate}"),
            &format!("gate_{k}_gate"),
            Form::Signed,
        ));
    }
    groups.push(group("gates", units));
    if shape.has(CellKind::Lstm) {
        groups.push(cell(
            "lstm_cell_0",
            "cell state c",
            ("tanh(c)", "squashed_q"),
        ));
    }
    if shape.has(CellKind::Gru) {
        groups.push(cell(
            "gru_cell_0",
            "state q",
            ("candidate n", "candidate_q"),
        ));
    }
    if !shape.layers.is_empty() {
        let (label, form) = match shape.has_hidden_planes() {
            true => ("h, sign and magnitude", Form::Hexadecimal),
            false => ("h", trits()),
        };
        let hidden = vec![
            trace("h valid", "hidden_0.trit_valid", Form::Bit),
            trace(label, "hidden_0.trit", form),
        ];
        groups.push(group("hidden state", hidden));
    }
    groups.push(group("output stream", stream("m_axis")));
    groups
}

/// The names of the sections, as [`Form::Names`] wants them.
pub fn sections(shape: &Shape) -> String {
    let layers = shape.layers.iter().enumerate();
    let names = layers.map(|(k, layer)| format!("{k} {} {k}\n", layer.cell.name()));
    let head = shape
        .outputs
        .map(|_| format!("{} linear\n", shape.layers.len()));
    names.chain(head).collect()
}

fn group(name: &str, traces: Vec<Trace>) -> Group {
    Group {
        name: name.to_owned(),
        traces,
    }
}

fn trace(label: &str, signal: &str, form: Form) -> Trace {
    Trace {
        label: label.to_owned(),
        signal: signal.to_owned(),
        form,
    }
}

fn stream(name: &str) -> Vec<Trace> {
    let port =
        |port: &str, form: Form| trace(&format!("{name}_{port}"), &format!("{name}_{port}"), form);
    vec![
        port("tvalid", Form::Bit),
        port("tready", Form::Bit),
        port("tdata", Form::Hexadecimal),
        port("tlast", Form::Bit),
    ]
}

/// A cell unit: the state that it writes and a value on the way.
fn cell(cell: &str, state: &str, (label, signal): (&str, &str)) -> Group {
    let part =
        |label: &str, signal: &str, form: Form| trace(label, &format!("{cell}.{signal}"), form);
    let traces = vec![
        part(label, signal, Form::Signed),
        part("state written", "state.write", Form::Bit),
        part("of unit", "state.write_address", Form::Number),
        part(state, "state.write_data", Form::Signed),
    ];
    group(cell.trim_end_matches("_0"), traces)
}

/// Names by kind of cell: those of both kinds where a core has both.
fn names(shape: &Shape, lstm: &[&str], gru: &[&str]) -> Vec<String> {
    let own = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    match (shape.has(CellKind::Lstm), shape.has(CellKind::Gru)) {
        (true, false) => own(lstm),
        (false, true) => own(gru),
        (false, false) => vec![],
        (true, true) => {
            let both = |(k, lstm): (usize, &&str)| match gru.get(k) {
                Some(gru) => format!("{lstm} or {gru}"),
                None => (*lstm).to_owned(),
            };
            lstm.iter().enumerate().map(both).collect()
        }
    }
}

/// The gates with tables of their own, in the order of the columns.
fn gates(shape: &Shape) -> Vec<String> {
    names(shape, &["i", "f", "g", "o"], &["r", "z"])
}

/// The sums with their biases, before any table.
fn sums(shape: &Shape) -> Vec<String> {
    let lstm = ["z_i", "z_f", "z_g", "z_o"];
    names(shape, &lstm, &["z_r", "z_z", "a = W_in x", "b = W_hn h"])
}

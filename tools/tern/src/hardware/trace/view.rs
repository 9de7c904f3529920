//! What a waveform shows of a core, from stream to stream: in a picture, and in viewers.

use tern_compile::shape::Shape;
use tern_hdl::images::sum_signal;
use tern_model::network::CellKind;
use tern_sim::wave::picture::{Row, Style};
use tern_sim::wave::view::{Form, Group, Trace};

/// The rows of the picture.
pub fn rows(shape: &Shape) -> Vec<Row> {
    let bit = |label: &str, signal: &str| row(label, signal, Style::Bit, None);
    let mut rows = vec![
        bit("s_axis_tvalid", "s_axis_tvalid"),
        bit("s_axis_tready", "s_axis_tready"),
    ];
    match shape.events() {
        true => rows.extend([
            bit("event", "events_0.schedule_is_event"),
            row("weight word", "events_0.array.address", Style::Number, None),
            bit("block complete", "events_0.schedule_done"),
        ]),
        false => {
            rows.push(bit("beat takes x", "dense_0.schedule_input_beat"));
            if !shape.layers.is_empty() {
                rows.push(bit("beat takes h", "dense_0.schedule_hidden_beat"));
            }
            rows.push(row(
                "weight word",
                "dense_0.schedule_address",
                Style::Number,
                None,
            ));
            rows.push(bit("block complete", "dense_0.schedule_done"));
        }
    }
    if !shape.layers.is_empty() {
        rows.push(row(
            "unit",
            "units.unit",
            Style::Number,
            Some("units.valid"),
        ));
    }
    for (k, gate) in gates(shape).into_iter().enumerate() {
        rows.push(row(
            &format!("gate {gate}"),
            &format!("units.gate_{k}_out"),
            Style::Signed,
            None,
        ));
    }
    if !shape.layers.is_empty() {
        let valid = Some("units.trit_valid");
        let style = match shape.has_hidden_planes() {
            true => Style::SignMagnitude,
            false => Style::Trit,
        };
        rows.push(row("hidden state", "units.trit", style, valid));
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

/// The groups that viewers show; `trits` and `layers` are the files with the names of trits and of sections.
pub fn groups(shape: &Shape, trits: &str, layers: &str) -> Vec<Group> {
    let trits = || Form::Trits(trits.to_owned());
    let layer = || Form::Names(layers.to_owned());
    let mut units = vec![];
    if !shape.layers.is_empty() {
        units.push(trace("unit valid", "units.valid", Form::Bit));
        units.push(trace("unit", "units.unit", Form::Number));
    }
    if shape.layers.len() > 1 {
        units.push(trace("layer", "units.layer", layer()));
    }
    let mut groups = vec![group("input stream", stream("s_axis"))];
    groups.extend(match shape.events() {
        true => events(trits()),
        false => dense(shape, trits()),
    });
    for (k, sum) in sums(shape).into_iter().enumerate() {
        units.push(trace(&sum, &sum_signal(shape, k), Form::Signed));
    }
    for (k, gate) in gates(shape).into_iter().enumerate() {
        units.push(trace(
            &format!("gate {gate}"),
            &format!("units.gate_{k}_out"),
            Form::Signed,
        ));
    }
    groups.push(group("gates", units));
    if shape.has(CellKind::Lstm) {
        groups.push(cell(
            "units.lstm_cell_0",
            "cell state c",
            ("tanh(c)", "activation_out"),
        ));
    }
    if shape.has(CellKind::Gru) {
        groups.push(cell(
            "units.gru_cell_0",
            "state q",
            ("candidate n", "activation_out"),
        ));
    }
    if !shape.layers.is_empty() {
        let (label, form) = match shape.has_hidden_planes() {
            true => ("h, sign and magnitude", Form::Hexadecimal),
            false => ("h", trits()),
        };
        let hidden = vec![
            trace("h valid", "units.trit_valid", Form::Bit),
            trace(label, "units.trit", form),
        ];
        groups.push(group("hidden state", hidden));
    }
    groups.push(group("output stream", stream("m_axis")));
    groups
}

/// The schedule and a processing element of an array that sums everything.
fn dense(shape: &Shape, trits: Form) -> [Group; 2] {
    let at = |signal: &str| format!("dense_0.{signal}");
    let mut schedule = vec![
        trace("beat takes x", &at("schedule_input_beat"), Form::Bit),
        trace("weight word", &at("schedule_address"), Form::Number),
        trace("block complete", &at("schedule_done"), Form::Bit),
    ];
    if !shape.layers.is_empty() {
        let hidden = trace("beat takes h", &at("schedule_hidden_beat"), Form::Bit);
        schedule.insert(1, hidden);
    }
    let pe = |signal: &str| at(&format!("array.column_0.pe_0.{signal}"));
    [
        group("schedule", schedule),
        group(
            "PE 0 of column 0",
            vec![
                trace("activation", &pe("act"), trits.clone()),
                trace("weight", &pe("weight"), trits),
                trace("partial sum", &pe("sum_q"), Form::Signed),
                trace("sum complete", &pe("last"), Form::Bit),
            ],
        ),
    ]
}

/// The schedule and a processing element of an array that sums events.
fn events(trits: Form) -> [Group; 2] {
    let at = |signal: &str| format!("events_0.{signal}");
    let pe = |signal: &str| at(&format!("array.column_0.pe_0.{signal}"));
    [
        group(
            "schedule",
            vec![
                trace("event", &at("schedule_is_event"), Form::Bit),
                trace("weight word", &at("array.address"), Form::Number),
                trace("block complete", &at("schedule_done"), Form::Bit),
            ],
        ),
        group(
            "PE 0 of column 0",
            vec![
                trace("value", &pe("value"), Form::Signed),
                trace("weight", &pe("weight"), trits),
                trace("sum of lane 0", &pe("result"), Form::Signed),
                trace("sums complete", &pe("last"), Form::Bit),
            ],
        ),
    ]
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
        part("state written", "state.written", Form::Bit),
        part("of unit", "state.write_unit_q", Form::Number),
        part(state, "state.new_state", Form::Signed),
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

//! What must be reached.

/// A condition in a module of one core's Verilog.
#[derive(Clone, Debug)]
pub struct Place {
    /// What it counts for.
    pub point: String,
    /// The module.
    pub module: String,
    /// What must have held `after` clock edges earlier.
    pub before: String,
    /// That many.
    pub after: usize,
    /// What must hold at the clock edge.
    pub condition: String,
}

/// The states of the controller that decides what the array does, as conditions in `tern_schedule`.
const STATES: [(&str, &str); 8] = [
    (
        "x is summed",
        "go & ~position_is_hidden & ~position_is_head & ~position_in_gap",
    ),
    (
        "h is summed",
        "go & position_is_hidden & ~position_is_head & ~position_in_gap",
    ),
    ("the head is summed", "go & position_is_head"),
    ("a gap passes", "go & position_in_gap"),
    ("input is awaited", "blocked & ~position_is_hidden"),
    ("the cell is awaited", "blocked & position_is_hidden"),
    (
        "the drain is awaited",
        "~blocked & held & ~head_busy_q & busy_q",
    ),
    (
        "a sink is awaited",
        "~blocked & held & (head_busy_q | (position_state_end & output_busy))",
    ),
];

/// Other points: name, module, condition.
const POINTS: [(&str, &str, &str); 22] = [
    ("an LSTM unit is computed", "tern_lstm_cell", "valid"),
    ("a GRU unit is computed", "tern_gru_cell", "valid"),
    ("a row of the head is computed", "tern_head", "row_valid"),
    (
        "the first chunk of several",
        "tern_position",
        "go & pass_end_q & ~next_pass_end",
    ),
    (
        "the last chunk of several",
        "tern_position",
        "go & ~pass_end_q & next_pass_end",
    ),
    (
        "the only chunk",
        "tern_position",
        "go & pass_end_q & next_pass_end",
    ),
    (
        "a last block with idle rows",
        "tern_position",
        "closing_q & go & (tail_q != full_rows)",
    ),
    (
        "a chunk of h with padded lanes",
        "tern_hidden",
        "step_end & (lane_q != last_lane) & trit_valid",
    ),
    (
        "the drain begins while the last one still goes",
        "tern_drain",
        "done_delay_q & (fire_q | (|left_q))",
    ),
    (
        "the head waits for the sink",
        "tern_head",
        "busy_q & ~tready",
    ),
    (
        "the drain waits for the head",
        "tern_drain",
        "head_q & ~fire_q & ~row_done & (|left_q)",
    ),
    (
        "the copy of h waits for the sink",
        "tern_state_output",
        "full_q & ~tready",
    ),
    (
        "the copy of h waits for the array",
        "tern_state_output",
        "active_q & settled_q & ~free",
    ),
    (
        "the source pauses",
        "tern_core",
        "s_axis_tready & ~s_axis_tvalid",
    ),
    (
        "the core holds the source up",
        "tern_core",
        "~s_axis_tready & s_axis_tvalid",
    ),
    (
        "a sequence ends",
        "tern_core",
        "m_axis_tvalid & m_axis_tready & m_axis_tlast",
    ),
    (
        "the end of a sequence is held up",
        "tern_core",
        "m_axis_tvalid & ~m_axis_tready & m_axis_tlast",
    ),
    (
        "a reset finds input half loaded",
        "tern_input",
        "clear & (open_q | padding_q) & (|beat_q)",
    ),
    ("a reset finds a full input", "tern_input", "clear & full_q"),
    (
        "a reset finds the head sending",
        "tern_head",
        "clear & busy_q",
    ),
    (
        "a reset finds the copy reading",
        "tern_state_output",
        "clear & active_q & settled_q",
    ),
    (
        "a reset finds the copy waiting for the sink",
        "tern_state_output",
        "clear & full_q",
    ),
];

/// Ends of the two saturations: name, and the condition on a clamp.
const ENDS: [(&str, &str); 2] = [
    ("below", "CLAMP.sign & ~CLAMP.several_bits.fits"),
    ("above", "~CLAMP.sign & ~CLAMP.several_bits.fits"),
];

/// The names of all points that some core must reach.
pub fn required() -> Vec<String> {
    let mut names: Vec<String> = POINTS.iter().map(|(name, ..)| (*name).to_owned()).collect();
    for (state, _) in STATES {
        // The input is loaded only while nobody sums it.
        if state != "x is summed" {
            names.push(format!("tlast arrives while {state}"));
        }
        names.push(format!("a reset while {state}"));
    }
    for (end, _) in ENDS {
        for what in [
            "an LSTM state",
            "a GRU state",
            "the index of a gate's LUT",
            "the index of a state LUT",
            "the index of a candidate's LUT",
        ] {
            names.push(format!("{what} saturates {end}"));
        }
    }
    names.push("padding elements of x that are not zero".to_owned());
    names
}

/// The places of the points in a core's Verilog. `padding` is the first bit of the last input beat that holds padding, if
/// there is any; `candidate` is the number of cycles from a GRU's unit to the index of its candidate.
pub fn points(verilog: &str, padding: Option<usize>, candidate: usize) -> Vec<Place> {
    let modules: Vec<(&str, &str)> = verilog
        .split("\nmodule ")
        .skip(1)
        .map(|text| (text.split([' ', '(']).next().unwrap_or(""), text))
        .collect();
    let mut places = vec![];
    let mut add = |point: &str, module: &str, before: &str, after: usize, condition: &str| {
        let text = modules.iter().find(|(name, _)| *name == module);
        let text = text.map_or("", |(_, text)| text);
        places.push(Place {
            point: point.to_owned(),
            module: module.to_owned(),
            before: declared(before, text),
            after,
            condition: declared(condition, text),
        });
    };
    for (module, _) in &modules {
        for (point, of, condition) in POINTS.iter().filter(|(_, of, _)| of == module) {
            add(point, of, "", 0, condition);
        }
        if *module == "tern_schedule" {
            for (state, condition) in STATES {
                let tlast = "tern_core.dense_0.input_ring.accept & tern_core.s_axis_tlast";
                add(
                    &format!("tlast arrives while {state}"),
                    module,
                    "",
                    0,
                    &format!("{tlast} & ({condition})"),
                );
                add(
                    &format!("a reset while {state}"),
                    module,
                    "",
                    0,
                    &format!("clear & ({condition})"),
                );
            }
        }
        if let (Some(bit), "tern_input") = (padding, *module) {
            let text = modules.iter().find(|(name, _)| name == module);
            // A ring of one or two beats counts them in a bit or not at all.
            let last = match text.map_or("", |(_, text)| text) {
                text if text.contains(" last_beat = ") => "(beat_q == last_beat)",
                text if text.contains(" beat_q;") => "beat_q",
                _ => "1'b1",
            };
            let condition = format!("accept & {last} & (|(tdata >> {bit}))");
            add(
                "padding elements of x that are not zero",
                module,
                "",
                0,
                &condition,
            );
        }
        for (end, saturates) in ENDS {
            let clamps = |of: &str, instance: &str| clamps(&modules, of, instance);
            let condition = |clamp: &String| saturates.replace("CLAMP", clamp);
            if *module == "tern_lstm_cell" || *module == "tern_gru_cell" {
                let kind = if *module == "tern_lstm_cell" {
                    "an LSTM"
                } else {
                    "a GRU"
                };
                // The clamped state is written in the next cycle.
                for clamp in clamps(module, "saturate") {
                    add(
                        &format!("{kind} state saturates {end}"),
                        module,
                        &condition(&clamp),
                        1,
                        "state.written",
                    );
                }
            }
            let activation = |instance: &str| -> Vec<String> {
                let text = modules.iter().find(|(name, _)| name == module);
                let kind = text.and_then(|(_, text)| child(text, instance));
                let clamps = kind.map_or(vec![], |kind| clamps(kind, "clamp"));
                let condition = |clamp: &String| condition(&format!("{instance}.{clamp}"));
                clamps.iter().map(condition).collect()
            };
            if *module == "tern_gru_cell" {
                for clamp in activation("activation") {
                    let point = format!("the index of a candidate's LUT saturates {end}");
                    add(&point, module, "valid", candidate, &clamp);
                }
            }
            if *module == "tern_lstm_cell" {
                for clamp in activation("activation") {
                    let point = format!("the index of a state LUT saturates {end}");
                    let condition = format!("state.written & {clamp}");
                    add(&point, module, "", 0, &condition);
                }
            }
            if *module == "tern_units" {
                for gate in 0..4 {
                    let point = format!("the index of a gate's LUT saturates {end}");
                    // A unit's sums come two cycles after its number.
                    for clamp in activation(&format!("gate_{gate}")) {
                        add(&point, module, "valid", 2, &clamp);
                    }
                }
            }
        }
    }
    places
}

/// The condition, what a core does not have being low in it.
fn declared(condition: &str, module: &str) -> String {
    let is_word = |c: char| c.is_alphanumeric() || c == '_' || c == '.' || c == '\'';
    let (mut out, mut rest) = (String::new(), condition);
    while let Some(start) = rest.find(is_word) {
        let length = rest[start..]
            .find(|c| !is_word(c))
            .unwrap_or(rest.len() - start);
        let word = &rest[start..start + length];
        let there = word.contains(['.', '\'']) || word.starts_with(|c: char| c.is_ascii_digit());
        let ends = |end: &str| module.contains(&format!(" {word}{end}"));
        out += &rest[..start];
        out += match there || [";", " = ", ",\n", "\n);"].into_iter().any(ends) {
            true => word,
            false => "1'b0",
        };
        rest = &rest[start + length..];
    }
    out + rest
}

/// The module of an instance.
fn child<'a>(text: &'a str, instance: &str) -> Option<&'a str> {
    let line = instances(text)
        .into_iter()
        .find(|(name, _)| *name == instance)?;
    Some(line.1)
}

/// The instances of a module: name and module.
fn instances(text: &str) -> Vec<(&str, &str)> {
    let (mut kind, mut found) = ("", vec![]);
    for line in text.lines() {
        let code = line.trim();
        if line.starts_with("    tern_") {
            kind = code.split_whitespace().next().unwrap_or("");
        }
        let head = code.split(" (").next().unwrap_or("");
        if (line.starts_with("    tern_") || line.starts_with("    ) ")) && code.contains(" (") {
            found.push((head.split_whitespace().last().unwrap_or(""), kind));
        }
    }
    found
}

/// The paths, below module `of`, of the clamps that make up its `what` and can saturate.
fn clamps(modules: &[(&str, &str)], of: &str, what: &str) -> Vec<String> {
    let text = modules.iter().find(|(other, _)| *other == of);
    let text = text.map_or("", |(_, text)| text);
    let of_layer = format!("{what}_clamp_");
    let saturates = |name: &str| {
        let line = text
            .lines()
            .find(|line| line.contains(&format!(" {name} (")));
        let parameter = |of: &str| -> Option<usize> {
            let (_, rest) = line?.split_once(&format!(".{of}("))?;
            rest.split_once(')')?.0.parse().ok()
        };
        // A shift that is a parameter of the module differs from instance to instance.
        let shift = parameter("SHIFT").unwrap_or(0);
        parameter("VALUE_BITS")
            .zip(parameter("BITS"))
            .is_some_and(|(value, bits)| value - shift > bits)
    };
    let all = instances(text).into_iter();
    all.filter(|(name, kind)| {
        *kind == "tern_clamp" && (*name == what || name.starts_with(&of_layer)) && saturates(name)
    })
    .map(|(name, _)| name.to_owned())
    .collect()
}

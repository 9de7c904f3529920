//! What `tern trace` writes for GTKWave and for Surfer: both show the same groups, labels and forms, of signals that there are.

mod state;

use std::collections::BTreeMap;

use self::state::{Id, Item, Node, UserState, WaveSource};
use crate::support::Place;
use tern_model::network::{Layer, Model, Output};

/// A row of a viewer: a heading, or a signal under its label, its form in Surfer's words.
#[derive(Clone, Debug, PartialEq)]
enum Row {
    Heading(String),
    Signal {
        label: String,
        path: String,
        form: String,
    },
}

/// Checks that `x.gtkw` and `x.surf.ron` show the same signals of `x.vcd`, with those of `labels` among them.
pub fn shown(place: &Place, labels: &[&str]) {
    let text = |name: &str| std::fs::read_to_string(place.path(name)).expect("text");
    let signals = signals(&text("x.vcd"));
    let rows = gtkwave(&text("x.gtkw"), &signals);
    assert_eq!(surfer(&text("x.surf.ron"), &signals), rows);
    let label = |row: &Row| match row {
        Row::Heading(_) => None,
        Row::Signal { label, .. } => Some(label.clone()),
    };
    let shown: Vec<String> = rows.iter().filter_map(label).collect();
    assert!(shown.len() > 15, "{shown:?}");
    for label in labels {
        assert!(
            shown.iter().any(|shown| shown == label),
            "{label} is not in {shown:?}"
        );
    }
}

/// The paths of a waveform's signals, with their ranges such as `[7:0]`.
fn signals(vcd: &str) -> BTreeMap<String, String> {
    let mut scopes: Vec<&str> = vec![];
    let mut signals = BTreeMap::new();
    for line in vcd
        .lines()
        .take_while(|line| !line.contains("$enddefinitions"))
    {
        match *line.split_whitespace().collect::<Vec<_>>() {
            ["$scope", _, name, ..] => scopes.push(name),
            ["$upscope", ..] => drop(scopes.pop()),
            ["$var", _, _, _, name, range, ..] => {
                let range = if range == "$end" { "" } else { range };
                let path = format!("{}.{name}", scopes.join("."));
                signals.insert(path, range.to_owned());
            }
            _ => {}
        }
    }
    signals
}

/// The rows of a save file, the lanes of a signal as one.
fn gtkwave(save: &str, signals: &BTreeMap<String, String>) -> Vec<Row> {
    let (mut rows, mut flags, mut ends) = (vec![], "", 0);
    for line in save.lines() {
        if let Some(next) = line.strip_prefix('@') {
            flags = next;
        } else if let Some(name) = line.strip_prefix('-') {
            match flags {
                "800200" => rows.push(Row::Heading(name.to_owned())),
                _ => ends += 1,
            }
        } else if let Some(trace) = line.strip_prefix(['+', '#']) {
            let (label, names) = trace[1..].split_once("} ").expect("a label");
            let bit = |c: char| "()".contains(c) || c.is_ascii_digit();
            let names: Vec<&str> = names
                .split(' ')
                .map(|name| name.trim_start_matches(bit))
                .collect();
            let (path, range) = names[0].split_at(names[0].find('[').unwrap_or(names[0].len()));
            assert_eq!(signals.get(path).map(String::as_str), Some(range), "{line}");
            assert!(names.iter().all(|name| *name == names[0]), "{line}");
            let label = match names.len() {
                1 => label,
                _ => label.rsplit_once(' ').expect("a lane").0,
            };
            let form = match flags {
                "28" => "Bit",
                "24" | "2024" => "Unsigned",
                "424" => "Signed",
                "22" => "Hexadecimal",
                "2028" => "Binary (with groups)",
                _ => panic!("flags {flags}"),
            };
            let row = Row::Signal {
                label: label.to_owned(),
                path: path.to_owned(),
                form: form.to_owned(),
            };
            if rows.last() != Some(&row) {
                rows.push(row);
            }
        }
    }
    let headings = rows.iter().filter(|row| matches!(row, Row::Heading(_)));
    assert_eq!(headings.count(), ends);
    rows
}

/// The rows of a state file.
fn surfer(state: &str, signals: &BTreeMap<String, String>) -> Vec<Row> {
    let state: UserState = ron::from_str(state).expect("a state file");
    let mut waves = state.waves.expect("a waveform");
    assert_eq!(waves.source, WaveSource::File("x.vcd".to_owned()));
    assert_eq!(waves.viewports.len(), 1);
    assert_eq!(
        waves.displayed_items.keys().map(|item| item.0).max(),
        Some(waves.display_item_ref_counter)
    );
    let row = |node: Node| {
        assert!(node.unfolded);
        let item = waves.displayed_items.remove(&node.item_ref);
        match (node.level, item.expect("one item for each node")) {
            (0, Item::Group(group)) => {
                assert!(group.is_open);
                Row::Heading(group.name)
            }
            (1, Item::Variable(variable)) => {
                let signal = variable.variable_ref;
                assert_eq!([signal.path.id, signal.id], [Id::None, Id::None]);
                let path = format!("{}.{}", signal.path.strs.join("."), signal.name);
                assert!(signals.contains_key(&path), "{path} is no signal");
                Row::Signal {
                    label: variable.manual_name.expect("a label"),
                    path,
                    form: variable.format.expect("a format"),
                }
            }
            (level, _) => panic!("a group below the top, or a signal at level {level}"),
        }
    };
    let rows = waves.items_tree.items.into_iter().map(row).collect();
    assert!(waves.displayed_items.is_empty(), "every item has a node");
    rows
}

#[test]
fn viewers_show_gru_layers_stacks_and_heads_of_a_core_with_a_prefix() {
    let place = Place::new();
    place.write("x.csv", b"1,0\n-1,1\n");
    place.write(
        "d.json",
        br#"{"columns": 4, "rows": 2, "lanes": 2, "device": "simulation", "prefix": "mine_"}"#,
    );
    let random = |cell: &str, sizes: &str, more: &[&str]| {
        let network = [
            "random",
            "--cell",
            cell,
            "--input-size",
            "2",
            "--hidden-size",
            sizes,
        ];
        place.succeed(&[&network[..], &["--out", "m.safetensors"], more].concat());
    };
    let trace = || {
        let files = ["trace", "--model", "m.safetensors", "--design", "d.json"];
        let out = ["--input", "x.csv", "--vcd", "x.vcd", "--svg", "x.svg"];
        place.succeed(&[&files[..], &out].concat());
        std::fs::read_to_string(place.path("x.sections.txt")).expect("text")
    };
    random("gru", "3,5", &["--outputs", "2"]);
    let sections = trace();
    let labels = ["gate r", "gate z", "candidate n", "state q", "layer"];
    shown(&place, &labels);
    assert_eq!(sections, "0 gru 0\n1 gru 1\n2 linear\n");
    let mut mixed = Model::read(place.path("m.safetensors")).expect("a model file");
    random("lstm", "2", &[]);
    let lstm = Model::read(place.path("m.safetensors")).expect("a model file");
    mixed.layers.drain(1..);
    mixed.layers.insert(0, lstm.layers[0].clone());
    mixed.output = Output::Every;
    let Layer::Gru(gru) = &mut mixed.layers[1] else {
        panic!("a GRU layer");
    };
    assert_eq!(gru.input_size, 2);
    place.model("m.safetensors", &mixed);
    let sections = trace();
    let labels = ["gate i or r", "gate g", "state q", "cell state c"];
    shown(&place, &labels);
    assert_eq!(sections, "0 lstm 0\n1 gru 1\n");
}

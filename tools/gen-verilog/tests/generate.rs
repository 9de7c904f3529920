//! What the program writes, and what it says about it.

mod support;

use serde_json::Value;
use support::{Place, assert_refused, names};

const FILES: [&str; 4] = ["design.json", "report.json", "tern.v", "tern_tb.v"];
const MODEL: [&str; 2] = ["--model", "model.safetensors"];

#[track_caller]
fn generate(place: &Place, arguments: &[&str]) -> String {
    let output = place.run(arguments);
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{error}");
    assert!(error.is_empty(), "{error}");
    String::from_utf8(output.stdout).expect("text")
}

#[test]
fn no_arguments_give_the_bundled_model() {
    let place = Place::new();
    let summary = generate(&place, &[]);
    let folder = place.path("build/spoken-digits");
    assert_eq!(names(&folder), FILES);
    for word in [
        "spoken-digits",
        "4 columns x 6 rows x 8 lanes",
        "cycles per time step",
        "tern -- synth",
    ] {
        assert!(summary.contains(word), "`{word}` is missing: {summary}");
    }
    let verilog = place.read("build/spoken-digits/tern.v");
    let verilog = String::from_utf8(verilog).expect("text");
    let header: Vec<&str> = verilog
        .lines()
        .take_while(|line| line.starts_with("//"))
        .collect();
    for word in [
        "spoken-digits",
        "6 rows x 8 lanes on ice40-hx8k",
        env!("CARGO_PKG_VERSION"),
    ] {
        assert!(header.join("\n").contains(word), "`{word}` is missing");
    }
    assert!(verilog.contains("module tern_core ("));
    assert!(
        !verilog.contains("$readmem"),
        "the weights are inside the file"
    );
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let (one, other) = (Place::new(), Place::new());
    generate(&one, &[&MODEL[..], &["--out", "a"]].concat());
    generate(&other, &[&MODEL[..], &["--out", "b/c/d"]].concat());
    for file in FILES {
        assert_eq!(
            one.read(&format!("a/{file}")),
            other.read(&format!("b/c/d/{file}"))
        );
    }
}

#[test]
fn check_names_the_first_file_that_differs() {
    let place = Place::new();
    let arguments = [&MODEL[..], &["--out", "out"]].concat();
    let check = [&arguments[..], &["--check"]].concat();
    assert_refused(&place.run(&check), 1, &["out/tern.v"]);
    assert_eq!(place.names(), ["model.safetensors"], "check writes nothing");

    generate(&place, &arguments);
    generate(&place, &check);
    for file in FILES {
        let name = format!("out/{file}");
        let bytes = place.read(&name);
        place.write(&name, &[&bytes[..], b"\n"].concat());
        assert_refused(&place.run(&check), 1, &[&name]);
        std::fs::remove_file(place.path(&name)).expect("a file that was written");
        assert_refused(&place.run(&check), 1, &[&name, "missing"]);
        place.write(&name, &bytes);
        generate(&place, &check);
    }
}

#[test]
fn the_design_that_was_chosen_can_be_given_back() {
    let place = Place::new();
    generate(
        &place,
        &[&MODEL[..], &["--device", "ice40-hx8k", "--out", "a"]].concat(),
    );
    generate(
        &place,
        &[&MODEL[..], &["--design", "a/design.json", "--out", "b"]].concat(),
    );
    for file in FILES {
        assert_eq!(
            place.read(&format!("a/{file}")),
            place.read(&format!("b/{file}"))
        );
    }
    let moved = [
        "--design",
        "a/design.json",
        "--device",
        "ecp5-25k",
        "--out",
        "c",
    ];
    generate(&place, &[&MODEL[..], &moved[..]].concat());
    let design: Value = serde_json::from_slice(&place.read("c/design.json")).expect("JSON");
    assert_eq!(design["device"], "ecp5-25k");
}

#[test]
fn streams_are_wide_or_bytes() {
    let place = Place::new();
    let design = r#"{"columns": 4, "rows": 2, "lanes": 3, "device": "ice40-hx8k"}"#;
    // 5 inputs of 8 bits on 3 lanes are 2 beats of 3 bytes; 3 outputs are as many beats of 4 bytes.
    for (field, top, streams) in [
        ("", "tern_core", [24, 2, 32, 3]),
        (r#", "streams": "wide""#, "tern_core", [24, 2, 32, 3]),
        (r#", "streams": "bytes""#, "tern_bytes", [8, 6, 8, 12]),
    ] {
        place.write(
            "array.json",
            design.replace('}', &format!("{field}}}")).as_bytes(),
        );
        let arguments = ["--design", "array.json", "--out", "out"];
        generate(&place, &[&MODEL[..], &arguments].concat());
        let json = |name| -> Value { serde_json::from_slice(&place.read(name)).expect("JSON") };
        let (written, report) = (json("out/design.json"), json("out/report.json"));
        let bytes = (top == "tern_bytes").then_some("bytes");
        assert_eq!(written.get("streams").and_then(Value::as_str), bytes);
        let names = [
            "s_axis_tdata",
            "s_axis_beats_per_step",
            "m_axis_tdata",
            "m_axis_beats_per_output",
        ];
        let numbers = names.map(|name| report["streams"][name].as_u64().expect("a number"));
        assert_eq!(numbers, streams);
        let verilog = String::from_utf8(place.read("out/tern.v")).expect("text");
        assert!(verilog.starts_with(&format!("// {top}: ")));
        let first = verilog.lines().find(|line| line.starts_with("module "));
        assert_eq!(first, Some(format!("module {top} (").as_str()));
    }
}

#[test]
fn the_report_adds_up() {
    let place = Place::new();
    generate(&place, &[&MODEL[..], &["--out", "out"]].concat());
    let report: Value = serde_json::from_slice(&place.read("out/report.json")).expect("JSON");
    let number = |value: &Value| value.as_f64().expect("a number");
    let array = &report["array"];
    let size = number(&array["columns"]) * number(&array["rows"]) * number(&array["lanes"]);
    assert_eq!(number(&array["macs_per_cycle"]), size);
    let rate = number(&report["macs_per_step"]) / number(&report["cycles_per_step"]);
    assert!((number(&report["macs_per_cycle"]) - rate).abs() < 1e-3);
    assert!((number(&report["efficiency"]) - rate / size).abs() < 1e-3);
    let memories = report["memories"].as_array().expect("a list");
    let rams: f64 = memories
        .iter()
        .map(|memory| number(&memory["block_rams"]))
        .sum();
    assert_eq!(rams, number(&report["block_rams"]));
    assert!(rams <= number(&report["device_block_rams"]));
    // 5 inputs of 7 trit planes and 8 hidden units, for 4 gates of 8 units
    assert_eq!(
        number(&report["macs_per_step"]),
        4.0 * 8.0 * (7.0 * 5.0 + 8.0)
    );
}

#[test]
fn only_what_can_be_placed_is_recommended_for_synthesis() {
    let place = Place::new();
    let design = r#"{"columns": 4, "rows": 1, "lanes": 25, "device": "ice40-hx8k"}"#;
    place.write("wide.json", design.as_bytes());
    // 25 elements of 8 bits, an output of 32, clock, reset and two handshakes on the 206 pins of a CT256.
    let wide = generate(&place, &[&MODEL[..], &["--design", "wide.json"]].concat());
    assert!(!wide.contains("tern -- synth"), "{wide}");
    for word in [
        "240 bits",
        "206 pins",
        "`streams` \"bytes\" or fewer `lanes`",
    ] {
        assert!(wide.contains(word), "`{word}` is missing: {wide}");
    }
    let chosen = generate(&place, &MODEL);
    assert!(chosen.contains("tern -- synth"), "{chosen}");
    for (row, word) in [("logic ", " of 7680 logic cells"), ("limit ", "cycles")] {
        let line = chosen.lines().find(|line| line.starts_with(row));
        assert!(line.is_some_and(|line| line.contains(word)), "{chosen}");
    }
}

#[test]
fn a_reserve_is_kept_in_the_design_and_by_it() {
    let place = Place::new();
    let reserve = ["--reserve", "60", "--out", "a"];
    let summary = generate(&place, &[&MODEL[..], &reserve].concat());
    assert!(summary.contains("-- synth"), "{summary}");
    assert!(summary.contains(" --reserve 60"), "{summary}");
    let report: Value = serde_json::from_slice(&place.read("a/report.json")).expect("JSON");
    assert!(
        report["block_rams"].as_u64() <= Some(32 * 4 / 10),
        "{report}"
    );
    let design: Value = serde_json::from_slice(&place.read("a/design.json")).expect("JSON");
    assert_eq!(design["reserve"], 60);
    let again = ["--design", "a/design.json", "--out", "b"];
    generate(&place, &[&MODEL[..], &again].concat());
    for file in FILES {
        assert_eq!(
            place.read(&format!("a/{file}")),
            place.read(&format!("b/{file}"))
        );
    }
    let more = ["--design", "a/design.json", "--reserve", "90"];
    let refused = place.run(&[&MODEL[..], &more].concat());
    assert_refused(&refused, 2, &["beside its reserve of 90 %"]);
    let beyond = place.run(&["--reserve", "91"]);
    assert_refused(&beyond, 2, &["--reserve", "91"]);
}

#[test]
fn the_next_commands_can_be_pasted() {
    let place = Place::new();
    std::fs::rename(
        place.path("model.safetensors"),
        place.path("a b.safetensors"),
    )
    .expect("the test's own file");
    let summary = generate(&place, &["--model", "a b.safetensors"]);
    let commands: Vec<&str> = summary
        .lines()
        .filter(|line| line.contains(" -- "))
        .collect();
    assert_eq!(commands.len(), 3, "{summary}");
    assert!(commands[2].contains("-- report build/"), "{summary}");
    for command in commands {
        assert!(command.ends_with(" --model 'a b.safetensors'"), "{command}");
    }
}

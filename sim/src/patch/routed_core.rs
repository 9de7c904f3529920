//! A routed core whose networks can be exchanged, and the files it is kept in.

use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tern_compile::design::Design;
use tern_compile::program::Program;
use tern_hdl::images::memory_images;
use tern_model::file::{read_json, read_text, write_atomic};
use tern_model::network::Model;

use super::map::MemoryMap;
use super::text::RoutedText;
use crate::eda::error::ToolError;
use crate::eda::locate::locate;
use crate::eda::process::run;
use crate::eda::tool::Tool;
use crate::synth::bitstream::bitstream;
use crate::synth::implement::Implementation;

/// The routed design, its description and the network in it.
const ROUTED: &str = "core.asc";
const DESCRIPTION: &str = "core.json";
const MODEL: &str = "core.safetensors";

/// A routed iCE40 core with a network in its memories.
pub struct RoutedCore {
    model: Model,
    program: Program,
    routed: String,
    description: Description,
}

/// What `core.json` says.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Description {
    /// The design file.
    design: serde_json::Value,
    /// SHA-256 of the Verilog that was synthesized, which has random contents in its block RAMs.
    verilog_sha256: String,
    /// SHA-256 of `core.asc`.
    routed_sha256: String,
    /// Where the memories are.
    memories: MemoryMap,
}

impl RoutedCore {
    /// Puts a network into its fastest placement, which was synthesized from the Verilog of
    /// [`Program::with_random_memories`]; the routed design and the bitstream of `implementation` are written anew.
    ///
    /// # Errors
    /// When a memory does not lie in the block RAMs as expected.
    pub fn fill(
        model: &Model,
        program: &Program,
        implementation: &Implementation,
    ) -> Result<RoutedCore, ToolError> {
        let random = program.with_random_memories();
        let (images, random_images) = (memory_images(program), memory_images(&random));
        let placement = implementation.fastest();
        let memories = MemoryMap::derive(&implementation.synthesis, placement, &random_images)?;
        if let Some(left) = memories
            .in_logic(&random_images)
            .into_iter()
            .find(|image| !images.contains(image))
        {
            return Err(ToolError::new(format!(
                "memory {} has no block RAM after synthesis, expected some",
                left.instance
            )));
        }
        let path = &placement.routed;
        let text = read_text(path).map_err(|e| ToolError::file("read", path, e))?;
        let routed = memories.write(&RoutedText::parse(&text)?, &images)?;
        write(path, routed.as_bytes())?;
        bitstream(placement)?;
        let design = serde_json::to_value(&program.shape.design);
        Ok(RoutedCore {
            model: model.clone(),
            program: program.clone(),
            description: Description {
                design: design.map_err(|e| ToolError::new(e.to_string()))?,
                verilog_sha256: verilog_sha256(&random)?,
                routed_sha256: sha256(routed.as_bytes()),
                memories,
            },
            routed,
        })
    }

    /// Writes `core.asc`, `core.safetensors` and `core.json` to `folder`.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn write(&self, folder: impl AsRef<Path>) -> Result<(), ToolError> {
        let folder = folder.as_ref();
        write(&folder.join(ROUTED), self.routed.as_bytes())?;
        let model = self
            .model
            .to_bytes()
            .map_err(|e| ToolError::new(e.to_string()))?;
        write(&folder.join(MODEL), &model)?;
        let path = folder.join(DESCRIPTION);
        let mut json = serde_json::to_string_pretty(&self.description)
            .map_err(|e| ToolError::file("write", &path, e))?;
        json.push('\n');
        write(&path, json.as_bytes())
    }

    /// The files of a core in `folder`.
    pub fn files(folder: impl AsRef<Path>) -> [PathBuf; 3] {
        [ROUTED, DESCRIPTION, MODEL].map(|name| folder.as_ref().join(name))
    }

    /// Reads the files of a core from `folder`.
    ///
    /// # Errors
    /// When a file is missing or does not belong to the others, which names it.
    pub fn read(folder: impl AsRef<Path>) -> Result<RoutedCore, ToolError> {
        let folder = folder.as_ref();
        let path = folder.join(DESCRIPTION);
        let refuse = |file: &str, problem: &dyn std::fmt::Display| {
            ToolError::new(format!(
                "{}: {problem}, expected the file as tern synth writes it for an iCE40 with weights in block RAM",
                folder.join(file).display()
            ))
        };
        let text = read_text(&path).map_err(|e| refuse(DESCRIPTION, &e))?;
        let description: Description = read_json(&text).map_err(|e| refuse(DESCRIPTION, &e))?;
        let design = Design::from_json(&description.design.to_string())
            .map_err(|e| refuse(DESCRIPTION, &e))?;
        let routed = read_text(&folder.join(ROUTED)).map_err(|e| refuse(ROUTED, &e))?;
        if sha256(routed.as_bytes()) != description.routed_sha256 {
            return Err(refuse(ROUTED, &"is not the routed design of core.json"));
        }
        let model = Model::read(folder.join(MODEL)).map_err(|e| ToolError::new(e.to_string()))?;
        let program = Program::compile(&model, &design).map_err(|e| refuse(MODEL, &e))?;
        let text = RoutedText::parse(&routed).map_err(|e| refuse(ROUTED, &e))?;
        let images = memory_images(&program);
        let unlike = description.memories.unlike(&text, &images);
        if let Some(instance) = unlike.map_err(|e| refuse(DESCRIPTION, &e))? {
            let problem = format!("is not the network whose memory {instance} is in core.asc");
            return Err(refuse(MODEL, &problem));
        }
        Ok(RoutedCore {
            model,
            program,
            routed,
            description,
        })
    }

    /// The network in the core's memories.
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// Where the core's memories are.
    pub fn memories(&self) -> &MemoryMap {
        &self.description.memories
    }

    /// The routed design with `model` in its memories, as text.
    ///
    /// # Errors
    /// When the network needs another core: the sentence says which field of its shape or which memory in logic differs.
    pub fn patched(&self, model: &Model) -> Result<String, ToolError> {
        let shape = &self.program.shape;
        let program = Program::for_core(model, shape).map_err(|e| another_core(&e))?;
        let (old, new) = (memory_images(&self.program), memory_images(&program));
        let memories = self.memories();
        let in_logic = memories.in_logic(&new);
        if let Some(image) = in_logic.into_iter().find(|image| !old.contains(image)) {
            return Err(another_core(&format!(
                "memory {} is in logic and its contents differ",
                image.instance
            )));
        }
        if verilog_sha256(&program.with_random_memories())? != self.description.verilog_sha256 {
            return Err(another_core(
                &"this version of Tern generates another core than the one that was synthesized",
            ));
        }
        memories.write(&RoutedText::parse(&self.routed)?, &new)
    }
}

/// Packs the text of a routed iCE40 design into a bitstream.
///
/// # Errors
/// When icepack is missing or fails.
pub fn pack(routed: &str) -> Result<Vec<u8>, ToolError> {
    let folder = tempfile::tempdir()
        .map_err(|e| ToolError::new(format!("a temporary folder cannot be created: {e}")))?;
    let path = |name: &str| folder.path().join(name);
    fs::write(path(ROUTED), routed).map_err(|e| ToolError::file("write", &path(ROUTED), e))?;
    let mut command = locate(Tool::Icepack)?.command();
    command
        .args([ROUTED, "core.bin"])
        .current_dir(folder.path());
    run(
        &mut command,
        "icepack",
        "pack the bitstream",
        &path("icepack.log"),
    )?;
    fs::read(path("core.bin")).map_err(|e| ToolError::file("read", &path("core.bin"), e))
}

fn another_core(why: &dyn std::fmt::Display) -> ToolError {
    ToolError::new(format!(
        "{why}: the network needs a core of its own, which tern synth --model makes; networks of the same sizes, shifts and thresholds share a core"
    ))
}

fn verilog_sha256(random: &Program) -> Result<String, ToolError> {
    let text = tern_hdl::verilog::generate(random).map_err(|e| ToolError::new(e.to_string()))?;
    Ok(sha256(text.as_bytes()))
}

fn sha256(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), ToolError> {
    write_atomic(path, bytes).map_err(|e| ToolError::file("write", path, e))
}
